/** `sss selftest`: shows the tests that run before any key is made, so that a witness can see them pass. */
import { type Command, EXIT } from '../command';

export const selftest: Command = {
  name: 'selftest',
  summary: 'test the random sources, the split and a known answer',
  options: [],
  details: [
    'Tests the program that handles keys itself, and draws nothing that is used. Health tests of what the operating system and the splitting library draw: a byte eight times in a row, a value too frequent or too rare (in the manner of NIST SP 800-90B, 4.4, for eight bits a byte), a block of ten bytes that comes twice. They see a source that has failed, not one that somebody can predict. Known shares give a known key and a known third shard, by the library and by arithmetic of its own. Splits of a key that is thrown away: coefficients are computed back from the shares, and M-1 shares must not give the key. A published text that was wrapped by others (RSA-OAEP) opens, and one that is wrapped here as well.',
    'generate, split and reshare run the same tests before they begin, and check their own draw and their own shards in the same way before they write anything.',
    'Any test that fails makes the exit code 1.',
  ],
  example: {
    command: 'sss selftest',
    output: `draws for the key pass the health tests: OK
draws for the split pass the health tests: OK
random bytes are not pooled: OK
known shares give the known key: OK
coefficients of the split include zero: OK
fewer shares than the threshold do not give the key: OK
a known wrapped text opens: OK
two splits of one key differ: OK`,
  },
  async run(_args, context) {
    const tests = await context.selfTests();
    return {
      lines: tests.map(({ name, ok }) => `${name}: ${ok ? 'OK' : 'FAILED'}`),
      json: { tests },
      exit: tests.every(({ ok }) => ok) ? EXIT.ok : EXIT.refused,
    };
  },
};
