/** Reports are functions of the results: readable XML whatever a program printed, true totals, places that can be clicked. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { junit, xml } from '../../../scripts/tabletop/report/junit';
import {
  annotations,
  closingLine,
  closingText,
  failureText,
  markdown,
  progressLine,
  scenarioLine,
} from '../../../scripts/tabletop/report/report';
import { createDisplay } from '../../../scripts/tabletop/report/terminal';
import {
  type Failure,
  type Results,
  resultsSchema,
  type ScenarioResult,
  type StepResult,
  totalsOf,
  verdictOf,
} from '../../../src/procedure/results/drill-results';

const failure: Failure = {
  file: 'docs/emergency/unseal.mdx',
  line: 28,
  rule: 'output',
  wanted: '"shard-1.txt: OK"',
  found: '"shard-1.txt: FAILED"',
  command: 'sss verify \\\n  shard-1.txt',
  stderr: ['sss: error: <no> & "no"'],
};

const step = (id: string, more: Partial<StepResult> = {}): StepResult => ({
  id,
  file: 'docs/emergency/unseal.mdx',
  line: 20,
  kind: 'command',
  rung: 1,
  milliseconds: 120,
  minutes: 3,
  exit: 0,
  verdict: 'passed',
  message: '',
  ...more,
});

function scenario(id: string, steps: StepResult[], problems: Failure[] = []): ScenarioResult {
  return {
    id,
    title: `Unseal with ${id}`,
    pages: ['docs/emergency/unseal.mdx'],
    faults: {},
    expect: 'recovered',
    targetMinutes: null,
    started: '2026-01-05T09:30:00Z',
    milliseconds: 1234,
    steps,
    problems,
    verdict: verdictOf({ steps, problems }),
  };
}

function results(scenarios: ScenarioResult[]): Results {
  return {
    format: 'tabletop-results/1',
    kind: 'automated drill',
    commit: 'a'.repeat(40),
    dirty: false,
    started: '2026-01-05T09:30:00Z',
    milliseconds: 4567,
    node: '20.19.0',
    tools: [{ name: 'aws', version: 'stand-in | 1', rung: 1 }],
    pages: [{ file: 'docs/emergency/unseal.mdx', sha256: 'b'.repeat(64) }],
    planSha256: 'c'.repeat(64),
    scenarios,
    totals: totalsOf(scenarios),
    coverage: { outages: { drilled: 10, equivalent: 6, total: 16 }, steps: { executed: 12, total: 12 } },
  };
}

const good = scenario('1-2-3', [
  step('UNS-01', { kind: 'act', exit: null }),
  step('UNS-04'),
  step('UNS-05', { verdict: 'skipped', exit: null, message: 'shard 4 was not chosen' }),
]);
const bad = scenario('1-2-4', [
  step('UNS-04', { verdict: 'failed', failure }),
  step('UNS-05', { verdict: 'stopped' }),
]);
const leaky = scenario(
  '1-2-5',
  [step('UNS-04')],
  [{ ...failure, rule: 'leak', wanted: 'nothing', found: 'run/key' }],
);
const all = results([good, bad, leaky]);

/** A strict reader of XML: throws on what is not well formed. Returns `name → attributes` of every element and all text. */
function readXml(text: string): {
  elements: { name: string; attributes: Record<string, string> }[];
  text: string;
} {
  const legal = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;
  if (!legal.test(text)) throw new Error('illegal character');
  const plain = (value: string) => {
    if (/[<"]|&(?!(?:amp|lt|gt|quot|#\d+);)/.test(value)) throw new Error(`not escaped: ${value}`);
    return value
      .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, '&');
  };
  const elements: { name: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  let content = '';
  let end = 0;
  const body = text.replace(/^<\?xml [^>]*\?>\n/, '');
  for (const match of body.matchAll(/<(\/?)([a-z]+)((?: [a-z]+="[^"]*")*)(\/?)>/g)) {
    content += plain(body.slice(end, match.index));
    end = match.index + match[0].length;
    const [, closing, name = '', attributes = '', alone] = match;
    if (closing) {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    const pairs = [...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
      key,
      plain(value),
    ]);
    elements.push({ name, attributes: Object.fromEntries(pairs) });
    if (!alone) open.push(name);
  }
  content += plain(body.slice(end));
  if (open.length > 0) throw new Error(`${open.join(', ')} not closed`);
  return { elements, text: content };
}

describe('results', () => {
  it('count what ran', () => {
    expect(resultsSchema.parse(all).totals).toEqual({ passed: 1, failed: 2, steps: 5, commands: 4 });
    expect(closingLine(all)).toBe('1 passed, 2 failed');
  });

  it('fail when nothing was executed', () => {
    expect(totalsOf([])).toEqual({ passed: 0, failed: 1, steps: 0, commands: 0 });
    const idle = scenario('idle', [step('UNS-01', { verdict: 'skipped' })]);
    expect(idle.verdict).toBe('failed');
    expect(totalsOf([scenario('acts', [step('UNS-01', { kind: 'act' })])])).toMatchObject({
      passed: 1,
      failed: 1,
    });
    expect(closingText(results([]))).toContain('error: no command was executed\n');
    expect(closingText(results([]))).toMatch(/\n0 passed, 1 failed$/);
  });

  it.each<[string, (broken: Results) => Results]>([
    ['totals that do not add up', (it) => ({ ...it, totals: { ...it.totals, passed: 3 } })],
    [
      'a verdict that does not follow',
      (it) => ({
        ...it,
        scenarios: [{ ...leaky, verdict: 'passed' as const }],
        totals: { passed: 1, failed: 0, steps: 1, commands: 1 },
      }),
    ],
    [
      'a failed step without its failure',
      (it) => ({
        ...it,
        scenarios: [scenario('x', [step('A', { verdict: 'failed' })])],
        totals: { passed: 0, failed: 1, steps: 1, commands: 1 },
      }),
    ],
    ['a scenario twice', (it) => ({ ...it, scenarios: [good, good], totals: totalsOf([good, good]) })],
    ['an unknown member', (it) => ({ ...it, more: 1 }) as Results],
  ])('refuse %s', (_name, breakIt) => {
    expect(resultsSchema.safeParse(all).success).toBe(true);
    expect(resultsSchema.safeParse(breakIt(structuredClone(all))).success).toBe(false);
  });
});

describe('failures', () => {
  it('begin with a place that can be clicked, and show command and stderr', () => {
    expect(failureText(bad, failure, bad.steps[0])).toBe(
      [
        'docs/emergency/unseal.mdx:28: step UNS-04 (scenario 1-2-4): output: wanted "shard-1.txt: OK", found "shard-1.txt: FAILED"',
        '  command:',
        '    sss verify \\',
        '      shard-1.txt',
        '  stderr:',
        '    sss: error: <no> & "no"',
      ].join('\n'),
    );
  });

  it('are annotations on one line each', () => {
    const lines = annotations(all);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^::error file=docs\/emergency\/unseal\.mdx,line=28,title=step UNS-04::docs.*%0A {2}command:%0A/,
    );
    expect(lines.join('')).not.toContain('\n');
    const tricky = scenario('x', [
      step('A', { verdict: 'failed', failure: { ...failure, file: 'a,b:c%.mdx' } }),
    ]);
    expect(annotations(results([tricky]))[0]).toContain('file=a%2Cb%3Ac%25.mdx,line=28');
  });
});

describe('JUnit', () => {
  it('has a case per step and one for the scenario', () => {
    const { elements } = readXml(junit(all));
    const suites = elements.filter(({ name }) => name === 'testsuite').map(({ attributes }) => attributes);
    expect(suites.map(({ tests, failures, skipped }) => [tests, failures, skipped])).toEqual([
      ['4', '0', '1'],
      ['3', '1', '0'],
      ['2', '1', '0'],
    ]);
    expect(elements.filter(({ name }) => name === 'testcase')).toHaveLength(9);
    expect(elements.find(({ name }) => name === 'testcase')?.attributes).toEqual({
      classname: '1-2-3',
      name: 'UNS-01',
      file: 'docs/emergency/unseal.mdx',
      line: '20',
      time: '0.120',
    });
  });

  it('stays well formed whatever a program printed', () => {
    const nasty = fc.string({ unit: 'binary', maxLength: 30 });
    const broken = fc.constantFrom(
      '\0',
      '\x1b[31m',
      ']]>',
      '\ud800',
      '\udc00x',
      '\uffff',
      '<&">\'',
      '\r\n\t',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(nasty, broken), { minLength: 4, maxLength: 4 }),
        ([a = '', b = '', c = '', d = '']) => {
          const hit: Failure = { ...failure, rule: `x${a}`, wanted: b, found: c, stderr: [d], command: a };
          const report = junit(
            results([scenario(`id${a}`, [step(`s${b}`, { verdict: 'failed', failure: hit })], [hit])]),
          );
          expect(readXml(report).elements.filter(({ name }) => name === 'failure')).toHaveLength(2);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps all that is legal', () => {
    expect(readXml(`<a x="${xml('é “q” 𝄞 \n\t <&>"')}"/>`).elements[0]?.attributes.x).toBe(
      'é “q” 𝄞 \n\t <&>"',
    );
    expect(xml('a\0b\ud800c\udc00d\ufffe𝄞')).toBe('abcd𝄞');
  });
});

describe('Markdown', () => {
  it('says whether people or a machine did it, and escapes tables', () => {
    expect(markdown(all)).toMatch(/^# Automated drill: 1 passed, 2 failed\n/);
    expect(markdown({ ...all, kind: 'exercise by people' })).toMatch(/^# Exercise by people: /);
    expect(markdown(all)).toContain('| Unseal with 1-2-3 | recovered | 3 | 0.2 s | 6 min |  |');
    expect(markdown(all)).toContain('| aws | stand-in \\| 1 | 1 |');
    expect(markdown({ ...all, dirty: true })).toContain('with changes that are not committed');
  });

  it('fences a failure that holds a fence', () => {
    const hit = { ...failure, command: '```bash\nrm\n```' };
    const text = markdown(results([scenario('x', [step('A', { verdict: 'failed', failure: hit })])]));
    expect(text).toContain('\n````text\n');
  });
});

describe('terminal', () => {
  const play = (isTTY: boolean, github = false) => {
    let written = '';
    const display = createDisplay({ write: (text: string) => (written += text), isTTY, columns: 60 }, github);
    display.progress({ done: 0, failed: 0, total: 3, elapsedMilliseconds: 10, running: ['1-2-3 UNS-04'] });
    display.finished(good);
    display.finished(bad);
    display.closed(all);
    return written;
  };

  it('prints one line a scenario and ends with the totals', () => {
    const lines = play(false).trimEnd().split('\n');
    expect(lines.slice(0, 2)).toEqual([
      '✓ 1-2-3: recovered (2 steps, 1.2 s)',
      '✗ 1-2-4: FAILED (2 steps, 1.2 s)',
    ]);
    expect(lines.at(-1)).toBe('1 passed, 2 failed');
    expect(lines.filter((line) => line.startsWith('docs/emergency/unseal.mdx:28: '))).toHaveLength(2);
    expect(play(false)).not.toContain('\r');
    expect(play(false, true)).toContain('\n::error file=');
  });

  it('draws progress on a terminal only, and wipes it', () => {
    expect(play(true)).toContain('0 of 3 scenarios, 0.0 s: 1-2-3 UNS-04\r\x1b[K✓ 1-2-3');
  });

  it('never draws beyond the edge, and guesses what is left', () => {
    const progress = {
      done: 5,
      failed: 1,
      total: 10,
      elapsedMilliseconds: 20_000,
      running: ['a'.repeat(200)],
    };
    expect(progressLine(progress, 200)).toContain('5 of 10 scenarios, 1 failed, 20 s, about 20 s left: a');
    for (const columns of [1, 10, 40, 80])
      expect([...progressLine(progress, columns)].length).toBeLessThanOrEqual(columns);
  });

  it('lets no control character of a program through', () => {
    const hit = { ...failure, found: '\x1b[2J\x07', stderr: ['\x1b]0;title\x07'] };
    expect(failureText(bad, hit)).not.toMatch(/[^\P{Cc}\n]/u);
    expect(scenarioLine({ ...good, expect: '\x1b[2J' })).not.toContain('\x1b');
  });
});
