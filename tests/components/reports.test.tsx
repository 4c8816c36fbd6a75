/** Independence report, triage, role matrix and deployment summary: text without JavaScript, answers with it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import fc from 'fast-check';
import type { ReactElement } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, test } from 'vitest';
import DeploymentSummary from '../../src/components/DeploymentSummary';
import IndependenceReport from '../../src/components/IndependenceReport';
import { letter } from '../../src/components/IndependenceReport/MinimalSets';
import type { StatePages } from '../../src/components/KeyState/states';
import RoleMatrix from '../../src/components/RoleMatrix';
import { conflicts, vacancies } from '../../src/components/RoleMatrix/roster';
import { pageOf, roleMatrixProps, statePages } from '../../src/components/siteProps';
import Triage from '../../src/components/Triage';
import { incompatiblePairs, roleIds } from '../../src/deployment/roles';
import { deployment, input } from './deployment';

afterEach(cleanup);

const pages: StatePages = { 'BLACK-C': { title: 'Key exposed', href: '/emergency/key-exposed/' } };
const matrix = { title: 'Recovery Matrix', href: '/emergency/recovery-matrix/' };
const unseal = { title: 'Unseal', href: '/emergency/unseal/' };
const components: readonly (readonly [string, ReactElement])[] = [
  ['IndependenceReport', <IndependenceReport key="i" input={input} />],
  ['Triage', <Triage key="t" threshold={3} shards={5} pages={pages} unseal={unseal} matrix={matrix} />],
  ['RoleMatrix', <RoleMatrix key="r" {...roleMatrixProps(deployment)} />],
  ['DeploymentSummary', <DeploymentSummary key="d" deployment={deployment} input={input} />],
];

describe.each(components)('%s', (_, component) => {
  test('is the same on the server and at first, without a warning', () => {
    const holder = document.createElement('div');
    holder.innerHTML = renderToString(component);
    document.body.append(holder);
    const problems: unknown[] = [];
    render(component, {
      container: holder,
      hydrate: true,
      onRecoverableError: (error: unknown) => problems.push(error),
    });
    expect(problems).toEqual([]);
    holder.remove();
  });

  test('has tables with captions, scoped headers and a region for the keyboard', () => {
    render(component);
    const tables = [...document.querySelectorAll('table')];
    expect(tables.length).toBeGreaterThan(0);
    for (const table of tables) {
      const caption = table.querySelector('caption')?.textContent;
      expect(caption).toBeTruthy();
      expect(table.parentElement?.getAttribute('aria-label')).toBe(caption);
      expect(table.parentElement?.tabIndex).toBe(0);
      const columns = table.querySelectorAll('thead th[scope="col"]').length;
      for (const row of table.querySelectorAll('tbody tr')) expect(row.children).toHaveLength(columns);
      for (const row of table.querySelectorAll('tbody tr')) {
        expect(row.querySelector('th')?.getAttribute('scope')).toBe('row');
      }
    }
  });

  test('every field has a name', () => {
    render(component);
    for (const field of document.querySelectorAll('input')) {
      expect(field.labels?.[0]?.textContent || field.getAttribute('aria-label')).toBeTruthy();
    }
  });
});

/** Rows of the table with this caption, as texts. */
function rows(caption: string | RegExp): string[][] {
  const found = [...document.querySelectorAll('table')].find((table) => {
    const text = table.querySelector('caption')?.textContent ?? '';
    return typeof caption === 'string' ? text === caption : caption.test(text);
  });
  return [...(found?.querySelectorAll('tbody tr') ?? [])].map((row) =>
    [...row.children].map((cell) => cell.textContent ?? ''),
  );
}

describe('IndependenceReport', () => {
  test('counts the default deployment: three domains must fail, three must be breached', () => {
    render(<IndependenceReport input={input} />);
    const all = rows(/by kind/).at(-1);
    expect(all?.[0]).toBe('all kinds together');
    expect(all?.slice(2)).toEqual(['3', '3', 'no single one decides']);
    expect(rows('Every domain')).toHaveLength(input.domains.length);
  });

  test('calls one domain that decides by its name', () => {
    const shared = { kind: 'account', id: 'one', name: 'One account', shards: [1, 2, 3] };
    render(<IndependenceReport input={{ ...input, domains: [...input.domains, shared] }} />);
    expect(rows(/by kind/).find(([kind]) => kind === 'account')?.[4]).toBe('one is enough: not independent');
    const verdict = rows('Every domain').find(([name]) => name === 'One account');
    expect(verdict?.slice(3)).toEqual(['2', 'yes', 'yes']);
    expect(rows(/breach yields the key/)[0]?.[1]).toBe('1');
    const [set] = rows(/breach yields the key/)[0] ?? [];
    const group = rows('Groups: domains whose breach reads the same shards').find(([name]) => name === set);
    expect(group?.slice(1)).toEqual(['1, 2, 3', 'One account (account)']);
  });

  test('says that the registry survives its database', () => {
    render(<IndependenceReport input={input} />);
    const database = rows('Every domain').find(([, kind]) => kind === 'database');
    expect(database?.[4]).toContain('no: through signed export');
    expect(database?.[5]).toBe('no');
  });

  test('refuses to list too many sets, in words', () => {
    const domains = Array.from({ length: 30 }, (_, i) => ({
      kind: 'k',
      id: String(i),
      name: `d${i}`,
      shards: [i + 1],
    }));
    const shards = Array.from({ length: 30 }, (_, i) => ({ ...input.shards[0], n: i + 1 }));
    render(<IndependenceReport input={{ threshold: 15, shards: shards as never, domains }} />);
    expect(screen.getAllByText(/^Not counted:/).length).toBe(2);
    expect(
      rows(/by kind/)
        .at(-1)
        ?.slice(2, 4),
    ).toEqual(['16', '15']);
  });
});

test('groups have letters like columns of a sheet', () => {
  expect([0, 25, 26, 51, 52, 701, 702].map(letter)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
});

describe('Triage', () => {
  const states = () =>
    [...document.querySelectorAll('[data-state]')].map((e) => e.getAttribute('data-state'));
  const choose = (question: RegExp, answer: string) => {
    const group = screen.getByRole('group', { name: question });
    const label = [...group.querySelectorAll('label')].find((l) => l.textContent === answer);
    fireEvent.click(label?.querySelector('input') as HTMLInputElement);
  };
  const count = (label: RegExp, value: string) =>
    fireEvent.change(screen.getByRole('textbox', { name: label }), { target: { value } });

  /** What a person says who knows of nothing wrong; then what differs. */
  const calm = () => {
    choose(/key itself/, 'no');
    count(/^E:/, '0');
    choose(/^L:/, 'yes');
    count(/^H:/, '5');
    count(/^S:/, '0');
  };
  const doNotKnow = (question: RegExp) =>
    fireEvent.click(
      screen.getByRole('group', { name: question }).querySelector('[type=checkbox]') as Element,
    );
  const groups = () =>
    screen
      .getAllByRole('group')
      .flatMap(
        (group) => /^(\w):|key itself/.exec(group.querySelector('legend')?.textContent ?? '')?.[0] ?? [],
      );
  const open = () => document.querySelector('[data-no-verdict]')?.getAttribute('data-no-verdict');
  const triage = () =>
    render(<Triage threshold={3} shards={5} pages={pages} unseal={unseal} matrix={matrix} />);

  test('has no verdict and no answer before anybody has answered, and names what is missing', () => {
    triage();
    expect(states()).toEqual([]);
    expect(open()).toBe('seen exposed live healthy previous');
    expect(document.querySelectorAll('input:checked')).toHaveLength(0);
    expect(groups()).toEqual(['key itself']);
    expect(screen.getByRole('status').textContent).toMatch(/^No verdict yet\. Not answered: /);
    choose(/key itself/, 'no');
    expect(groups()).toEqual(['key itself', 'E:']);
    count(/^E:/, '0');
    expect(groups()).toEqual(['key itself', 'E:', 'L:']);
    choose(/^L:/, 'yes');
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: /^H:/ }).value).toBe('');
    count(/^H:/, '5');
    expect(states()).toEqual([]);
    expect(open()).toBe('previous');
    expect(screen.getByRole('status').textContent).toBe(
      'No verdict yet. Not answered: S (0 if there was no reshare).',
    );
    count(/^S:/, '0');
    expect(groups()).toEqual(['key itself', 'E:', 'L:', 'H:', 'S:']);
    expect(states()).toEqual(['GREEN']);
    expect(open()).toBeUndefined();
  });

  test('follows the answers', () => {
    triage();
    calm();
    expect(states()).toEqual(['GREEN']);
    count(/^H:/, '2');
    expect(states()).toEqual(['BLACK-A1']);
    choose(/^L:/, 'I do not know');
    expect(states()).toEqual(['BLACK-A2']);
    count(/^E:/, '2');
    expect(states()).toEqual(['AMBER-C', 'BLACK-A2']);
    expect(screen.getByText(/E is M − 1/)).toBeTruthy();
    count(/^E:/, '3');
    expect(states()).toEqual(['BLACK-C']);
    expect(screen.getAllByText('Key exposed')[0]?.getAttribute('href')).toBe('/emergency/key-exposed/');
  });

  test('a key that may have been seen is exposed, whatever else is not answered yet', () => {
    triage();
    choose(/key itself/, 'I do not know');
    expect(states()).toEqual(['BLACK-C']);
    choose(/key itself/, 'no');
    expect(states()).toEqual([]);
    count(/^E:/, '3');
    expect(states()).toEqual(['BLACK-C']);
    calm();
    expect(states()).toEqual(['GREEN']);
  });

  test('who does not know a count says so, learns how to find out, and gets no verdict that the count would decide', () => {
    triage();
    calm();
    doNotKnow(/^H:/);
    expect(states()).toEqual([]);
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: /^H:/ });
    expect(field.value).toBe('');
    const status = screen.getByRole('status');
    expect(status.textContent).toMatch(/H is not known.*Restart nothing/);
    expect(status.querySelector('a')?.getAttribute('href')).toBe(matrix.href);
    doNotKnow(/^S:/);
    expect(states()).toEqual(['AMBER-C']);
    // Typing a number takes it back.
    count(/^H:/, '4');
    expect(states()).toEqual(['AMBER-C', 'AMBER-A']);
    doNotKnow(/^E:/);
    expect(states()).toEqual(['BLACK-C']);
    expect(document.querySelectorAll('[type=checkbox]:checked')).toHaveLength(2);
  });

  test('a previous set that still reaches M is said', () => {
    triage();
    calm();
    count(/^S:/, '3');
    expect(states()).toEqual(['AMBER-C', 'GREEN']);
    expect(screen.getByText(/previous set can still rebuild/)).toBeTruthy();
  });

  test('a service without its key is unsealed first, however many shards are to spare', () => {
    triage();
    const cold = () => document.querySelector('[data-cold-start]');
    expect(cold()).toBeNull();
    calm();
    expect(cold()).toBeNull();
    choose(/^L:/, 'no');
    expect(states()).toEqual(['GREEN']);
    expect(screen.getByRole('status').firstElementChild).toBe(cold());
    expect(cold()?.textContent).toContain('Bring the key back now');
    expect(cold()?.querySelector('a')?.getAttribute('href')).toBe(unseal.href);
    choose(/^L:/, 'I do not know');
    expect(cold()?.textContent).toContain('before anybody restarts');
    count(/^E:/, '1');
    expect(screen.getByText(/second team/)).toBeTruthy();
    // An exposed key is not brought back, and too few shards cannot bring it back.
    count(/^E:/, '3');
    expect(cold()).toBeNull();
    count(/^E:/, '0');
    count(/^H:/, '2');
    expect(cold()).toBeNull();
  });

  test('what is no count takes the verdict away, says why, and stays in its field', () => {
    triage();
    calm();
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: /^H:/ });
    for (const bad of ['6', '-1', '1.5', 'two', '1e0', '٣']) {
      count(/^H:/, bad);
      expect(field.getAttribute('aria-invalid')).toBe('true');
      expect(document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent).toBe(
        'wanted: a whole number from 0 to 5',
      );
      expect(states()).toEqual([]);
      expect(screen.getByRole('status').textContent).toBe(
        'No verdict yet. Not a count that this set can have: H.',
      );
      fireEvent.blur(field);
      expect(field.value).toBe(bad);
      expect(states()).toEqual([]);
    }
    count(/^H:/, '');
    expect(states()).toEqual([]);
    expect(screen.getByRole('status').textContent).toBe('No verdict yet. Not answered: H.');
    count(/^H:/, ' 3 ');
    expect(states()).toEqual(['RED-A']);
  });

  test('the table has all seven states without JavaScript', () => {
    const holder = document.createElement('div');
    holder.innerHTML = renderToString(
      <Triage threshold={3} shards={5} pages={pages} unseal={unseal} matrix={matrix} />,
    );
    const heads = [...holder.querySelectorAll('tbody th')].map((th) => th.textContent);
    expect(heads).toEqual(['BLACK-C', 'AMBER-C', 'BLACK-A2', 'BLACK-A1', 'RED-A', 'AMBER-A', 'GREEN']);
    expect(holder.querySelector('[data-state]')).toBeNull();
    expect(holder.querySelector('[data-no-verdict]')?.textContent).toMatch(/^No verdict yet/);
  });
});

describe('RoleMatrix', () => {
  const matrix = <RoleMatrix {...roleMatrixProps(deployment)} />;

  test('shows every pair in both directions', () => {
    render(matrix);
    const grid = rows(/^Forbidden pairs: /);
    const rules = grid.flat().filter((text) => text.startsWith('SOD-'));
    expect(grid.flat().filter((text) => text === '·same')).toHaveLength(grid.length);
    expect(rules).toHaveLength(2 * incompatiblePairs.length);
    for (const { rule } of incompatiblePairs) expect(rules.filter((text) => text === rule)).toHaveLength(2);
    expect(rows('Rules and reasons')).toHaveLength(incompatiblePairs.length);
  });

  test('says what holders of each role open, alone or with a second person', () => {
    render(matrix);
    const opens = Object.fromEntries(
      rows('Roles, and whom a holder may not also be').map(([role = '', , cell]) => [role, cell]),
    );
    expect(opens).toMatchObject({
      Custodian: '1, 2, 3, 5 alone; 4 with a second person',
      'Provider administrator': '1, 2, 3 alone; 4 with a second person',
      'Safe controller': '5 with a second person',
      'HSM user PIN holder': '4 with a second person',
      'Recovery operator': 'none',
      Operator: 'none',
    });
  });

  test('finds one name in two roles that must not meet, however it is written', () => {
    render(matrix);
    fireEvent.change(screen.getByLabelText('Operator'), { target: { value: 'Ada  Lovelace, Grace Hopper' } });
    fireEvent.change(screen.getByLabelText('Log custodian'), { target: { value: ' ada lovelace' } });
    expect(rows('Forbidden pairs in this roster')).toEqual([
      [
        'Ada Lovelace',
        'Operator – Log custodian',
        'SOD-4',
        'Who acts must not be able to rewrite the record of it.',
      ],
    ]);
    fireEvent.change(screen.getByLabelText('Log custodian'), { target: { value: 'Alan Turing' } });
    expect(screen.getByText('No forbidden pair among the names typed.')).toBeTruthy();
    expect(window.location.href).not.toContain('Lovelace');
  });

  test('the deployment itself has no forbidden pair', () => {
    render(matrix);
    fireEvent.click(screen.getByText('Fill in the deployment'));
    expect(screen.getByText('No forbidden pair among the names typed.')).toBeTruthy();
    expect(screen.queryByText(/^Roles without a name/)).toBeNull();
    fireEvent.click(screen.getByText('Clear'));
    expect(screen.getByText('No name typed yet.')).toBeTruthy();
  });

  test('conflicts equal the comparison of everybody with everybody', () => {
    const names = fc.array(fc.constantFrom<string>('Ann', 'Bob', 'Cid', 'Dee'), { maxLength: 3 });
    const rosters = fc.record(Object.fromEntries(roleIds.map((id) => [id, names])));
    fc.assert(
      fc.property(rosters, (roster) => {
        const typed = Object.fromEntries(
          Object.entries(roster).map(([role, list]) => [role, list.join(', ')]),
        );
        const wanted = incompatiblePairs.flatMap(({ rule, roles: [a, b] }) =>
          ['Ann', 'Bob', 'Cid', 'Dee']
            .filter((name) => roster[a]?.includes(name) && roster[b]?.includes(name))
            .map((name) => `${rule} ${name}`),
        );
        const found = conflicts(typed, incompatiblePairs).map(({ rule, person }) => `${rule} ${person}`);
        expect(found.sort()).toEqual(wanted.sort());
        expect(vacancies(typed, roleIds)).toEqual(roleIds.filter((id) => roster[id]?.length === 0));
      }),
    );
  });
});

describe('DeploymentSummary', () => {
  test('says what the deployment says', () => {
    render(<DeploymentSummary deployment={deployment} input={input} />);
    const facts = Object.fromEntries(rows('The key'));
    expect(facts['Threshold M, shards N']).toBe('3 of 5');
    expect(facts['Shards that may be lost']).toBe('2');
    expect(facts['Fewest domains whose breach yields the key']).toBe('3');
    expect(rows('The shards').map(([n, name]) => `${n} ${name}`)).toEqual(
      deployment.shards.map((shard) => `${shard.n} ${shard.name}`),
    );
  });
});

describe('props of the site', () => {
  const files = [
    'docs/emergency/key-exposed.mdx',
    'docs/emergency/shard-exposed.mdx',
    'docs/emergency/key-lost.mdx',
    'docs/emergency/key-only-in-memory.mdx',
    'docs/emergency/no-spare-shard.mdx',
    'docs/lifecycle/operations.mdx',
    'docs/lifecycle/calendar.mdx',
  ];
  const known = files.map((file) => ({ file, title: file, href: `/${file}` }));

  test('every state has a page that exists', () => {
    expect(Object.keys(statePages(known))).toHaveLength(7);
    for (const file of files) expect(existsSync(join(import.meta.dirname, '../..', file))).toBe(true);
  });

  test('a page that is gone is named, with those that are there', () => {
    expect(() => statePages(known.slice(1))).toThrow(
      /no page docs\/emergency\/key-exposed.mdx; known: docs\//,
    );
    expect(() => pageOf('docs/x.mdx', known)).toThrow(RangeError);
  });

  test('are plain JSON, so that they can stand in the page', () => {
    expect(JSON.parse(JSON.stringify(input))).toEqual(input);
    expect(JSON.parse(JSON.stringify(roleMatrixProps(deployment)))).toEqual(roleMatrixProps(deployment));
  });
});
