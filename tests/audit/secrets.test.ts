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
  ])('are refused in any form: %s', (_what, make, least) => {
    expect(share(2000, make)).toBeGreaterThanOrEqual(least);
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
});
