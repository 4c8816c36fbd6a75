/** The closed list of actions that a step may log and an audit trail may hold (PCI DSS v4.0.1 10.2: what is recorded). */

const ROOM = {
  'ceremony.opened':
    'The Ceremony Master opened the ceremony and read its purpose, script version and place aloud.',
  'ceremony.closed': 'The ceremony ended and the room was released.',
  'ceremony.aborted':
    'An abort criterion was met: the ceremony stopped, and its generation number was burned.',
  'ceremony.paused': 'A scripted break began: secrets bagged, everybody out together.',
  'ceremony.resumed': 'The break ended: seals checked, everybody back, show of hands.',
  'script.verified': 'The version and digest of the printed runbook were compared with the published ones.',
  'script.approved': 'The script was approved for use by somebody who did not write it.',
  'role.assigned': 'A person took a role for this procedure, and the incompatible pairs were checked.',
  'room.inspected': 'The room was searched and found free of cameras, radios and foreign devices.',
  'room.secured': 'Doors, shades and dual occupancy were put in force.',
  'room.released': 'The controls on the room were lifted.',
  'person.admitted': 'A person entered after the type of identity document was checked.',
  'person.departed': 'A person left the room.',
  'device.surrendered': 'Personal devices were counted and locked away outside.',
  'device.returned': 'Personal devices were counted and given back.',
  'safety.briefed': 'Evacuation and medical rules were explained before any secret existed.',
  'clock.checked':
    'The wall clock was compared with two sources, and the offset of each machine written down.',
  'camera.started': 'A fixed audit camera began to record hands, door and bags.',
  'camera.stopped': 'A fixed audit camera stopped, and the digest of its file was written down.',
  'dark-window.opened': 'Lens caps went on before anything secret became visible.',
  'dark-window.closed': 'Lens caps came off again, and two people attested to what happened in between.',
  'parameters.confirmed': 'M, N, key name, version and generation were read aloud and confirmed.',
  'exception.recorded': 'An exception sheet was opened: expected, happened, decided, by whom.',
  'evidence.collected': 'An artifact of the procedure was filed with its digest.',
  'evidence.published': 'Public evidence was handed to the archive or published.',
  'manifest.signed': 'The manifest of a set was signed with ssh-keygen -Y.',
  'manifest.verified': 'The signature and contents of a manifest were checked.',
  'log.signed': 'The Ceremony Log was signed by those who took part.',
} as const;

const MACHINE = {
  'machine.unsealed': 'A machine was taken from its sealed packaging, and serial numbers compared.',
  'machine.inspected': 'Devices, ports and drives were compared with the expected list.',
  'machine.sealed': 'A machine was put into a numbered bag or destroyed as a unit.',
  'network.disabled': 'Every network path was removed, and its absence proved.',
  'network.enabled': 'A network path was restored after no plaintext was left.',
  'image.verified': 'The digest of the boot image was compared with the published one.',
  'machine.started': 'The ceremony machine was started from the verified image.',
  'machine.stopped': 'The ceremony machine was shut down and its power removed.',
  'tool.verified': 'The version, digest and known-answer test of the tools were checked.',
  'workspace.prepared': 'A working directory in memory was made for files that must not survive.',
  'workspace.wiped': 'The working directory in memory and all in it were removed, and its absence proved.',
  'media.prepared': 'An empty removable medium was prepared and marked.',
  'media.transferred': 'Public or wrapped files were moved on a marked medium.',
  'media.destroyed': 'A medium was destroyed by the listed method, in front of two people.',
  'printer.prepared': 'A local printer without network was set up and its memory cleared.',
  'printer.destroyed': 'The memory and residue of the printer were destroyed.',
  'residue.destroyed': 'Spoiled sheets, notes and ribbons were destroyed.',
} as const;

const SHARDS = {
  'entropy.tested': 'The health tests of the random sources passed.',
  'entropy.added': 'Independent entropy was mixed in; no value was written down.',
  'key.generated': 'A MasterKey was generated and split; it was never written to disk.',
  'shard.generated': 'A shard of a new set came into being.',
  'set.verified': 'Every quorum of the set was shown to rebuild the same key.',
  'shard.verified': 'One shard was checked against the manifest.',
  'wrap-key.fetched': 'The public half of a provider key was fetched.',
  'wrap-key.verified': 'The digest of a public wrapping key was compared with the one from the provider.',
  'shard.wrapped': 'A shard was encrypted under the public key of a provider.',
  'shard.printed': 'A shard was printed on its sheet.',
  'shard.scanned': 'The code on a printed sheet was read back to text.',
  'shard.stored': 'A wrapped shard was written to the registry, or a sheet put into its safe.',
  'shard.unwrapped': 'A shard was decrypted with the key of its provider.',
  'session-key.created': 'A key pair was made for one recovery, and its public half read aloud in words.',
  'session-key.verified': 'A custodian read the words of a session key, and they were those of the recovery.',
  'session-key.destroyed': 'The session key of a recovery was wiped: what was wrapped for it is unreadable.',
  'import-key.fetched': 'The public half of the import key of the service was fetched.',
  'import-key.verified':
    'The digest of an import key was compared with the one that was approved for the service.',
  'shard.proved': 'A stored shard was read back and found equal to the manifest.',
  'shard.wiped': 'Every plaintext copy of a shard was removed, and its absence proved.',
  'key.combined': 'A quorum of shards was combined, and KCV and commitment matched.',
  'key.loaded': 'The MasterKey was given to the service that uses it.',
  'key.wiped': 'Every plaintext copy of the MasterKey was removed, and its absence proved.',
  'key.exported': 'The MasterKey was taken from a running process under wrap.',
  'combine.refused': 'Shards were refused: too few, foreign, duplicated, damaged or of another set.',
} as const;

const CUSTODY = {
  'custodian.trained': 'A custodian passed the practical test that precedes first duty.',
  'custodian.acknowledged': 'A custodian signed for the duties of a key custodian.',
  'custodian.appointed': 'A custodian was appointed, and the exposure ledger checked first.',
  'custodian.replaced': 'A successor took over the duties of a custodian.',
  'custodian.released': 'A custodian left the duty; everything ever seen stays in the ledger.',
  'custodian.contacted': 'A custodian was reached on a listed number and confirmed by call-back.',
  'bag.filled': 'Contents went into an opaque inner cover inside a numbered bag.',
  'bag.sealed': 'A tamper-evident bag was sealed, and its serial number written down.',
  'bag.inspected': 'The serial number and seal of a bag were compared with the record.',
  'bag.opened': 'A bag was opened by the people named for it.',
  'bag.received': 'A bag arrived, and its serial number and seal were found right.',
  'bag.rejected': 'A bag arrived or was found with a wrong serial number or a damaged seal.',
  'courier.dispatched': 'A courier took a bag; its serial number went by another channel.',
  'receipt.signed': 'A custodian and a witness signed the receipt of a shard.',
  'receipt.returned': 'A custodian handed a shard back against a return receipt.',
  'safe.opened': 'A safe was opened by its controllers.',
  'safe.closed': 'A safe was closed and tried.',
  'safe.failed': 'A safe could not be opened, or was found open.',
  'safe.inventoried': 'The contents of a safe were compared with its inventory.',
  'attestation.signed': 'A custodian attested where a shard is and in which state.',
  'attestation.missed': 'An attestation was not given by its date.',
  'access.reviewed': 'The people and roles with access were reviewed.',
  'ledger.checked': 'The exposure ledger was checked: nobody reaches M.',
} as const;

const LIFECYCLE = {
  'key.activated': 'A key version became active.',
  'key.suspended': 'A key version was suspended.',
  'key.rotated': 'A new key version took over protection from the old one.',
  'key.revoked': 'A key version was revoked: it gives no new protection.',
  'key.compromised': 'A key version was declared compromised.',
  'key.destroyed': 'A key version was erased everywhere, with proof.',
  'key.lost': 'The owner signed that a key version can no longer be rebuilt.',
  'data.reencrypted': 'Data or data keys were moved to another key version.',
  'change.proposed': 'A change of key, set or provider was proposed, with reason and scope.',
  'change.approved': 'A change was approved by two people who will not carry it out.',
  'shard.rewrapped': 'The same shard was encrypted under another provider key.',
  'shard.reissued': 'The same shard was made again for the same number and holder.',
  'shard.reconstructed': 'A lost shard was computed from a quorum, with the same number and set.',
  'shard.retired': 'A shard was taken out of use.',
  'shard.destroyed': 'Every copy of a shard was destroyed, with a certificate.',
  'shard.lost': 'A shard was declared lost.',
  'shard.exposed': 'A shard was declared exposed.',
  'set.reshared': 'A new generation of shards of the same key was made.',
  'set.committed': 'A new generation was proved by all holders and became current.',
  'set.burned': 'A generation number was burned and its partial shards destroyed.',
  'set.destroyed': 'Enough shards of an old generation were destroyed to make it useless.',
  'registry.read': 'Rows of the shard registry were read.',
  'registry.added': 'A row was added to the shard registry.',
  'registry.updated': 'The state of a shard was changed by a new history row.',
  'registry.verified': 'Registry rows were compared with the manifest and the trail.',
  'registry.restored': 'The shard registry was restored from a backup.',
  'backup.made': 'A backup of wrapped shards or of the registry was made.',
  'backup.verified': 'A backup was restored elsewhere and compared.',
  'provider-key.created': 'A wrapping key was created at a provider.',
  'provider-key.rotated': 'A wrapping key received a new version.',
  'provider-key.enabled': 'A wrapping key was enabled.',
  'provider-key.disabled': 'A wrapping key was disabled.',
  'provider-key.deletion-scheduled': 'A wrapping key was scheduled for deletion.',
  'provider-key.deletion-canceled': 'The scheduled deletion of a wrapping key was canceled.',
  'provider-key.destroyed': 'A wrapping key no longer exists at its provider.',
  'policy.reviewed': 'A policy of a provider was compared with the approved one.',
  'policy.changed': 'A policy of a provider was changed.',
  'credential.issued': 'A recovery identity, PIN or combination was handed to its holder against a receipt.',
  'credential.withdrawn': 'A recovery identity, PIN or combination was taken back or blocked.',
  'credential.rotated': 'A credential, PIN or break-glass secret was replaced.',
  'review.completed': 'A scheduled review (algorithms, independence, plan) was finished.',
  'page.reviewed': 'A runbook page was reviewed and its date renewed.',
} as const;

const EMERGENCY = {
  'alarm.raised': 'A monitor reported something that may touch a shard or the key.',
  'incident.opened': 'An incident was opened, with its number and leader.',
  'incident.escalated': 'An incident was raised to a higher class or to the owner.',
  'incident.closed': 'An incident was closed after its exit condition was met.',
  'state.assessed': 'L, H and E were established: key live, healthy shards, exposed shards.',
  'path.chosen': 'A recovery path, that is a quorum of shards, was chosen.',
  'decision.recorded': 'A decision was written down with its reason and its maker.',
  'request.authenticated': 'A request for a shard was confirmed by call-back on two channels.',
  'request.refused': 'A request for a shard was refused.',
  'freeze.started': 'Restarts, deployments and scaling were frozen to keep a live key alive.',
  'freeze.lifted': 'The freeze was lifted.',
  'provider.checked': 'The state of a provider or of its key was checked.',
  'provider.failed': 'A provider was found unavailable or was given up for this recovery.',
  'provider.restored': 'A provider works again, and its shard was proved.',
  'session.opened': 'A session at a provider was opened with a recovery role made in advance.',
  'session.closed': 'A session at a provider was closed and its credentials dropped.',
  'break-glass.opened': 'A sealed credential was opened under two people.',
  'service.verified': 'The service was shown to work with the loaded key.',
  'service.contained': 'Use of a key was stopped to contain an exposure.',
  'notice.sent': 'A notice went to the people, customers, regulator or provider listed.',
  'ticket.opened': 'A case was opened with a provider.',
  'seal.assessed': 'A seal anomaly was assessed in writing and ruled on by two approvers.',
  'exposure.assessed': 'The number of exposed shards was established, with its basis.',
  'tool.suspected': 'A tool, library or random source was put under suspicion.',
} as const;

const EXERCISE = {
  'drill.started': 'An automated drill started, with TEST shards only.',
  'drill.finished': 'An automated drill ended, and its result was filed.',
  'exercise.started': 'An exercise by people started.',
  'exercise.injected': 'The facilitator dealt an inject.',
  'exercise.finished': 'An exercise by people ended.',
  'report.filed': 'An after-action report was filed, with measured times and improvements.',
} as const;

const TRAIL = {
  'trail.opened': 'The first record of a trail.',
  'trail.rotated': 'The first record of a file that continues the trail of the file before it.',
  'trail.anchored': 'The head of the chain was handed to a second organization.',
  'trail.reviewed': 'The trail was verified and read by its reviewer.',
  'trail.recovered': 'A torn last line was cut off after a crash, and the loss was noted.',
} as const;

/** Actions by subject, in the order of the reference page. */
export const ACTION_GROUPS = [
  { title: 'Ceremony: room and people', actions: ROOM },
  { title: 'Machine and media', actions: MACHINE },
  { title: 'Key and shards', actions: SHARDS },
  { title: 'Custody', actions: CUSTODY },
  { title: 'Lifecycle', actions: LIFECYCLE },
  { title: 'Emergency', actions: EMERGENCY },
  { title: 'Drill and exercise', actions: EXERCISE },
  { title: 'The trail itself', actions: TRAIL },
] as const;

/** Every action with its one-line meaning. */
export const ACTIONS = {
  ...ROOM,
  ...MACHINE,
  ...SHARDS,
  ...CUSTODY,
  ...LIFECYCLE,
  ...EMERGENCY,
  ...EXERCISE,
  ...TRAIL,
} as const;

/** Name of an action, `noun.verb-ed`. */
export type AuditAction = keyof typeof ACTIONS;

/** Actions that a monitor, a machine or one person alone may record. Every other action needs a second person. */
const SOLO: ReadonlySet<string> = new Set<AuditAction>([
  'alarm.raised',
  'attestation.missed',
  'combine.refused',
  'drill.finished',
  'drill.started',
  'page.reviewed',
  'provider-key.deletion-scheduled',
  'provider-key.destroyed',
  'provider-key.disabled',
  'provider-key.rotated',
  'provider.checked',
  'provider.failed',
  'registry.read',
  'trail.anchored',
  'trail.opened',
  'trail.recovered',
  'trail.reviewed',
  'trail.rotated',
]);

/** Tells whether `name` is one of the listed actions (exact, case-sensitive). */
export function isAuditAction(name: string): name is AuditAction {
  return Object.hasOwn(ACTIONS, name);
}

/** Tells whether a record of `action` is invalid without a second person. Automated drills are exempt by their own rule. */
export function needsWitness(action: AuditAction): boolean {
  return !SOLO.has(action);
}
