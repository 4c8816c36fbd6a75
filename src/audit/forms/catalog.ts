/** Every form by its id. */

import { custodianAcknowledgement } from './acknowledgement';
import { ceremonyLog } from './ceremony-log';
import type { FormDescription } from './form';
import { credentialReceipt, keyVersionRecord } from './keys';
import { recoveryLog, replacementLog, reshareLog } from './procedure-logs';
import { attestation, destructionReceipt, returnReceipt, shardReceipt } from './receipts';
import { exceptionSheet, exerciseSheet, incidentLog, safeAccessLog } from './records';

export const forms: readonly FormDescription[] = [
  ceremonyLog,
  recoveryLog,
  reshareLog,
  replacementLog,
  keyVersionRecord,
  custodianAcknowledgement,
  shardReceipt,
  attestation,
  returnReceipt,
  destructionReceipt,
  credentialReceipt,
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
