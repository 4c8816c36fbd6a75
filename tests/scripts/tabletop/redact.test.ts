/** Secrets are found and taken out in every form, and harmless text is left as it is. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, looksLikeShard, shardLikeText } from '../../../scripts/tabletop/secrets/redact';
import { secretFinder } from '../../../scripts/tabletop/secrets/secrets';

const { vectors } = JSON.parse(readFileSync('tests/vectors/shard-envelope.json', 'utf8')) as {
  vectors: { secret: string; shards: { text: string }[] }[];
};
const shards = vectors.flatMap((vector) => vector.shards.map((shard) => shard.text));
const key = Buffer.from('00ff10203040506070fbf0a0b0c0d0e0f0112233445566778899aabbccddeeff', 'hex');

const wrap = (text: string, width: number) => text.replace(new RegExp(`.{${width}}`, 'g'), '$&\n');

/** Every way in which it can stand in a text. */
const written: Record<string, (bytes: Buffer) => string> = {
  hex: (bytes) => bytes.toString('hex'),
  'upper-case hex': (bytes) => bytes.toString('hex').toUpperCase(),
  'hex in lines': (bytes) => wrap(bytes.toString('hex'), 20),
  'hex in pairs': (bytes) => bytes.toString('hex').replace(/../g, '$& '),
  base64: (bytes) => bytes.toString('base64'),
  'base64 in lines': (bytes) => wrap(bytes.toString('base64'), 16),
  base64url: (bytes) => bytes.toString('base64url'),
  'base64 after one byte': (bytes) => Buffer.concat([Buffer.from('x'), bytes]).toString('base64'),
  'base64 after two bytes, before others': (bytes) =>
    Buffer.concat([Buffer.from('xy'), bytes, Buffer.from('\n')]).toString('base64'),
};

describe('secrets', () => {
  for (const [form, write] of Object.entries(written)) {
    it(`are found and taken out as ${form}`, () => {
      const text = `before ${write(key)} after`;
      expect(secretFinder([{ name: 'master key', value: key }])(Buffer.from(text))).toEqual(['master key']);
      const redactor = createRedactor([{ name: 'master key', value: key }]);
      const clean = redactor.redact(text, 'stdout of UNS-06');
      expect(clean).toContain('[redacted: master key]');
      expect(clean).toMatch(/^before .*after$/s);
      expect(secretFinder([{ name: 'master key', value: key }])(Buffer.from(clean))).toEqual([]);
      expect(redactor.redactions).toEqual([{ secret: 'master key', where: 'stdout of UNS-06' }]);
    });
  }

  it('are found raw in binary files', () => {
    const file = Buffer.concat([Buffer.from([1, 2, 3]), key, Buffer.from([4])]);
    expect(secretFinder([{ name: 'k', value: key }])(file)).toEqual(['k']);
    expect(secretFinder([{ name: 'k', value: key }])(file.subarray(0, -2))).toEqual([]);
  });

  it('are found as the tools of the page write them', () => {
    const find = secretFinder([{ name: 'k', value: key }]);
    const long = Buffer.concat([Buffer.alloc(50, 7), key]);
    for (const command of ['base64', 'base64 -w 20', 'openssl base64']) {
      expect(find(execFileSync('bash', ['-c', command], { input: long })), command).toEqual(['k']);
    }
  });

  it('are found at any place of any file', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 8, maxLength: 64 }),
        fc.uint8Array({ maxLength: 9 }),
        fc.uint8Array({ maxLength: 9 }),
        fc.constantFrom<BufferEncoding>('latin1', 'hex', 'base64'),
        (secret, before, after, encoding) => {
          const bytes = Buffer.concat([before, secret, after]);
          const file = encoding === 'latin1' ? bytes : Buffer.from(bytes.toString(encoding));
          expect(secretFinder([{ name: 's', value: secret }])(file)).toEqual(['s']);
        },
      ),
    );
  });

  it('are shards in either case, in groups and in base64', () => {
    for (const text of shards) {
      const find = secretFinder([{ name: 'shard', value: text }]);
      const grouped = text.replace(/.{5}/g, '$& ');
      const lines = [text, text.toLowerCase(), grouped, Buffer.from(text.toLowerCase()).toString('base64')];
      for (const line of lines)
        expect(find(Buffer.from(`x\n${line}\n`)), line.slice(0, 8)).toEqual(['shard']);
      expect(find(Buffer.from(shards.find((other) => other !== text) ?? ''))).toEqual([]);
    }
  });

  it('must be long enough to be searched for', () => {
    expect(() => createRedactor([{ name: 'PIN', value: '4321' }])).toThrow(
      'secret "PIN": wanted at least 8 bytes',
    );
  });
});

describe('the guard', () => {
  it('takes out any shard, also an unknown one, and says so', () => {
    for (const text of shards) {
      for (const line of [text, text.toLowerCase(), text.replace(/.{5}/g, '$& ').trim()]) {
        const redactor = createRedactor([]);
        expect(redactor.redact(`shard: ${line}\n`, 'log')).toBe(`shard: [redacted: ${shardLikeText}]\n`);
        expect(redactor.redactions).toEqual([{ secret: shardLikeText, where: 'log' }]);
        expect(looksLikeShard(line)).toBe(true);
      }
    }
  });

  it('leaves harmless text alone', () => {
    const text = 'mks1 is the prefix; MKS1ZYPQ is short; 9F3A-083 and deadbeef stay.\nmks1… too\n';
    const redactor = createRedactor([{ name: 'k', value: key }]);
    expect(redactor.redact(text, 'log')).toBe(text);
    expect(redactor.redactions).toEqual([]);
    expect(looksLikeShard(text)).toBe(false);
  });
});
