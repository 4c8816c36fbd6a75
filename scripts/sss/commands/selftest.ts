/** `sss selftest`: shows the tests that run before any key is made, so that a witness can see them pass. */
import type { Command } from '../command';
import { requireSelfTests, selfTests } from '../selftest';

export const selftest: Command = {
  name: 'selftest',
  summary: 'test the random source and the known answer',
  options: [],
  details: [
    'Combines published shares to a published key, and checks the random source and the coefficients of the split. generate, split and reshare run the same tests before they begin.',
  ],
  example: {
    command: 'sss selftest',
    output: `two random draws differ: OK
random bytes are not pooled: OK
known shares give the known key: OK
coefficients of the split include zero: OK`,
  },
  async run() {
    await requireSelfTests();
    const tests = await selfTests();
    return { lines: tests.map(({ name, ok }) => `${name}: ${ok ? 'OK' : 'FAILED'}`), json: { tests } };
  },
};
