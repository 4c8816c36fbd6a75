/** The recovery matrix: static table, ticks, states, paths, links, odd addresses; everything against brute force. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import fc from 'fast-check';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatKind } from '../../src/components/format';
import RecoveryMatrix from '../../src/components/RecoveryMatrix';
import { printedRows } from '../../src/components/RecoveryMatrix/domains';
import PrintedMatrix from '../../src/components/RecoveryMatrix/PrintedMatrix';
import { fromQuery, situation, withTicks } from '../../src/components/RecoveryMatrix/situation';
import type { QuorumInput } from '../../src/quorum/types';
import { subsets } from '../quorum/oracle';
import { input } from './deployment';

const pages = { 'BLACK-C': { title: 'Key exposed', href: '/emergency/key-exposed/' } } as const;
const matrix = <RecoveryMatrix input={input} unseal="/emergency/unseal/" pages={pages} />;
const printed = <PrintedMatrix input={input} unseal="/emergency/unseal/" />;

beforeEach(() => {
  window.history.replaceState(null, '', '/emergency/matrix/');
});
afterEach(cleanup);

const tick = (label: string) => fireEvent.click(screen.getByLabelText(label));
const states = () => [...document.querySelectorAll('[data-state]')].map((e) => e.getAttribute('data-state'));
const status = () => screen.getByRole('status').textContent ?? '';
const paths = () =>
  [...document.querySelectorAll('a')]
    .map((a) => a.getAttribute('href') ?? '')
    .filter((href) => /^\/emergency\/unseal\/\?[^#]*$/.test(href));

describe('printed table', () => {
  const rows = printedRows(input);
  const losable = input.domains.filter(({ losable }) => losable !== false);

  test('has a row for every domain that can be lost', () => {
    for (const { name, kind } of losable) {
      const found = rows.filter(
        (row) => row.down.length === 1 && row.name.split(', ').includes(`${name} (${formatKind(kind)})`),
      );
      expect(found).toHaveLength(1);
    }
  });

  test('has a row for every pair of domains with a loss of its own', () => {
    const taken = (d: (typeof losable)[number]) => (d.fallback === undefined ? [...d.shards] : []);
    for (const a of losable) {
      for (const b of losable) {
        const both = [...new Set([...taken(a), ...taken(b)])];
        const left = input.shards.map(({ n }) => n).filter((n) => !both.includes(n));
        // Whatever pair fails, some row has exactly the shards that are then left.
        expect(rows.some((row) => row.left.join() === left.join())).toBe(true);
      }
    }
    const pairs = rows.filter(({ down }) => down.length === 2);
    expect(pairs).toHaveLength(10);
    for (const row of pairs) expect(row.left.length).toBe(3);
  });

  test('is in the page of the server, with a link for every path, beside boxes that do not work yet', () => {
    const holder = document.createElement('div');
    holder.innerHTML = renderToString(matrix) + renderToString(printed);
    const table = [...holder.querySelectorAll('table')].at(-1);
    expect(table?.querySelectorAll('tbody tr')).toHaveLength(rows.length);
    expect(rows.length).toBeGreaterThan(10);
    expect(holder.querySelector('fieldset')?.disabled).toBe(true);
    expect(holder.querySelector('noscript')).not.toBeNull();
    expect(table?.textContent).toContain('signed export on a USB stick');
  });

  test('says for each row the ways in order, the people, the minutes, and that no permission is changed', () => {
    const holder = document.createElement('div');
    holder.innerHTML = renderToString(printed);
    const table = [...holder.querySelectorAll('table')].at(-1);
    const heads = [...(table?.querySelectorAll('thead th') ?? [])].map((th) => th.textContent ?? '');
    const at = (name: string) => heads.indexOf(name);
    for (const [index, tr] of [...(table?.querySelectorAll('tbody tr') ?? [])].entries()) {
      const row = rows[index];
      const text = (name: string) => tr.children[at(name)]?.textContent ?? '';
      const paths = row?.paths ?? [];
      expect(text('Permissions to change')).toBe(paths.length > 0 ? 'none' : '—');
      expect(text('Shards left')).toBe(row?.left.join(', '));
      const ways = text('Unseal with, best first');
      expect(
        [...ways.matchAll(/: (\d+) min, (\d+) (?:person|people)/g)].map((m) => [+(m[1] ?? 0), +(m[2] ?? 0)]),
      ).toEqual(paths.map(({ minutes, people }) => [minutes, people]));
      expect([...(tr.querySelectorAll('a') ?? [])].map((a) => a.getAttribute('href'))).toEqual(
        paths.map(({ shards }) => `/emergency/unseal/?shards=${shards.join(',')}`),
      );
      const more = /(\d+) more\. /.exec(ways)?.[1] ?? '0';
      expect(BigInt(row?.paths.length ?? 0) + BigInt(more)).toBe(row?.pathCount);
    }
  });

  test('counts everybody who must come: the PIN holder; the custodian and both who open the safe', () => {
    expect(input.shards.map(({ people }) => people)).toEqual([0, 0, 0, 1, 3]);
  });

  test('names what leaves no path', () => {
    const three = { ...input, threshold: 4 };
    render(<PrintedMatrix input={three} unseal="/u/" />);
    expect(screen.getAllByText('No path').length).toBeGreaterThan(0);
  });
});

describe('ticks', () => {
  test('nothing ticked: all shards, the fastest path first, and no verdict', () => {
    render(matrix);
    expect(states()).toEqual([]);
    expect(status()).toContain('Nothing is ticked');
    expect(status()).toContain('5 healthy shards of 5 left');
    expect(status()).toContain('a quorum remains, 10 paths');
    expect(paths()[0]).toBe('/emergency/unseal/?shards=1,2,3');
  });

  test('AWS down: one shard less, paths without it, the steps linked', () => {
    render(matrix);
    tick('Down: AWS (provider)');
    expect(states()).toEqual(['AMBER-A']);
    expect(status()).toContain('4 healthy shards of 5 left (2, 3, 4 and 5), 3 needed');
    expect(paths()[0]).toBe('/emergency/unseal/?shards=2,3,4');
    const steps = [...document.querySelectorAll('a')].map((a) => a.getAttribute('href'));
    expect(steps).toContain('/emergency/unseal/?shards=2,3,4#shard-2');
    expect(window.location.search).toBe('?down=provider%3Aaws');
  });

  test('two more lost: paper is needed, then nothing is left', () => {
    render(matrix);
    tick('Down: AWS KMS us-east-1 (shard)');
    tick('Down: Google Cloud KMS europe-west4 (shard)');
    expect(states()).toEqual(['RED-A']);
    expect(status()).toContain('Every path needs paper');
    tick('Down: PKCS#11 HSM masterkey-hsm (shard)');
    expect(states()).toEqual(['BLACK-A1']);
    tick('A running process still holds the key');
    expect(states()).toEqual(['BLACK-A2']);
    expect(window.location.search).toContain('live=no');
    fireEvent.click(screen.getByText('Clear all'));
    expect(states()).toEqual([]);
    expect(window.location.search).toBe('');
  });

  test('the database down leaves all shards, through the exports', () => {
    render(matrix);
    tick('Down: Shard registry (database)');
    expect(states()).toEqual(['GREEN']);
    expect(status()).toContain(
      'Shards stay usable through: signed export on a USB stick, safe B, Harbor office',
    );
  });

  test('a sheet is out of reach when nobody is left to bring it; until then the other one is named', () => {
    render(matrix);
    tick('Down: Elena Example (custodian)');
    expect(status()).toContain('5 healthy shards of 5 left');
    expect(status()).toContain('Shards stay usable through: Karim Example (shard 5)');
    tick('Down: Karim Example (custodian)');
    expect(states()).toEqual(['AMBER-A']);
    expect(status()).toContain('4 healthy shards of 5 left (1, 2, 3 and 4)');
    expect(status()).not.toContain('stay usable');
  });

  test('a wrapped shard is out of reach when nobody is left to sign in for it', () => {
    render(matrix);
    tick('Down: Ana Example (custodian)');
    expect(status()).toContain('Shards stay usable through: Gustav Example (shard 1)');
    tick('Down: Gustav Example (custodian)');
    expect(status()).toContain('4 healthy shards of 5 left (2, 3, 4 and 5)');
  });

  test('a breach takes the shard out of the healthy ones and counts it as exposed', () => {
    render(matrix);
    tick('Breached: Ana Example (custodian)');
    expect(states()).toEqual(['AMBER-C', 'AMBER-A']);
    expect(status()).toContain('1 shard exposed (1)');
    expect(paths()[0]).toBe('/emergency/unseal/?shards=2,3,4');
  });

  test('M exposed shards: no path is offered, the page of the state is', () => {
    render(matrix);
    for (const n of ['AWS KMS us-east-1', 'Google Cloud KMS europe-west4', 'PKCS#11 HSM masterkey-hsm']) {
      tick(`Breached: ${n} (shard)`);
    }
    expect(states()).toEqual(['BLACK-C']);
    expect(screen.getByText('Key exposed').getAttribute('href')).toBe('/emergency/key-exposed/');
    expect(screen.queryByText('Paths, best first')).toBeNull();
  });

  test('exposed shards are the last resort, and named', () => {
    window.history.replaceState(null, '', '/?down=shard:1&down=shard:2&breached=shard:3');
    render(matrix);
    expect(states()).toEqual(['AMBER-C', 'BLACK-A1']);
    expect(screen.getAllByText(/^Last resort/).length).toBeGreaterThan(0);
    expect(document.body.textContent).toContain('(exposed: 3)');
  });
});

describe('link', () => {
  test('shows the same to somebody else, and ignores what it does not know', () => {
    window.history.replaceState(null, '', '/?down=provider:aws&down=planet:mars&breached=x&live=no&m=3');
    render(matrix);
    expect(states()).toEqual(['AMBER-A']);
    expect((screen.getByLabelText('Down: AWS (provider)') as HTMLInputElement).checked).toBe(true);
    tick('Down: Google Cloud (provider)');
    expect(window.location.search).toContain('m=3');
    expect(window.location.search).not.toContain('mars');
  });

  test('hydrates to the server page without a difference', () => {
    const holder = document.createElement('div');
    holder.innerHTML = renderToString(matrix);
    window.history.replaceState(null, '', '/?down=provider:aws');
    document.body.append(holder);
    const problems: unknown[] = [];
    render(matrix, {
      container: holder,
      hydrate: true,
      onRecoverableError: (error: unknown) => problems.push(error),
    });
    expect(problems).toEqual([]);
    expect(states()).toEqual(['AMBER-A']);
    holder.remove();
  });

  test('never throws, whatever the address says', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('down', 'breached', 'live'), fc.string())), (pairs) => {
        const ticked = fromQuery(new URLSearchParams(pairs).toString(), input);
        expect(fromQuery(new URL(withTicks('https://x.example/', ticked)).search, input)).toEqual(ticked);
      }),
    );
  });
});

test('counts, states and the order of paths equal brute force for random deployments up to 12 shards', () => {
  const anyInput: fc.Arbitrary<QuorumInput> = fc.integer({ min: 2, max: 12 }).chain((n) =>
    fc.record({
      threshold: fc.integer({ min: 1, max: n }),
      shards: fc
        .array(fc.record({ minutes: fc.nat({ max: 4 }), people: fc.nat({ max: 2 }), paper: fc.boolean() }), {
          minLength: n,
          maxLength: n,
        })
        .map((costs) =>
          costs.map((cost, i) => ({
            ...cost,
            n: i + 1,
            name: `s${i + 1}`,
            provider: 'p',
            // Two people keep each sheet, and every sheet shares one of them with the next.
            ...(cost.paper ? { keepers: [`p${i}`, `p${i + 1}`] } : {}),
          })),
        ),
      domains: fc
        .array(
          fc.record({
            shards: fc.uniqueArray(fc.integer({ min: 1, max: n })),
            losable: fc.boolean(),
            breachable: fc.boolean(),
            isReplaced: fc.boolean(),
          }),
          { maxLength: 5 },
        )
        .map((domains) => [
          ...domains.map(({ isReplaced, ...domain }, i) => ({
            ...domain,
            kind: 'k',
            id: String(i),
            name: `d${i}`,
            ...(isReplaced ? { fallback: 'an export' } : {}),
          })),
          ...Array.from({ length: n + 1 }, (_, i) => ({
            kind: 'custodian',
            id: `p${i}`,
            name: `Person ${i}`,
            shards: [],
            losable: false,
          })),
        ]),
    }),
  );
  fc.assert(
    fc.property(
      anyInput,
      fc.bigInt({ min: 0n, max: 2n ** 18n - 1n }),
      fc.nat({ max: 31 }),
      fc.boolean(),
      (random, downMask, openMask, live) => {
        const { threshold, shards, domains } = random;
        const down = domains.filter((_, i) => (downMask >> BigInt(i)) & 1n);
        const open = domains.filter((_, i) => (openMask >> i) & 1);
        const keys = (of: typeof domains) => of.map(({ kind, id }) => `${kind}:${id}`);
        const away = down.filter(({ kind }) => kind === 'custodian').map(({ id }) => id);
        const isGone = ({ n, keepers }: (typeof shards)[number]) =>
          down.some((d) => d.losable !== false && d.fallback === undefined && d.shards.includes(n)) ||
          keepers?.every((id) => away.includes(id)) === true;
        const isOpen = ({ n }: (typeof shards)[number]) =>
          open.some((d) => d.breachable !== false && d.shards.includes(n));
        const quorums = (of: typeof shards) =>
          subsets(of.length)
            .filter((set) => set.length === threshold)
            .map((set) => set.map((at) => of[at] as (typeof shards)[number]));
        /** Minutes, people, sheets: what decides which quorum is better. */
        const costs = (of: readonly (typeof shards)[number][]) =>
          [of.map((s) => s.minutes), of.map((s) => s.people), of.map((s) => Number(s.paper))].map((each) =>
            each.reduce((sum, one) => sum + one, 0),
          );
        const inOrder = (of: typeof shards) =>
          quorums(of)
            .map(costs)
            .sort(([a = 0, b = 0, c = 0], [x = 0, y = 0, z = 0]) => a - x || b - y || c - z)
            .slice(0, 10);
        const costsOf = (listed: readonly { readonly shards: readonly number[] }[]) =>
          listed.map((path) => costs(shards.filter(({ n }) => path.shards.includes(n))));

        const result = situation(random, { down: keys(down), breached: keys(open), live });
        const healthy = shards.filter((shard) => !isGone(shard) && !isOpen(shard));
        const exposed = shards.filter(isOpen);
        expect(result.left).toEqual(healthy.map(({ n }) => n));
        expect(result.pathCount).toBe(BigInt(quorums(healthy).length));
        expect(result.exposed).toEqual(exposed.map(({ n }) => n));
        expect(costsOf(result.paths)).toEqual(inOrder(healthy));
        for (const path of result.paths) {
          expect(path.shards).toHaveLength(threshold);
          expect(path.shards.every((n) => result.left.includes(n))).toBe(true);
        }
        expect(new Set(result.paths.map((path) => path.shards.join())).size).toBe(result.paths.length);
        const reachable = shards.filter((shard) => !isGone(shard));
        expect(costsOf(result.lastResort)).toEqual(healthy.length < threshold ? inOrder(reachable) : []);
        const sheetless = quorums(healthy).filter((set) => set.every(({ paper }) => !paper));
        expect(result.paperNeeded).toBe(healthy.length >= threshold && sheetless.length === 0);
        const spare = healthy.length - threshold;
        const short = live ? 'BLACK-A1' : 'BLACK-A2';
        const availability = spare >= 2 ? 'GREEN' : spare === 1 ? 'AMBER-A' : spare === 0 ? 'RED-A' : short;
        const black = exposed.length >= threshold;
        const compromise = exposed.length > 0 ? 'AMBER-C' : undefined;
        expect(result.assessment.compromise).toBe(black ? 'BLACK-C' : compromise);
        expect(result.assessment.availability).toBe(black ? undefined : availability);
      },
    ),
    { numRuns: 300 },
  );
});
