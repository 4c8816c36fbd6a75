/** A step in one line: what its actor is told. */
import { expect, test } from 'vitest';
import { stepTitle } from '../../../src/procedure/steps/title';

test.each([
  [
    'Recovery operator: fetch shard 1, still wrapped, from the registry.',
    'Fetch shard 1, still wrapped, from the registry',
  ],
  ['Operator: test the tool. It tries the random sources.', 'Test the tool'],
  ['Elena Example: read\n  the code aloud', 'Read the code aloud'],
  ['Recovery lead: is H below 3? Write it down.', 'Is H below 3'],
  ['Recovery lead: write down v4.0.1 of us-east-1. Stop.', 'Write down v4.0.1 of us-east-1'],
  ['Auditor: look\n\nWitness: watch.', 'Look'],
  ['Recovery lead: when it is over: declare the loss.', 'When it is over: declare the loss'],
])('%j → %s', (text, expected) => expect(stepTitle(text)).toBe(expected));
