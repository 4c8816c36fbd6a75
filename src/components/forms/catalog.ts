/** Every form by its id. */
import { ceremonyLog } from './ceremonyLog';
import { custodianAcknowledgement } from './custodianAcknowledgement';
import type { FormDescription } from './form';
import { attestation, destructionReceipt, returnReceipt, shardReceipt } from './receipts';
import { exceptionSheet, exerciseSheet, incidentLog, safeAccessLog } from './records';

export const forms: readonly FormDescription[] = [
  ceremonyLog,
  custodianAcknowledgement,
  shardReceipt,
  attestation,
  returnReceipt,
  destructionReceipt,
  safeAccessLog,
  exceptionSheet,
  incidentLog,
  exerciseSheet,
];

/** The form of an id. Throws RangeError that lists the known ones. */
export function formOf(id: string): FormDescription {
  const form = forms.find((known) => known.id === id);
  if (form === undefined) {
    throw new RangeError(`Form: no form "${id}"; known: ${forms.map((known) => known.id).join(', ')}`);
  }
  return form;
}
