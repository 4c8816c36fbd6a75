/** The filter of secrets: what parts of a shard it finds in any form, and how seldom it takes a digest, an id or a label for one. */
import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ceremonyLogSchema } from '../../src/audit/ceremony-log';
import { checkEvent } from '../../src/audit/event';
import { forms } from '../../src/audit/forms/catalog';
import { formSchema } from '../../src/audit/forms/schema';
import { looksSecret, looksSecretForDigest } from '../../src/audit/secrets';
import { digestRefusal } from '../../src/procedure/run/run';
import { draft, trail } from './trails';

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
/** The same bytes at every run: a chain of digests. */
let state = createHash('sha256').update('secrets').digest();
const next = () => {
  state = createHash('sha256').update(state).digest();
  return state;
};
const payload = (length: number) => {
  let text = '';
  while (text.length < length) for (const byte of next()) text += BECH32[byte & 31];
  return text.slice(0, length);
};
const grouped = (text: string, size: number, separator: string) =>
  text.match(new RegExp(`.{1,${size}}`, 'g'))?.join(separator) ?? '';
const share = (count: number, make: () => string, test = looksSecret) => {
  let found = 0;
  for (let i = 0; i < count; i++) if (test(make())) found++;
  return found / count;
};

describe('parts of a shard', () => {
  it.each([
    ['a whole shard', () => `mks1${payload(86)}`, 1],
    ['small letters in groups of five, without the first group', () => grouped(payload(85), 5, ' '), 0.999],
    ['the same with dashes', () => grouped(payload(85), 5, '-'), 0.999],
    ['the same a line each', () => grouped(payload(85), 5, '\n'), 0.999],
    ['capitals in groups of five', () => grouped(payload(85).toUpperCase(), 5, ' '), 1],
    ['groups of four', () => grouped(payload(85), 4, ' '), 0.99],
    ['36 characters of a payload', () => payload(36), 0.995],
    ['36 capitals of a payload', () => payload(36).toUpperCase(), 0.995],
    ['36 characters within a sentence', () => `was ${payload(36)}, I think`, 0.995],
    ['36 characters in groups of five', () => grouped(payload(36), 5, ' '), 0.9],
    ['24 characters', () => payload(24), 0.97],
    ['20 characters', () => payload(20), 0.95],
    ['one character at a time', () => grouped(payload(85), 1, ' '), 0.999],
    ['pairs', () => grouped(payload(85), 2, ' '), 0.99],
    ['threes', () => grouped(payload(85), 3, ' '), 0.99],
    ['groups with slashes', () => grouped(payload(85), 5, '/'), 0.99],
    ['groups with colons', () => grouped(payload(85), 5, ':'), 0.99],
    ['groups in quotes', () => grouped(payload(85), 5, "' '"), 0.99],
    ['groups of ten with dashes', () => grouped(payload(85), 10, '-'), 0.99],
    ['capitals with commas', () => grouped(payload(85), 5, ', ').toUpperCase(), 0.99],
    [
      'numbered groups',
      () =>
        grouped(payload(85), 5, '\n')
          .split('\n')
          .map((group, i) => `group ${i + 1}: ${group}`)
          .join('\n'),
      0.9,
    ],
    ['with spaces of no width', () => grouped(payload(85), 1, '\u200b'), 0.999],
    ['with soft hyphens', () => grouped(payload(85), 5, '\u00ad'), 0.999],
    [
      'in full width',
      () => [...payload(85)].map((letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)).join(''),
      0.999,
    ],
  ])('are refused in any form: %s', (_what, make, least) => {
    expect(share(2000, make)).toBeGreaterThanOrEqual(least);
  });

  const bytesAs = (write: (byte: number) => string, separator: string) =>
    [...next()].map(write).join(separator);
  const hexPair = (byte: number) => byte.toString(16).padStart(2, '0');
  it.each([
    ['hexadecimal with commas', () => bytesAs(hexPair, ', ')],
    ['hexadecimal with dashes', () => bytesAs(hexPair, '-')],
    ['hexadecimal with dots', () => bytesAs(hexPair, '.')],
    ['hexadecimal with two blanks', () => bytesAs(hexPair, '  ')],
    ['hexadecimal, each digit alone', () => grouped(bytesAs(hexPair, ''), 1, ' ')],
    ['bytes of C', () => bytesAs((byte) => `0x${hexPair(byte)}`, ', ')],
    ['escapes', () => bytesAs((byte) => `\\x${hexPair(byte)}`, '')],
    ['escapes of an address', () => bytesAs((byte) => `%${hexPair(byte)}`, '')],
    ['octal escapes', () => bytesAs((byte) => `\\${byte.toString(8).padStart(3, '0')}`, '')],
    ['a list of numbers', () => JSON.stringify([...next()])],
    ['numbers with blanks', () => bytesAs(String, ' ')],
    ['bits', () => bytesAs((byte) => byte.toString(2).padStart(8, '0'), ' ')],
    ['one decimal number', () => BigInt(`0x${next().toString('hex')}`).toString()],
    ['Base64 in groups of four', () => grouped(next().toString('base64'), 4, ' ')],
    ['Base64 in groups of eight', () => grouped(next().toString('base64'), 8, ' ')],
  ])('are refused as the bytes of a key: %s', (_what, make) => {
    expect(share(2000, make)).toBeGreaterThanOrEqual(0.99);
  });

  it('are refused as the name of a fact, as a person and as a version', () => {
    const name = `q${payload(35)}`;
    const [first] = trail(1);
    expect(checkEvent({ ...first?.event, detail: { [name]: 1 } })).toHaveProperty('problem');
    const log = {
      format: 'mks-ceremony-log/1',
      page: 'docs/ceremony/script.mdx',
      release: { version: '1', commit: 'abcdef0' },
      mode: 'real',
      participants: [],
      steps: [],
      exceptions: [],
    };
    expect(ceremonyLogSchema.safeParse(log).success).toBe(true);
    const person = { person: name, roles: ['operator'], signed: 'agree' };
    expect(ceremonyLogSchema.safeParse({ ...log, participants: [person] }).success).toBe(false);
    const release = { version: payload(36), commit: 'abcdef0' };
    expect(ceremonyLogSchema.safeParse({ ...log, release }).success).toBe(false);
  });
});

describe('what is public', () => {
  it('real digests, ids and labels pass, all of them', () => {
    const hex = (bytes: number) =>
      next()
        .toString('hex')
        .slice(0, 2 * bytes);
    expect(share(50_000, () => hex(32), looksSecretForDigest)).toBe(0);
    expect(share(5000, () => hex(32).toUpperCase(), looksSecretForDigest)).toBe(0);
    expect(share(5000, () => grouped(hex(32), 8, ' '), looksSecretForDigest)).toBe(0);
    expect(share(20_000, () => randomUUID())).toBe(0);
    expect(share(10_000, () => `set ${hex(8)}, kcv ${hex(4)}, commit ${hex(6)}`)).toBe(0);
    const label = () => `${hex(2).toUpperCase()}-${String(1 + ((next()[0] ?? 0) % 255)).padStart(3, '0')}`;
    expect(share(10_000, () => `${label()}, ${label()} and ${label()}`)).toBe(0);
  });

  it.each([
    'shard1 shard2 shard3 shard4 shard5',
    'safe-a, safe-b; bag A0912345 and bag A0912346, seals intact',
    'projects/example-prod/locations/us-east1/keyRings/masterkey/cryptoKeys/shard-2',
    'opened 2026-11-23T09:30:00.000Z, closed 2026-11-23T09:42:10.000Z',
    'the 1st, 2nd, 3rd and 4th of the 5 steps were done by 2 people',
    'shards 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 of 40',
    'bags T4A1193, T4A1194 and T4A1195 from courier 17, route 2',
    '192.168.100.120, 192.168.101.121, 192.168.102.122, 192.168.103.123 and 192.168.104.124',
    '00:1a:2b:3c:4d:5e and 00:1a:2b:3c:4d:5f',
    '08:00 to 08:20, 09:10 to 09:25, 10:00 to 10:45, 11:30 to 11:50, 12:15 to 12:20',
    'commits 612ae4db, 8af4adc4 and 227cdfc0',
    'nuhiz-kubup jizom-banar ralab-babad lusab-tirud',
  ])('passes: %s', (text) => expect(looksSecret(text)).toBe(false));
});

it('a shard in the place of a digest is refused by schema, record and form', () => {
  const shard = `mks1${payload(60)}`;
  const [first] = trail(1);
  for (const value of [shard, payload(64)]) {
    const checked = checkEvent({ ...first?.event, ...draft(2), digests: { manifest: value } });
    expect(checked).toMatchObject({ problem: { kind: 'secret' } });
    expect(digestRefusal(value)).toContain('looks like a shard');
  }
  expect(digestRefusal('ab'.repeat(32))).toBeUndefined();
  expect(digestRefusal(grouped('ab'.repeat(32), 4, ' '))).toBeUndefined();
  const form = forms.find(({ id }) => id === 'ceremony-log');
  if (form === undefined) throw new Error('no Ceremony Log');
  const section = form.sections.find(({ rows }) => rows?.columns.some(({ id }) => id === 'digest'));
  const filled = (digest: string) => ({
    format: 'mks-form/1',
    form: form.id,
    runbook: { version: '1', commit: 'unknown', page: '0'.repeat(16) },
    sections: { [section?.id ?? '']: [{ digest }] },
  });
  expect(formSchema(form).safeParse(filled('ab'.repeat(32))).success).toBe(true);
  expect(formSchema(form).safeParse(filled(shard)).success).toBe(false);
  expect(formSchema(form).safeParse(filled(payload(64))).success).toBe(false);
  // In pieces as well, which no regular expression of the schema tells.
  const pieces = `${shard.slice(0, 30)} and ${shard.slice(30, 60)} and ${shard.slice(60)}`;
  expect(digestRefusal(pieces)).toContain('looks like a shard');
  expect(formSchema(form).safeParse(filled(pieces)).success).toBe(false);
});
