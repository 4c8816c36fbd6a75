/** What must hold of the drill itself: a leak is a failure, nothing executed is a failure, and being killed leaves nothing. */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScenario } from '../../../scripts/tabletop/drill/drill';
import { workThrough } from '../../../scripts/tabletop/drill/workers';
import { sandboxParents, sandboxPrefix } from '../../../scripts/tabletop/machine/sandbox';
import { compileMutant } from '../../../scripts/tabletop/mutation/plan';
import type { Scenario } from '../../../scripts/tabletop/plan/scenario';
import { readSetting, type Setting } from '../../../scripts/tabletop/plan/setting';
import { looksLikeShard } from '../../../scripts/tabletop/secrets/redact';
import { buildTools, type Tools } from '../../../scripts/tabletop/world/tool-set';
import { type ScenarioResult, totalsOf } from '../../../src/procedure/results/drill-results';
import { partialReader } from '../../../src/procedure/text/load-partial';
import { exampleRoot } from '../../example';
import { becomes, processesThat } from '../living';

const project = resolve(__dirname, '../../..');
const all = readSetting(exampleRoot());
const read = partialReader(project);
const first = all.scenarios.find(({ id }) => id.startsWith('emergency/unseal/')) as Scenario;
let tools: Tools;
beforeAll(async () => {
  tools = await buildTools();
});

/** Runs a scenario, or the first quorum of the unseal page, with one line of a page or a partial replaced. */
async function runWith(file: string, before: string, after: string, id = first.id): Promise<ScenarioResult> {
  const line = (read(file) ?? '').split('\n').indexOf(before) + 1;
  expect(line, `${before} in ${file}`).toBeGreaterThan(0);
  const mutant = {
    id: after,
    operator: 'command-deleted',
    subject: 'command',
    file,
    line,
    count: 1,
    before,
    after,
  } as const;
  const compiled = compileMutant(all, mutant, read);
  expect(compiled.noticed).toBeUndefined();
  const { setting } = compiled as { setting: Setting };
  const scenario = setting.scenarios.find((each) => each.id === id) as Scenario;
  const [result] = await workThrough([scenario], 1, (each, database) =>
    runScenario(each, { ...setting, ...database, tools }),
  );
  return result as ScenarioResult;
}

const shell = 'docs/_partials/memory-folder.mdx';
const sink = 'docs/_partials/sink.mdx';
const wrapCommand =
  '  sss wrap --manifest manifest.json --to session.pub.pem --out shard-{{shard.n}}.wrapped';
/** Somebody in the pipe, who does something with the shard and passes it on. */
const between = (does: string) =>
  `  { IFS= read -r line || :; ${does}; printf %s "$line"; } |\n${wrapCommand}`;

describe('a drill fails', () => {
  it('when a page prints a shard, and says so without it', async () => {
    const result = await runWith(
      sink,
      wrapCommand,
      `  { ${between('echo "$line" >&3').replace('\n', '').trim()}; } 3>&1`,
    );
    expect(result.verdict).toBe('failed');
    expect(result.problems.map(({ rule }) => rule)).toContain('secret');
    expect(JSON.stringify(result)).toContain('[redacted: shard 1]');
    expect(looksLikeShard(JSON.stringify(result))).toBe(false);
  });

  it('when a page leaves a shard behind in any folder', async () => {
    const result = await runWith(
      sink,
      wrapCommand,
      between('base64 --wrap=0 <<< "$line" > "$HOME/.cache-{{shard.n}}"'),
    );
    expect(result.verdict).toBe('failed');
    const leaks = result.problems.filter(({ rule }) => rule === 'leak').map(({ found }) => found);
    expect(leaks).toContainEqual(
      expect.stringMatching(/^workstation-(\d+)\/home\/\.cache-\1: holds the shard \1$/),
    );
    expect(looksLikeShard(JSON.stringify(result))).toBe(false);
  });

  it('when a shard lies outside memory for a while, whatever is wiped later', async () => {
    const right = 'folder=$XDG_RUNTIME_DIR/{{folder}}';
    const result = await runWith(shell, right, 'folder=~/a-{{folder}}');
    const [failure] = result.steps.flatMap((step) => step.failure ?? []);
    expect(failure).toMatchObject({ rule: 'disk', wanted: 'no secret on a disk' });
    expect(failure?.found).toMatch(/^a-recovery\/session\.key: holds a private key$/);
  });

  it('when a step that wipes a shard forgets the picture of its sheet', async () => {
    const page = 'docs/lifecycle/reshare.mdx';
    const line = "  -o -name 'sheet-*' -o -name '*.plain' -o -name '*.part' -o -name session.key \\) \\";
    const scenario = all.scenarios.find(({ procedures }) => procedures[0]?.file === page);
    const result = await runWith(shell, line, line.replace("'sheet-*'", "'sheet-*.html'"), scenario?.id);
    const failures = result.steps.flatMap(({ id, failure }) => (failure ? [{ id, ...failure }] : []));
    expect(failures[0]).toMatchObject({ id: 'RSH-09', rule: 'plaintext' });
    expect(failures[0]?.found).toMatch(/^run\/recovery\/sheet-(\d+)\.png: holds the picture of shard \1$/);
  });

  it('when a step that destroys the session key keeps it', async () => {
    const page = 'docs/lifecycle/reshare.mdx';
    // Out of the folder, in which the page itself looks for one.
    const line = `find "\${folder:?do step {{page.prefix}}-03 first}" -type f \\`;
    const scenario = all.scenarios.find(({ procedures }) => procedures[0]?.file === page);
    const result = await runWith(shell, line, `cp session.key ../kept; ${line}`, scenario?.id);
    const failures = result.steps.flatMap(({ id, failure }) => (failure ? [{ id, ...failure }] : []));
    expect(failures[0]).toMatchObject({
      id: 'RSH-09',
      rule: 'plaintext',
      wanted: 'no private key after a step that destroys the session key',
      found: 'kept: holds a private key',
    });
  });

  it('when a page leaves a process behind', async () => {
    const forever = 'while :; do read -r -t 1 <> <(:) || :; done >/dev/null 2>&1 & disown';
    const result = await runWith(shell, 'umask 077', `umask 077; ${forever}`);
    expect(result.verdict).toBe('failed');
    expect(result.problems).toContainEqual(expect.objectContaining({ rule: 'process', found: 'bash' }));
  });

  it('when no command was executed', () => {
    expect(totalsOf([])).toMatchObject({ failed: 1, commands: 0 });
    const idle: ScenarioResult = {
      id: 'idle',
      title: 'Idle',
      pages: [shell],
      faults: {},
      expect: 'completed',
      targetMinutes: null,
      started: '2026-01-05T09:30:00.000Z',
      milliseconds: 1,
      steps: [],
      problems: [],
      verdict: 'failed',
    };
    expect(totalsOf([idle])).toMatchObject({ passed: 0, failed: 2 });
  });
});

/** A line of a process's environment that only this test's drill has. */
const processesWith = (mark: string): string[] =>
  processesThat((read) =>
    read('environ').includes(mark) || read('cmdline').includes(mark) ? read('comm') : undefined,
  );

describe.skipIf(!existsSync('/proc/self/environ'))('a drill that is killed', () => {
  const root = mkdtempSync(join(tmpdir(), 'killed drill '));
  afterAll(() => rmSync(root, { recursive: true }));

  it('leaves no process and no folder', async () => {
    for (const name of ['deployment.yaml', 'static', 'tests'])
      symlinkSync(join(exampleRoot(), name), join(root, name));
    mkdirSync(join(root, 'docs'));
    cpSync(join(project, 'docs'), join(root, 'docs'), { recursive: true });
    // The drill waits in the middle of a block, with a shard in the clear in a pipe, until it is killed.
    const flag = join(root, 'waiting');
    const file = join(root, sink);
    const waiting = `echo "$HOME" > '${flag}'; for i in {1..3000}; do read -r -t 1 <> <(:) || :; done`;
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(wrapCommand, `  { ${waiting}; ${wrapCommand.trim()}; }`),
    );
    const words = ['scripts/tabletop/main.ts', '--root', root, '--only', first.id, '--jobs', '1'];
    const child = spawn(process.execPath, ['--import', 'tsx', ...words], {
      cwd: project,
      detached: true,
      stdio: 'ignore',
    });
    // The file is there a moment before the name in it.
    expect(await becomes(() => existsSync(flag) && readFileSync(flag, 'utf8').endsWith('\n'), 240)).toBe(
      true,
    );
    const home = readFileSync(flag, 'utf8').trim();
    const folder = resolve(home, '..');
    expect(sandboxParents().some((parent) => folder.startsWith(join(parent, sandboxPrefix)))).toBe(true);
    expect(readdirSync(join(folder, 'run', 'recovery'))).toContain('session.pub.pem');
    expect(processesWith(`HOME=${home}`).length).toBeGreaterThan(0);

    process.kill(child.pid as number, 'SIGKILL');
    expect(await becomes(() => !existsSync(folder))).toBe(true);
    expect(await becomes(() => processesWith(folder).length === 0)).toBe(true);
  });
});
