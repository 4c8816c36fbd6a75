/** Acts of people that no command performs. The drill performs those that change something on its fixture; the others it only counts. */

export const acts = {
  speak: 'Somebody says, decides, reads aloud or writes down. Nothing in the room changes.',
  look: 'Somebody checks by looking.',
  'network-off': 'Somebody takes the machine off every network.',
  'network-on': 'Somebody connects the machine again.',
  'sheet-scan': 'A custodian’s sheet is scanned; the picture is in the working folder.',
  'sheet-print': 'A sheet is printed and checked.',
  'bag-fill': 'Something goes into a tamper-evident bag.',
  'bag-seal': 'The bag is sealed and its serial number written down.',
  'safe-open': 'Two people open a safe.',
  'safe-close': 'Two people close a safe.',
  'media-insert': 'A marked medium is inserted: what is on it is then in the working folder.',
  carry:
    'A marked medium or a message takes files from one place to another; they are in the working folder there.',
  'key-load': 'The service owner gives the key file to the service, which keeps it in memory.',
  'sheet-type': 'Somebody reads the groups of a sheet aloud, and the operator types them into a file.',
  'provider-repair':
    'Those who run a provider bring it back by its own procedure; this runbook holds none of their keys.',
  'machine-start': 'A sanitized machine is started from the verified image.',
  'machine-stop': 'The machine is switched off; its memory is lost.',
} as const;

export type Act = keyof typeof acts;
export const actNames = Object.keys(acts) as [Act, ...Act[]];
