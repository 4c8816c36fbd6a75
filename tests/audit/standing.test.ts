/** No verdict on a trail says more than was checked: what is missing is named, and only what was verified is a pass. */
import { describe, expect, it } from 'vitest';
import { standingOf } from '../../src/audit/standing';
import type { StepRecords } from '../../src/audit/step-records';
import { judge } from '../../src/audit/verdict';
import { toBytes, toText, trail, verify } from './trails';

const records = trail(6);
const bytes = toBytes(toText(records));
const last = records.at(-1)?.event;
if (last === undefined) throw new RangeError('no record');
const anchor = { sequence: last.sequence, digest: last.digest };
const none: StepRecords = { missing: [], idle: [], unexpected: [] };

describe('the standing of a trail', () => {
  it.each([
    ['with its head', judge(verify([bytes], { anchor })), 'VERIFIED'],
    ['without a head', judge(verify([bytes])), 'UNVERIFIABLE'],
    ['of no bytes', judge(verify([new Uint8Array()])), 'FAILED'],
    ['that was cut', judge(verify([toBytes(toText(records.slice(0, 5)))], { anchor })), 'FAILED'],
    ['with every step', judge(verify([bytes], { anchor }), none), 'VERIFIED'],
    [
      'of which no step left a record',
      judge(verify([bytes], { anchor }), { ...none, idle: ['UNS-05'] }),
      'UNVERIFIABLE',
    ],
    [
      'with a record that no step logs',
      judge(verify([bytes], { anchor }), {
        ...none,
        idle: ['UNS-05'],
        unexpected: [{ sequence: 2, step: 'UNS-04', action: 'key.loaded' }],
      }),
      'FAILED',
    ],
    [
      'without a head, with a step that differs',
      judge(verify([bytes]), { ...none, missing: [{ step: 'UNS-04', action: 'key.loaded' }] }),
      'FAILED',
    ],
  ] as const)('%s', (_what, { standing, lines }, wanted) => {
    expect(standing).toBe(wanted);
    expect(lines[0]?.startsWith(`${wanted}: `)).toBe(true);
    expect(lines.some((line) => line.startsWith('Not checked: '))).toBe(
      wanted === 'UNVERIFIABLE' || lines.join().includes('as far as it goes'),
    );
  });

  it('is a pass only when nothing is wrong and nothing was left out', () => {
    expect(standingOf(false, [])).toBe('VERIFIED');
    expect(standingOf(true, [])).toBe('FAILED');
    expect(standingOf(true, ['Not checked: x.'])).toBe('FAILED');
    expect(standingOf(false, ['Not checked: x.'])).toBe('UNVERIFIABLE');
  });
});
