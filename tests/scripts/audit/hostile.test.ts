/** A hundred thousand hostile inputs of the trail's kinds: no false "sound", no control character shown, no unbounded time or memory. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeSha256 } from '../../../scripts/sss/audit/trail-end';
import { parseAttestations } from '../../../src/audit/attestations';
import { ceremonyLogSchema } from '../../../src/audit/ceremony-log';
import { checkEvent } from '../../../src/audit/event';
import { parseHead } from '../../../src/audit/head';
import { looksSecret } from '../../../src/audit/secrets';
import { judge, unchecked } from '../../../src/audit/verdict';
import { TrailVerifier } from '../../../src/audit/verify';
import { InvalidInput } from '../../../src/deployment/problem';
import { readYaml } from '../../../src/deployment/yaml';
import { visible, visibleLine } from '../../../src/shard/visible';
import { toBytes, toText, trail } from '../../audit/trails';

const SHOWN = /[^\n\P{Cc}]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const began = performance.now();
const worst = { milliseconds: 0, bytes: 0 };

/** Runs a property, and remembers the slowest input, and the one that took most memory: the collector may take some away, never add any. */
function check<T>(numRuns: number, arbitrary: fc.Arbitrary<T>, holds: (value: T) => void): void {
  const timed = (value: T) => {
    const start = performance.now();
    const before = process.memoryUsage().heapUsed;
    holds(value);
    worst.milliseconds = Math.max(worst.milliseconds, performance.now() - start);
    worst.bytes = Math.max(worst.bytes, process.memoryUsage().heapUsed - before);
  };
  fc.assert(fc.property(arbitrary, timed), { numRuns });
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      '\u001b[2J',
      '\u202e',
      '\u200b',
      '\r',
      '\n',
      '\0',
      '\u009b',
      'a',
      '"',
      '\\',
      '{',
      ':',
      "'",
    ),
  }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '\u{e0041}',
    '../../etc/passwd',
    "'; DROP TABLE shard_manifest; --",
    '1e999',
  ),
);

const good = trail(4);
const whole = toText(good);
const lines = whole.split(/(?<=\n)/);
const anchor = { sequence: 4, digest: good[3]?.event.digest ?? '' };

function verdictOf(text: string, withAnchor: boolean) {
  const verifier = new TrailVerifier({ hash: nodeSha256, now: Date.now(), ...(withAnchor && { anchor }) });
  verifier.beginFile('t.jsonl');
  verifier.push(toBytes(text));
  verifier.endFile();
  return verifier.verdict();
}

describe('hostile inputs', () => {
  it('30,000 trails: sound only what is the trail, and no more than was checked', () => {
    const changed = fc.tuple(fc.nat(whole.length), fc.nat(40), hostile, fc.boolean());
    check(30_000, changed, ([at, cut, text, withAnchor]) => {
      const input = whole.slice(0, at) + text + whole.slice(at + cut);
      const verdict = verdictOf(input, withAnchor);
      if (verdict.ok) {
        const isPart = whole.startsWith(input) && lines.slice(0, verdict.records).join('') === input;
        expect(isPart && (input === whole || !withAnchor)).toBe(true);
        expect(unchecked(verdict).length > 0).toBe(!withAnchor);
      }
      for (const line of judge(verdict).lines) expect(visibleLine(line)).not.toMatch(/[^\P{Cc}]/u);
    });
  });

  it('10,000 heads: accepted only when number and digest are of one record', () => {
    const digests = good.map(({ event }) => event.digest);
    const head = fc.oneof(
      fc.tuple(fc.nat(9), fc.constantFrom(...digests)).map(([place, digest]) => `${place}:${digest}`),
      hostile,
    );
    check(10_000, head, (text) => {
      let given: ReturnType<typeof parseHead>;
      try {
        given = parseHead(text);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        return;
      }
      const verifier = new TrailVerifier({ hash: nodeSha256, anchor: given });
      verifier.beginFile('t.jsonl');
      verifier.push(toBytes(whole));
      verifier.endFile();
      const isRight = given.sequence === undefined || digests[given.sequence - 1] === given.digest;
      expect(verifier.verdict().ok).toBe(isRight && digests.includes(given.digest));
    });
  });

  it('15,000 records and logs: never a throw, never a control character, never the value in the message', () => {
    const event = good[1]?.event as unknown as Record<string, unknown>;
    const change = fc.tuple(
      fc.constantFrom(...Object.keys(event), '__proto__', 'x'),
      fc.oneof(hostile, fc.jsonValue()),
    );
    check(15_000, change, ([name, value]) => {
      const checked = checkEvent({ ...event, [name]: value });
      if ('problem' in checked) expect(visibleLine(checked.problem.message)).not.toMatch(SHOWN);
      else expect(JSON.stringify(checked.event)).not.toMatch(/\p{Cc}/u);
      ceremonyLogSchema.safeParse({ [name]: value });
    });
  });

  it('15,000 YAML files: a value, or one line with its place', () => {
    const piece = fc.oneof(
      hostile,
      fc.constantFrom(
        'a: &a ',
        '*a',
        '<<: *a',
        '[',
        '{',
        '- ',
        '? ',
        ': ',
        '\n',
        '\n  ',
        '!!binary ',
        '|\n ',
        '---\n',
        '# ',
        '"',
      ),
    );
    check(15_000, fc.array(piece, { maxLength: 30 }), (pieces) => {
      for (const read of [
        () => readYaml(pieces.join(''), 'x.yaml'),
        () => parseAttestations(pieces.join(''), 'x.yaml'),
      ])
        try {
          read();
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInput);
          expect((error as Error).message).not.toMatch(SHOWN);
        }
    });
  });

  it('30,000 texts: shown without a character that acts, and judged in bounded time', () => {
    check(30_000, fc.array(hostile, { maxLength: 6 }), (parts) => {
      const text = parts.join('');
      expect(visible(text)).not.toMatch(SHOWN);
      expect(visible(visible(text))).toBe(visible(text));
      looksSecret(text);
    });
    for (const unit of ['a1', 'a1b ', '0', 'A-', 'aaaa1 ', '1a1a1-', '/+', 'ab '])
      check(1, fc.constant(unit.repeat(100_000)), (text) => void looksSecret(text));
  });
});

afterAll(() => {
  expect(worst.milliseconds).toBeLessThan(10_000);
  expect(worst.bytes).toBeLessThan(256 * 2 ** 20);
  expect(performance.now() - began).toBeLessThan(600_000);
});
