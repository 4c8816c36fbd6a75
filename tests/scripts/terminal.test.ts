/** No control character of foreign text reaches a terminal: not from a log, a procedure, a name of a file or an argument. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../scripts/sss/main';
import { createDisplay } from '../../scripts/tabletop/report/terminal';
import type { CrossCheckInput } from '../../src/audit/difference';
import { verdictPage } from '../../src/audit/verdict-page';
import { InvalidInput } from '../../src/deployment/problem';
import { toText, trail } from '../audit/trails';

const folder = mkdtempSync(path.join(tmpdir(), 'terminal-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string, content: string) => {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
};

/** Goes up four lines, erases them and says something else; hides the rest; begins a line. */
const ATTACK =
  '\u001b[4A\u001b[JOne story: 27 steps\u009b8m\u202e\u200b\u2028\u{e0041}\u007f\r\nOne story: agree';
const HARMFUL = /[^\n\P{C}]|[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

async function run(argv: string[], program = main) {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  const code = await program(argv, { env: {}, out: write, err: write, progress: write });
  return { code, text };
}

const log = {
  format: 'mks-ceremony-log/1',
  page: 'docs/ceremony/script.mdx',
  release: { version: '1.0.0', commit: 'abcdef0' },
  mode: 'real',
  participants: [{ person: 'ana', roles: ['operator'], signed: 'agree' }],
  steps: [{ id: 'UNS-04', time: '2026-11-23T08:00:00Z', by: 'ana', witness: 'ben' }],
  exceptions: [{ step: 'UNS-04', expected: 'a', happened: ATTACK, decided: ATTACK, by: 'ana' }],
};
const procedure = {
  page: 'docs/ceremony/script.mdx',
  commit: 'abcdef0',
  steps: [{ id: 'UNS-04', by: 'operator', witness: 'internal-witness', log: ['shard.unwrapped'] }],
};
const files = () => ({
  procedure: at('procedure.json', JSON.stringify(procedure)),
  trail: at('trail.jsonl', toText(trail(4))),
  log: at('log.json', JSON.stringify(log)),
});

describe('control characters', () => {
  it('of a Ceremony Log are shown by sss audit compare, and move nothing', async () => {
    const { procedure: page, trail: file, log: filled } = files();
    for (const [argv, program] of [
      [['audit', 'compare', '--procedure', page, '--log', filled, file], main],
    ] as const) {
      const { code, text } = await run([...argv], program);
      expect(code).toBe(1);
      expect(text).toMatch(/^FAILED: \d+ differences:/);
      expect(text).toContain('\\u001b[4A\\u001b[JOne story');
      expect(text).not.toMatch(HARMFUL);
      // Not even on a line of its own.
      expect(text).not.toMatch(/^One story/m);
    }
    const { text } = await run([
      'audit',
      'compare',
      '--json',
      ...['--procedure', page, '--log', filled, file],
    ]);
    expect(text).not.toMatch(HARMFUL);
    expect(JSON.parse(text).exceptions[0].happened).toBe(ATTACK);
  });

  it('of arguments, file names and members of a file are shown in errors', async () => {
    const { procedure: page, trail: file } = files();
    const strange = at('strange.json', JSON.stringify({ ...log, [ATTACK]: 1 }));
    const name = path.join(folder, 'none\u001b[2J\u202e');
    for (const argv of [
      [ATTACK],
      ['audit', ATTACK],
      ['audit', 'verify', `--${ATTACK}`],
      ['audit', 'verify', name],
      ['audit', 'verify', '--head', ATTACK, file],
      ['audit', 'verify', '--procedure', strange, file],
      ['audit', 'compare', '--procedure', page, '--log', strange, file],
      ['audit', 'custody', '--deployment', at('d.yaml', `key: "${'\\e[2J\\u202e'}"`), at('a.yaml', 'a: 1')],
      ['audit', 'append', '--action', ATTACK, '--actor', ATTACK, '--actor-role', 'x', file],
      ['inspect', name],
      ['manifest', at('m.json', JSON.stringify({ format: ATTACK, [ATTACK]: 1 }))],
      ['generate', `--${ATTACK}=1`],
    ]) {
      const { code, text } = await run(argv);
      expect(code).not.toBe(0);
      expect(text).not.toMatch(HARMFUL);
      expect(text).not.toMatch(/^One story/m);
    }
  });

  it('of YAML are shown in the problems of a build', () => {
    const { message } = new InvalidInput([{ file: 'a.yaml', line: 1, rule: 'X', message: ATTACK }]);
    expect(message).not.toMatch(HARMFUL);
    expect(message).not.toContain('\n');
  });

  it('of the output of tools are shown by the drill', () => {
    let text = '';
    const display = createDisplay({ write: (part) => (text += part) }, true);
    const failure = { rule: 'x', wanted: ATTACK, found: ATTACK, command: ATTACK, stderr: [ATTACK] };
    const scenario = {
      id: `a${ATTACK}`,
      title: ATTACK,
      pages: ['docs/x.mdx'],
      verdict: 'failed',
      milliseconds: 1,
      steps: [],
      problems: [{ page: 'docs/x.mdx', file: 'docs/x.mdx', line: 1, ...failure }],
    };
    const totals = { passed: 0, failed: 1, commands: 1 };
    const coverage = { outages: { drilled: 0, equivalent: 0, total: 0 }, steps: { executed: 0, total: 0 } };
    const results = { scenarios: [scenario], totals, coverage, notRun: [], milliseconds: 1 };
    display.finished(scenario as never);
    display.closed(results as never);
    expect(text).toContain('\\u001b[4A');
    expect(text).not.toMatch(HARMFUL);
  });

  it('of a log are shown on the page of the verdict', () => {
    const page = verdictPage({ ...procedure, log, events: [] } as unknown as CrossCheckInput, []);
    expect(page).toContain('\\u001b[4A');
    expect(page).not.toMatch(HARMFUL);
  });
});

it('text leaves the programs in one place only', () => {
  // Setup has no dependencies; the others pass on what a child process printed, measure, run inside a sandbox, or answer their parent.
  const others =
    /^(?:setup\.mjs|test\.ts|ci\.ts|common\/(?:terminal|run)\.ts|bench.*|.*\/bench.*|tabletop\/exercise\/client\.cjs|upgrade\/edition\.ts)$/;
  const root = path.resolve(__dirname, '../../scripts');
  const direct = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|mjs|cjs)$/.test(file) && !others.test(file))
    .filter((file) =>
      /process\.std(?:out|err)\.write\(|console\.(?:log|error|warn|info)\(/.test(
        readFileSync(path.join(root, file), 'utf8'),
      ),
    );
  expect(direct).toEqual([]);
});
