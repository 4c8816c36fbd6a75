/** The calculator: server and first render, figures, typing, links, CSV, refusal, plots with text. */
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import fc from 'fast-check';
import katex from 'katex';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import QuorumCalculator from '../../src/components/QuorumCalculator';
import { risksAsCsv, tableAsCsv } from '../../src/components/QuorumCalculator/csv';
import { fromQuery, toQuery, withScenario } from '../../src/components/QuorumCalculator/link';
import { everyNth, logAxis, place } from '../../src/components/QuorumCalculator/scale';
import { presetScenario, results, withShardCount } from '../../src/components/QuorumCalculator/scenario';
import { figureTexts } from '../../src/components/QuorumCalculator/strings';
import { chance } from '../../src/quorum/chance';
import { equalShards, risks } from '../../src/quorum/probabilities';
import { typeset } from '../../src/theme/typeset';
import { input } from './deployment';

const mathematics = '/introduction/threshold-mathematics/';
const page = <QuorumCalculator preset={input} mathematics={mathematics} />;

beforeEach(() => {
  window.history.replaceState(null, '', '/introduction/calculator/');
});
afterEach(cleanup);

const figure = (id: string) => document.querySelector(`[data-figure="${id}"]`)?.textContent;
const field = (name: string) => screen.getByLabelText(name) as HTMLInputElement;
const type = (name: string, value: string) => fireEvent.change(field(name), { target: { value } });

/** A plain 3 of 5 with no shared domain, through the link: p and q as given. */
function open(usable: string, stolen: string, more = '') {
  window.history.replaceState(
    null,
    '',
    `/calculator/?m=3&shards=${usable}:${stolen}*5&rate=1&interval=1${more}`,
  );
  render(page);
}

describe('first render', () => {
  test('is a page of figures, tables and plots without JavaScript', () => {
    const html = renderToString(page);
    expect(html).toContain('<noscript>');
    expect(html).toContain('fieldset');
    expect(html).toContain('disabled=""');
    const holder = document.createElement('div');
    holder.innerHTML = html;
    expect(holder.querySelectorAll('[data-figure]')).toHaveLength(12);
    for (const value of holder.querySelectorAll('[data-figure]')) expect(value.textContent).not.toBe('');
    expect(holder.querySelectorAll('table')).toHaveLength(2);
    expect(holder.querySelectorAll('svg[role="img"] title')).toHaveLength(2);
  });

  test('equals that of the server, whatever the link says', () => {
    const holder = document.createElement('div');
    holder.innerHTML = renderToString(page);
    window.history.replaceState(null, '', '/?m=2&shards=0.5:0.5*3&rate=1&interval=1');
    document.body.append(holder);
    const problems: unknown[] = [];
    render(page, {
      container: holder,
      hydrate: true,
      onRecoverableError: (error: unknown) => problems.push(error),
    } as never);
    expect(problems).toEqual([]);
    expect(figure('availability')).toBe('0.500000');
    holder.remove();
  });

  test('figures are those of the mathematics', () => {
    render(page);
    const wanted = results(presetScenario(input)).chosen;
    expect(figure('loss')).toBe(
      wanted.loss >= 1e-3 ? wanted.loss.toPrecision(6) : wanted.loss.toExponential(5),
    );
    expect(figure('toleratedLosses')).toBe('2');
    expect(figure('toleratedThefts')).toBe('2');
    expect(figure('paths')).toBe('10');
    expect(figure('cuts')).toBe('10');
  });
});

describe('reference values', () => {
  test('3 of 5 at 0.9999 shows a loss with all digits', () => {
    open('0.9999', '0.01');
    expect(figure('loss')).toBe('9.99850e-12');
    expect(figure('availability')).toBe('0.99999999999000');
    expect(figure('compromise')).toBe('9.85060e-6');
    expect(figure('meanTimeToLoss')).toBe('0.7833 years');
  });

  test('two of three domains of 2, 2 and 1 perfect shards', () => {
    open('1', '0', ['1-2', '3-4', '5'].map((m, i) => `&domain=provider:p${i}:${m}:0.01:0.02`).join(''));
    expect(figure('loss')).toBe('2.98000e-4');
    expect(figure('availability')).toBe('0.999702');
    expect(figure('fewestLost')).toBe('2');
    expect(figure('fewestBreached')).toBe('2');
  });
});

describe('typing', () => {
  test('changes the figures and the address, and back', () => {
    render(page);
    const before = figure('loss');
    type('Threshold M', '2');
    expect(figure('toleratedLosses')).toBe('3');
    expect(figure('loss')).not.toBe(before);
    expect(window.location.search).toContain('m=2');
    fireEvent.click(screen.getByText('Back to the deployment'));
    expect(figure('loss')).toBe(before);
    expect(window.location.search).toBe('');
  });

  test('"12" is typed through "1" without losing a shard', () => {
    render(page);
    const n = field('Shards N');
    fireEvent.focus(n);
    type('Shards N', '1');
    type('Shards N', '12');
    expect(screen.getByLabelText('Usable: AWS KMS us-east-1')).toBeTruthy();
    expect(screen.getByLabelText('Usable: Shard 12')).toBeTruthy();
    fireEvent.blur(n);
    type('Shards N', '');
    expect(n.getAttribute('aria-invalid')).toBe('true');
    fireEvent.blur(n);
    expect(n.value).toBe('12');
  });

  test('a value that is no probability is marked and named, and nothing is shown instead', () => {
    render(page);
    type('Usable: AWS KMS us-east-1', '1.5');
    expect(field('Usable: AWS KMS us-east-1').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByRole('alert').textContent).toContain(
      'Shard 1, usable: probability: wanted a decimal number from 0 to 1, got 1.5',
    );
    expect(figure('loss')).toBeUndefined();
    type('Usable: AWS KMS us-east-1', '0.5');
    expect(figure('loss')).toBeDefined();
  });

  test('one value for all shards, a domain added, changed and removed', () => {
    open('0.9', '0');
    expect(figure('loss')).toBe('0.00856000');
    fireEvent.click(screen.getByText('Add a domain'));
    const name = 'New domain (domain)';
    const members = field(`Shards: ${name}`);
    fireEvent.change(members, { target: { value: '1, 2,3 4 5, 9' } });
    fireEvent.blur(members);
    expect(members.value).toBe('1, 2, 3, 4, 5');
    expect(figure('loss')).toBe('0.00955144');
    fireEvent.click(screen.getByLabelText(`Remove: ${name}`));
    expect(figure('loss')).toBe('0.00856000');
    type('Usable: All shards', '0.5');
    fireEvent.click(screen.getByText('Use for all shards'));
    expect(figure('loss')).toBe('0.500000');
  });

  test('refuses what is too entangled, in words', () => {
    const n = 231;
    const domains: string[] = [];
    const members = Array.from({ length: 22 }, () => [] as number[]);
    let shard = 0;
    for (let a = 0; a < 22; a++) {
      for (let b = a + 1; b < 22; b++) {
        shard += 1;
        members[a]?.push(shard);
        members[b]?.push(shard);
      }
    }
    for (const [i, list] of members.entries()) domains.push(`&domain=k:d${i}:${list.join('-')}:0.01:0.01`);
    window.history.replaceState(null, '', `/?m=3&shards=0.9:0.1*${n}&rate=1&interval=1${domains.join('')}`);
    render(page);
    expect(screen.getByRole('alert').textContent).toContain('limited to 1048576 joint states');
    expect(figure('loss')).toBeUndefined();
  });
});

describe('link', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 60, unit: 'grapheme-ascii' }),
    fc.string({ maxLength: 15, unit: 'grapheme' }),
  );
  const anyScenario = fc.integer({ min: 1, max: 20 }).chain((n) =>
    fc.record({
      threshold: fc.integer({ min: 1, max: n }),
      shards: fc.array(fc.record({ name: fc.constant('x'), usable: text, stolen: text }), {
        minLength: n,
        maxLength: n,
      }),
      domains: fc.array(
        fc.record({
          kind: text,
          name: text,
          shards: fc.uniqueArray(fc.integer({ min: 1, max: n })).map((list) => list.sort((a, b) => a - b)),
          down: text,
          stolen: text,
        }),
        { maxLength: 5 },
      ),
      rate: text,
      interval: text,
    }),
  );

  test('carries every scenario to somebody else unchanged', () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        expect(fromQuery(toQuery(scenario), new Array(20).fill('x'))).toEqual(scenario);
      }),
    );
  });

  test('cuts a long name without breaking', () => {
    const [domain] = presetScenario(input).domains;
    const scenario = {
      ...presetScenario(input),
      domains: [{ ...domain, name: `x${'𝔻'.repeat(60)}` } as never],
    };
    expect(fromQuery(toQuery(scenario), [])?.domains[0]?.name).toMatch(/^x𝔻+$/u);
  });

  test('never throws anything but a RangeError', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (m, shards, domain) => {
        try {
          fromQuery(new URLSearchParams({ m, shards, domain }).toString(), []);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    'm=3&shards=',
    'm=9&shards=0.9:0.1*5',
    'm=1&shards=0.9:0.1*999',
    'm=1&shards=0.9:0.1&domain=a:b:2:0:0',
    'm=1&shards=0.9:0.1&domain=a:b',
    'm=x&shards=0.9:0.1',
    'm=1&shards=%25E0%25A4%25A:0.1',
  ])('says so when it cannot be read: %s', (query) => {
    window.history.replaceState(null, '', `/?${query}&rate=1&interval=1`);
    render(page);
    expect(screen.getByRole('alert').textContent).toContain('cannot be used');
    expect(figure('toleratedLosses')).toBe('2');
  });

  test('leaves what others keep in the address', () => {
    const scenario = presetScenario(input);
    const address = withScenario('https://runbook.example/x/?down=aws&m=1#loss', scenario);
    expect(address).toContain('?down=aws&m=3&shards=');
    expect(address).toMatch(/#loss$/);
    expect(withScenario(address, undefined)).toBe('https://runbook.example/x/?down=aws#loss');
  });
});

describe('table, file and plots', () => {
  test('the CSV has every threshold with all digits', () => {
    render(page);
    const link = screen.getByText('Save every threshold as CSV') as HTMLAnchorElement;
    const csv = decodeURIComponent(link.href.slice(link.href.indexOf(',') + 1));
    const lines = csv.split('\r\n');
    expect(lines[0]).toBe('threshold,shards,availability,loss,compromise');
    expect(lines).toHaveLength(7);
    const wanted = results(presetScenario(input)).risks[2];
    expect(lines[3]).toBe(`3,5,${wanted?.availability},${wanted?.loss},${wanted?.compromise}`);
    expect(csv).toBe(risksAsCsv(results(presetScenario(input)).risks));
  });

  test('the CSV of the figures has what the table shows, quoted', () => {
    render(page);
    const link = screen.getByText('Save the figures as CSV') as HTMLAnchorElement;
    const lines = decodeURIComponent(link.href.slice(link.href.indexOf(',') + 1)).split('\r\n');
    expect(lines).toHaveLength(14);
    expect(lines[2]).toContain(`"Loss: fewer than M shards usable","${figure('loss')}","U = `);
    expect(tableAsCsv([['a "b"', '=1+1', '-2', ' x']])).toBe(`"a ""b""","'=1+1","'-2"," x"\r\n`);
  });

  test('every table has a caption, scoped headers and a region that the keyboard reaches', () => {
    render(page);
    for (const table of document.querySelectorAll('table')) {
      const caption = table.querySelector('caption')?.textContent;
      expect(caption).toBeTruthy();
      const region = table.parentElement;
      expect(region?.getAttribute('tabindex')).toBe('0');
      expect(region?.getAttribute('aria-label')).toBe(caption);
      for (const header of table.querySelectorAll('th'))
        expect(header.getAttribute('scope')).toMatch(/row|col/);
    }
  });

  test('the plots say in words what they show, and do not depend on color', () => {
    render(page);
    const [first] = screen.getAllByRole('img');
    const described = first?.getAttribute('aria-labelledby')?.split(' ') ?? [];
    const words = described.map((id) => document.getElementById(id)?.textContent).join(' ');
    expect(words).toContain('Loss and compromise by threshold');
    expect(words).toContain('At M = 3 the loss is');
    expect(first?.querySelectorAll('circle')).toHaveLength(5);
    expect(first?.querySelectorAll('rect')).toHaveLength(5);
    expect(within(first as HTMLElement).getByText('● Loss')).toBeTruthy();
  });

  test('every formula leads to its derivation', () => {
    render(page);
    for (const link of screen.getAllByText('Derivation') as HTMLAnchorElement[]) {
      expect(link.getAttribute('href')).toMatch(/^\/introduction\/threshold-mathematics\/#[a-z]+$/);
    }
  });

  test('typeset formulas take the place of the plain ones, as KaTeX has them', () => {
    const formulas = Object.fromEntries(
      Object.entries(figureTexts).map(([id, { tex }]) => [id, typeset(tex)]),
    );
    render(<QuorumCalculator preset={input} mathematics={mathematics} formulas={formulas} />);
    const shown = [...document.querySelectorAll('.katex')];
    expect(shown).toHaveLength(Object.keys(figureTexts).length);
    for (const [index, { tex }] of Object.values(figureTexts).entries()) {
      const holder = document.createElement('span');
      holder.innerHTML = katex.renderToString(tex);
      const wanted = holder.firstElementChild;
      expect(shown[index]?.textContent).toBe(wanted?.textContent);
      const tags = (of: Element | null | undefined) =>
        [...(of?.querySelectorAll('*') ?? [])].map((one) => `${one.localName} ${one.className}`);
      expect(tags(shown[index])).toEqual(tags(wanted));
    }
    expect(() => typeset('\\frac{')).toThrow();
    expect(() => typeset('1/2')).toThrow(RangeError);
  });
});

describe('scale', () => {
  test('places probabilities between 0 and 1, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (values) => {
        const axis = logAxis(values);
        const sorted = [...values].sort((a, b) => a - b).map((value) => place(axis, value));
        for (const [i, at] of sorted.entries()) {
          expect(at).toBeGreaterThanOrEqual(sorted[i - 1] ?? 0);
          expect(at).toBeLessThanOrEqual(1);
        }
        expect(axis.ticks.length).toBeLessThanOrEqual(7);
        expect(Math.min(...axis.ticks)).toBeGreaterThanOrEqual(axis.floor);
      }),
    );
  });

  test('labels at most so many, the last one always', () => {
    for (const n of [1, 2, 10, 11, 255]) {
      expect(everyNth(n, 10).length).toBeLessThanOrEqual(10);
      expect(everyNth(n, 10).at(-1)).toBe(n);
    }
  });
});

test('0 is shown only for what cannot happen', () => {
  open('0.99', '0');
  expect(figure('compromise')).toBe('0');
  cleanup();
  window.history.replaceState(null, '', '/?m=3&shards=0.99:1e-9*255&rate=1&interval=1');
  render(page);
  expect(figure('loss')).toBe('below 1e-290');
  expect(figure('availability')).toBe('1 − below 1e-290');
  const link = screen.getByText('Save every threshold as CSV') as HTMLAnchorElement;
  expect(decodeURIComponent(link.href).split('\r\n')[3]).toMatch(/^3,255,[01][.\d]*,<1e-290,/);
  cleanup();
  window.history.replaceState(null, '', '/?m=3&shards=1:0,1:0,0.5:0,0.5:1,1:1&rate=1&interval=1');
  render(page);
  expect(figure('loss')).toBe('0');
  expect(figure('availability')).toBe('1');
  expect(figure('compromise')).toBe('0');
});

test('255 shards are all counted', () => {
  const scenario = withShardCount({ ...presetScenario(input), domains: [] }, 255);
  expect(results(scenario).risks).toHaveLength(255);
  const plain = risks(equalShards(255, chance('0.99'), chance('0.001')));
  expect(results({ ...scenario, threshold: 128 }).chosen).toEqual(plain[127]);
});
