/** L, H and E: declared numbers against a slow oracle, the effects of actions, and pages that promise what they do not do. */
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import type { Procedure } from '../../src/procedure/compile';
import { loadProcedures } from '../../src/procedure/load';
import {
  afterActions,
  eitherOf,
  type KeyState,
  readAmount,
  stateText,
} from '../../src/procedure/rules/key-state';
import { sizeOf, stateProblems } from '../../src/procedure/state-walk';
import type { Step } from '../../src/procedure/steps/step';
import { exampleDeployment } from '../example';

const root = resolve(__dirname, '../..');
const deployment = loadDeployment(exampleDeployment);
const procedures = loadProcedures(root, deployment);
const size = { threshold: 3, shards: 5 };
const state = (change: Partial<KeyState> = {}): KeyState => ({
  live: 'either',
  healthy: { low: 3, high: 5 },
  exposed: { low: 0, high: 2 },
  counted: true,
  ...change,
});

describe('a declared number', () => {
  it.each([
    ['N', 5, 5],
    ['M', 3, 3],
    ['0', 0, 0],
    ['N − 1', 4, 4],
    ['M + 1', 4, 4],
    ['any', 0, 5],
    ['unknown (for the gap)', 0, 5],
    ['M or more (without the safe)', 3, 5],
    ['fewer than M', 0, 2],
    ['1 to M − 1', 1, 2],
    ['N, or N − 1 (if lost)', 4, 5],
  ])('reads %s', (text, low, high) => {
    expect(readAmount(text, size)).toEqual({ low, high });
  });

  it('reads words that stand for the state before', () => {
    const before = { low: 3, high: 5 };
    expect(readAmount('unchanged', size, before)).toEqual(before);
    expect(readAmount('one more', size, before)).toEqual({ low: 4, high: 5 });
    expect(readAmount('unchanged, or one less (as ruled)', size, before)).toEqual({ low: 2, high: 5 });
    expect(() => readAmount('unchanged', size)).toThrow('"unchanged" is no number of shards');
  });

  it.each(['', 'some', 'N of the new set', 'M - 1', 'about 3', 'more than M'])('refuses "%s"', (text) => {
    expect(() => readAmount(text, size)).toThrow(RangeError);
  });

  it('never leaves 0 to N, whatever M and N are', () => {
    const words = ['N', 'M', 'any', 'fewer than M', 'M or more', 'fewer than N', 'M to N − 1', '1 to M − 1'];
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 1, max: 20 }), (threshold, more) => {
        for (const text of words) {
          const { low, high } = readAmount(text, { threshold, shards: threshold + more });
          expect(low >= 0 && low <= high && high <= threshold + more, text).toBe(true);
        }
      }),
    );
  });
});

describe('an action', () => {
  const left = (...log: Step['log']) => stateText(afterActions(state(), log, size));

  it('changes L, H and E as its definition says', () => {
    expect(left('key.loaded')).toBe('L yes, H 3 to 5, E 0 to 2');
    expect(left('key.activated')).toBe('L either, H 5, E 0');
    expect(left('key.compromised')).toBe('L either, H 3 to 5, E 3 to 5');
    expect(left('set.committed')).toBe('L either, H 5, E 0 to 2');
    expect(left('set.committed', 'set.destroyed')).toBe('L either, H 5, E 0');
    expect(left('shard.proved')).toBe('L either, H 4 to 5, E 0 to 2');
    expect(left('shard.exposed')).toBe('L either, H 3 to 5, E 1 to 2');
    expect(left('bag.rejected')).toBe('L either, H 2 to 5, E 0 to 3');
    expect(left('notice.sent')).toBe(stateText(state()));
  });

  it('on a span gives all that it gives on the states inside, and nothing beside them', () => {
    const numbers = fc
      .tuple(fc.nat(5), fc.nat(5))
      .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }));
    const actions = [
      'shard.proved',
      'bag.rejected',
      'set.committed',
      'key.activated',
      'bag.received',
    ] as const;
    fc.assert(
      fc.property(numbers, numbers, fc.subarray([...actions]), (healthy, exposed, log) => {
        const single = [];
        for (let h = healthy.low; h <= healthy.high; h++)
          for (let e = exposed.low; e <= exposed.high; e++)
            single.push(
              afterActions(state({ healthy: { low: h, high: h }, exposed: { low: e, high: e } }), log, size),
            );
        expect(stateText(afterActions(state({ healthy, exposed }), log, size))).toBe(
          stateText(eitherOf(single)),
        );
      }),
    );
  });
});

describe('the pages', () => {
  const named = (name: string) => procedures.find(({ file }) => file.endsWith(name)) as Procedure;
  const changed = (name: string, change: (procedure: Procedure) => Procedure) =>
    stateProblems(
      procedures.map((each) => (each.file.endsWith(name) ? change(each) : each)),
      sizeOf(deployment),
    ).map(({ file, message }) => `${file}: ${message}`);
  const without = (name: string, action: string) =>
    changed(name, (page) => ({
      ...page,
      steps: page.steps.filter(({ log }) => !(log as readonly string[]).includes(action)),
    }));

  it('end where they promise', () => {
    expect(stateProblems(procedures, sizeOf(deployment))).toEqual([]);
    expect(procedures.filter(({ page }) => page.state).length).toBeGreaterThan(35);
  });

  it.each([
    ['shard-exposed.mdx', 'set.reshared', 'H 3 to 5'],
    ['key-exposed.mdx', 'key.activated', 'promises L yes, H 5, E 0'],
    ['bag-seal-wrong.mdx', 'bag.rejected', 'promises L either, H 2 to 5, E 0 to 3'],
    ['vault-sealed.mdx', 'shard.proved', 'H 4'],
    ['compromise.mdx', 'exposure.assessed', 'E unknown'],
  ])('%s is refused without the step that logs %s', (name, action, found) => {
    expect(without(name, action).join()).toContain(found);
  });

  it('that call a page are refused without it', () => {
    const silent = changed('no-spare-shard.mdx', (page) => ({
      ...page,
      steps: page.steps.map((step) => ({ ...step, calls: [] })),
    }));
    expect(silent.join()).toContain(
      'promises L either, H 5, E 0 at its end, and its steps lead to L either, H 3',
    );
    const lost = named('no-spare-shard.mdx');
    const others = procedures.filter(({ page }) => page.prefix !== 'RSH');
    expect(others).toContain(lost);
    expect(
      stateProblems(others, sizeOf(deployment))
        .map(({ message }) => message)
        .join(),
    ).toContain('calls "RSH", and no page with that prefix declares its state');
  });

  it('with a word that is no number are refused by name', () => {
    const odd = changed('unseal.mdx', (page) => ({
      ...page,
      page: {
        ...page.page,
        state: {
          before: { live: 'no', healthy: 'enough', exposed: '0' },
          after: { live: 'yes', healthy: 'unchanged', exposed: '0' },
        },
      },
    }));
    expect(odd).toHaveLength(1);
    expect(odd[0]).toContain('docs/emergency/unseal.mdx: "enough" is no number of shards; wanted N, M,');
  });
});
