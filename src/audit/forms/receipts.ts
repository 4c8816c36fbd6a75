/** Papers of one shard: handed over, attested, given back, destroyed. Two signatures each; no value of a shard ever stands on them. */
import { signatures } from './columns';
import type { Field, FormDescription, Section } from './form';

const bySignature = (first: string, second: string): Section =>
  signatures(
    ['date', 'time'],
    `${first} and ${second} sign. Each keeps a copy; the log custodian keeps the original.`,
  );

const named: readonly Field[] = [
  { id: 'key', label: 'Key', kind: 'text', size: 60 },
  { id: 'generation', label: 'Generation', kind: 'number' },
  { id: 'label', label: 'Shard label', kind: 'serial', size: 8 },
];
const kcv: Field = { id: 'kcv', label: 'Key check value (KCV)', kind: 'hex', size: 8, words: true };
const serial: Field = { id: 'serial', label: 'Bag serial', kind: 'serial', size: 10 };

const section = (fields: readonly Field[]): Section => ({ id: 'shard', title: 'Shard', fields });
const shard = (...more: Field[]): Section => section([...named, kcv, serial, ...more]);

const prefill: NonNullable<FormDescription['prefill']> = ({ deployment: { key } }) => ({
  shard: { key: key.name, generation: String(key.generation) },
});

export const shardReceipt: FormDescription = {
  id: 'shard-receipt',
  title: 'Shard receipt',
  also: ['the receipt', 'both receipts', 'new receipt'],
  prefill,
  sections: [
    shard(
      { id: 'seal', label: 'Seal', kind: 'choice', choices: ['whole', 'damaged'] },
      { id: 'safe', label: 'Goes to safe', kind: 'text', size: 60 },
    ),
    {
      id: 'way',
      title: 'The way',
      text: 'Strike it out if the bag changes hands at its safe.',
      fields: [
        { id: 'courier', label: 'Courier', kind: 'text', size: 60 },
        { id: 'route', label: 'Route', kind: 'text' },
        { id: 'left', label: 'Left (UTC)', kind: 'time' },
        { id: 'channel', label: 'Serial number sent by', kind: 'text', size: 60 },
        { id: 'arrived', label: 'Arrived (UTC)', kind: 'time' },
        { id: 'serial', label: 'Bag serial on arrival', kind: 'serial', size: 10 },
        { id: 'seal', label: 'Seal on arrival', kind: 'choice', choices: ['whole', 'damaged'] },
      ],
    },
    bySignature('Who hands over', 'the custodian'),
  ],
};

export const attestation: FormDescription = {
  id: 'attestation',
  title: 'Attestation',
  prefill,
  sections: [
    section([
      ...named,
      {
        id: 'duty',
        label: 'What was done',
        kind: 'choice',
        choices: ['bag and seal seen', 'sheet opened and compared', 'wrapped shard read back', 'called'],
      },
      { id: 'place', label: 'Where it is', kind: 'text', size: 60 },
      serial,
      { id: 'seal', label: 'Seal', kind: 'choice', choices: ['whole', 'damaged', 'not a bag'] },
      { id: 'photo', label: 'Photograph of bag and seal, SHA-256', kind: 'text', size: 64 },
      { id: 'result', label: 'State', kind: 'choice', choices: ['as expected', 'not as expected'] },
      { id: 'remark', label: 'What is not as expected', kind: 'long' },
    ]),
    signatures(
      ['date', 'time'],
      'The custodian and who saw it sign. Not as expected is an incident: the custodian calls the recovery lead within the hour.',
    ),
  ],
};

export const returnReceipt: FormDescription = {
  id: 'return-receipt',
  title: 'Return receipt',
  prefill,
  sections: [
    shard(
      { id: 'seal', label: 'Seal', kind: 'choice', choices: ['whole', 'damaged', 'opened in a logged step'] },
      { id: 'reason', label: 'Reason', kind: 'long' },
      { id: 'copies', label: 'The custodian kept no copy', kind: 'tick' },
    ),
    bySignature('The custodian', 'who takes the shard back'),
  ],
};

export const destructionReceipt: FormDescription = {
  id: 'destruction-receipt',
  title: 'Destruction receipt',
  prefill,
  sections: [
    shard(
      {
        id: 'medium',
        label: 'Medium',
        kind: 'choice',
        choices: ['paper', 'provider key', 'disk', 'card', 'memory', 'printer'],
      },
      { id: 'method', label: 'Method', kind: 'text' },
      { id: 'step', label: 'Step of the runbook', kind: 'text', size: 11 },
      { id: 'proof', label: 'Proof (photo, request id, weight)', kind: 'long' },
      { id: 'committed', label: 'The new set was proved before', kind: 'tick' },
    ),
    bySignature('Who destroyed it', 'who watched'),
  ],
};
