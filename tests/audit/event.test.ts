/** The record: secrets are refused in every spelling, ordinary facts are not, and the JSON Schema says the same as the code. */
import Ajv from 'ajv/dist/2020';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCanonical } from '../../src/audit/canonical';
import { NO_RECORD, seal } from '../../src/audit/chain';
import { checkEvent, eventSchema, RULES } from '../../src/audit/event';
import { quickEvent } from '../../src/audit/quick';
import { eventJsonSchema } from '../../src/audit/schema';
import { looksSecret } from '../../src/audit/secrets';
import { draft, trail } from './trails';

const [first, second] = trail(2).map((sealed) => sealed.event);
const withReason = (reason: string) => checkEvent({ ...second, reason });

describe('secrets', () => {
  const groups = (text: string, size: number, gap: string) =>
    (text.match(new RegExp(`.{1,${size}}`, 'g')) ?? []).join(gap);
  const bech32 = '023456789acdefghjklmnpqrstuvwxyz';
  const spellings: [string, (key: Uint8Array) => string][] = [
    ['hexadecimal', (key) => Buffer.from(key).toString('hex')],
    ['upper-case hexadecimal', (key) => Buffer.from(key).toString('hex').toUpperCase()],
    ['bytes with colons', (key) => groups(Buffer.from(key).toString('hex'), 2, ':')],
    ['hexadecimal in groups of four', (key) => groups(Buffer.from(key).toString('hex'), 4, ' ')],
    ['hexadecimal in groups of eight', (key) => groups(Buffer.from(key).toString('hex'), 8, '-')],
    ['a shard', (key) => `mks1${Array.from(key, (byte) => bech32[byte % 32]).join('')}`],
    [
      'a shard on paper',
      (key) => groups(`MKS1${Array.from(key, (byte) => bech32[byte % 32]).join('')}`.toUpperCase(), 5, ' '),
    ],
    [
      'the rest of a shard on paper',
      (key) =>
        groups(
          Array.from([...key, ...key], (byte) => bech32[byte % 32])
            .join('')
            .toUpperCase(),
          5,
          ' ',
        ),
    ],
  ];

  it.each(spellings)('are refused as %s', (_what, spell) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 40 }), (key) => {
        const text = spell(key).slice(0, 180);
        expect(withReason(text)).toMatchObject({ problem: { kind: 'secret' } });
        expect(withReason(`note ${text} end`)).toMatchObject({ problem: { kind: 'secret' } });
      }),
    );
  });

  it('are refused in base64, all but a few in ten thousand', () => {
    let missed = 0;
    const random = fc.sample(fc.uint8Array({ minLength: 32, maxLength: 32 }), { numRuns: 5000, seed: 7 });
    // Bytes of a generator that favors small values are no keys: mix them.
    random.forEach((key, place) => {
      const mixed = key.map((byte, i) => (byte * 197 + place * 31 + i * 89) & 0xff);
      if (!looksSecret(Buffer.from(mixed).toString('base64'))) missed++;
      if (!looksSecret(Buffer.from(mixed.subarray(0, 16)).toString('base64'))) missed++;
    });
    expect(missed).toBe(0);
  });

  it.each(['-----BEGIN PRIVATE KEY-----', 'vault:v1:AbC', 'hvs.CAESIJ', 'AKIAIOSFODNN7EXAMPLE'])(
    'are refused by their beginning: %s',
    (text) => expect(looksSecret(text)).toBe(true),
  );

  it('never come back in a message', () => {
    const secret = 'c0ffee'.repeat(10);
    for (const field of ['reason', 'actor', 'action', 'shard', 'time', 'outcome', 'key']) {
      const checked = checkEvent({ ...second, [field]: secret });
      expect(JSON.stringify(checked)).not.toContain('c0ffee');
      expect(checked).toHaveProperty('problem');
    }
    expect(JSON.stringify(checkEvent({ ...second, [secret]: 1 }))).not.toContain('c0ffee');
  });

  it.each([
    'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    'arn:aws:sts::111122223333:assumed-role/masterkey-recovery/ines',
    'projects/example-prod/locations/us-east1/keyRings/masterkey/cryptoKeys/shard-2/cryptoKeyVersions/1',
    'pkcs11:token=masterkey;object=shard-4',
    '7f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f',
    'The lid of safe 4 was stiff; opened at the second try, seal A0912345 intact.',
    'topmost Istanbul Pluto vagabond treadmill Pacific brackish dictator',
    'Übergabe an Zoë am 23.11., Beutel 4711',
    'v2026.11.23-rc1',
  ])('are not seen in %s', (text) => {
    expect(looksSecret(text)).toBe(false);
    expect(withReason(text)).toHaveProperty('event');
  });
});

describe('texts and names', () => {
  it.each(['', 'word '.repeat(41), 'a"b', 'a\\b', 'a\tb', 'a\u202Eb', 'a\u200Bb', 'a\u{E0041}b'])(
    'refuses %j',
    (text) => {
      expect(withReason(text)).toMatchObject({ problem: { kind: 'schema' } });
    },
  );

  it.each(['userPin', 'pin', 'passphrase', 'diceRolls', 'seed', 'masterKey', 'digest', 'Upper', 'a-b', '1a'])(
    'refuses the digest name %s',
    (name) =>
      expect(checkEvent({ ...second, digests: { [name]: 'a'.repeat(64) } })).toHaveProperty('problem'),
  );

  it.each(['ciphertext', 'manifest', 'mapping', 'shippingLabel', 'bootImage', 'seedling', 'compass'])(
    'takes the digest name %s',
    (name) => expect(checkEvent({ ...second, digests: { [name]: 'a'.repeat(64) } })).toHaveProperty('event'),
  );

  it.each([
    [{ actor: undefined }, '"actor": is missing'],
    [{ clockSource: 7 }, '"clockSource": wanted a text'],
    [{ keyVersion: '1' }, '"keyVersion": wanted a whole number'],
    [{ clockOffsetMs: 1.5 }, '"clockOffsetMs": wanted a whole number'],
    [{ sequence: Number.MAX_SAFE_INTEGER + 1 }, '"sequence": wanted at most 9007199254740991'],
    [{ generation: 0 }, '"generation": wanted at least 1'],
    [{ detail: [] }, '"detail": wanted an object'],
    [{ detail: { note: true } }, '"detail.note": wanted a text or a whole number'],
    [{ digests: { manifest: 'x' } }, '"digests.manifest": wanted 64 lower-case hexadecimal digits'],
    [{ format: 'x' }, '"format": wanted mks-audit/1'],
    [{ mode: 'x' }, '"mode": wanted real, exercise or drill'],
    [{ outcome: 'x' }, '"outcome": wanted ok, failed, refused or aborted'],
  ])('that are wrong are told in plain words: %j', (changes, message) => {
    const { actor, ...others } = { ...second, ...changes } as Record<string, unknown>;
    const changed = actor === undefined ? others : { ...others, actor };
    expect(checkEvent(changed)).toEqual({ problem: { kind: 'schema', message } });
  });

  it('takes 32 details and not 33', () => {
    const detail = (size: number) => Object.fromEntries(Array.from({ length: size }, (_, i) => [`n${i}`, i]));
    expect(checkEvent({ ...second, detail: detail(32) })).toHaveProperty('event');
    expect(checkEvent({ ...second, detail: detail(33) })).toHaveProperty('problem');
    expect(checkEvent({ ...second, detail: {} })).toHaveProperty('problem');
  });

  it('writes a record of the largest size that fits a line', () => {
    const wide = '\u{1F600}'.repeat(200);
    const detail = Object.fromEntries(
      Array.from({ length: 32 }, (_, i) => [`n${String(i).padStart(38, '0')}`, wide]),
    );
    const digests = Object.fromEntries(
      Array.from({ length: 32 }, (_, i) => [`n${String(i).padStart(38, '0')}`, 'f'.repeat(64)]),
    );
    const big = { detail, digests, reason: wide, provider: wide, requestId: wide, clockSource: wide };
    expect(() => seal(draft(1, big), NO_RECORD)).not.toThrow();
  });
});

describe('JSON Schema', () => {
  const ajv = new Ajv({ strict: true, allErrors: false });
  const validate = ajv.compile(eventJsonSchema());

  it('accepts what the code accepts', () => {
    for (const event of [first, second]) expect(validate(event), JSON.stringify(validate.errors)).toBe(true);
  });

  it('agrees with the code on the shape of damaged records', () => {
    const values = fc.oneof(
      fc.constantFrom(
        '',
        'ok',
        'x',
        '9F3A-083',
        '9F3A-256',
        'UNS-04',
        '2026-11-23T08:00:00.000Z',
        'a'.repeat(64),
        'real',
      ),
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.double(),
      fc.constantFrom(null, true, [], {}, { n: 1 }, { pin: 1 }, { n: 'x' }, { n: [] }, { n: 1.5 }),
    );
    const names = fc.constantFrom(...Object.keys(eventSchema.shape), 'extra');
    fc.assert(
      fc.property(fc.array(fc.tuple(names, values), { minLength: 1, maxLength: 2 }), (changes) => {
        const event = { ...second, ...Object.fromEntries(changes) };
        expect(validate(event)).toBe(eventSchema.safeParse(event).success);
      }),
      { numRuns: 5000 },
    );
  });

  it('describes every member, and every rule has a sentence', () => {
    const { properties } = eventJsonSchema() as { properties: Record<string, { description?: string }> };
    expect(Object.keys(properties)).toEqual(Object.keys(eventSchema.shape));
    expect(Object.keys(properties)).toEqual(Object.keys(properties).sort());
    for (const [name, property] of Object.entries(properties))
      expect(property.description, name).toMatch(/\.$/);
    expect(new Set(RULES.map((rule) => rule.text)).size).toBe(RULES.length);
  });
});

describe('the short way', () => {
  const [, sealed] = trail(2);
  const line = sealed?.line ?? '';

  it('takes sound lines, with the same values in the same places', () => {
    const quick = quickEvent(line);
    expect(Object.keys(quick ?? {})).toEqual(Object.keys(eventSchema.shape));
    expect(JSON.parse(JSON.stringify(quick))).toEqual(JSON.parse(line));
    for (const each of trail(30)) expect(quickEvent(each.line), each.line).toBeDefined();
  });

  it('says yes only where the long way does', () => {
    const parts = fc.constantFrom(
      '"',
      '{',
      '}',
      ':',
      ',',
      '\\u0061',
      '"pin":1,',
      '-0',
      '0',
      '1e3',
      ' ',
      'mks1',
      '"__proto__":1,',
      'a',
      'é',
    );
    fc.assert(
      fc.property(fc.nat(line.length), fc.nat(3), parts, (at, drop, part) => {
        const changed = line.slice(0, at) + part + line.slice(at + drop);
        if (quickEvent(changed) === undefined) return;
        const value = JSON.parse(changed);
        expect(eventSchema.safeParse(value).success).toBe(true);
        expect(isCanonical(changed, value)).toBe(true);
        expect(Object.hasOwn(value.detail ?? {}, '__proto__')).toBe(false);
      }),
      { numRuns: 20_000 },
    );
  });

  it('does not take a hidden member', () => {
    expect(quickEvent(line.replace('"detail":{', '"detail":{"__proto__":1,'))).toBeUndefined();
  });
});
