/** `npm run tabletop`: executes every documented procedure, in every combination that can occur, and says what it saw. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Deployment } from '../../src/deployment/deployment';
import { loadDeployment } from '../../src/deployment/load';
import { formatProblem, InvalidInput } from '../../src/deployment/problem';
import type { Procedure } from '../../src/procedure/compile';
import { loadProcedures } from '../../src/procedure/load';
import { startPostgres } from '../providers/postgres';
import { runScenario } from './drill';
import { storeFixture } from './fixture';
import { junit } from './junit';
import { planScenarios, type Scenario, stepsOf, unexplainedRefusals } from './plan';
import { markdown } from './report';
import { type Results, resultsSchema, type ScenarioResult, totalsOf } from './results';
import { createDisplay } from './terminal';
import { buildTools, type Tools, toolVersions } from './tool-set';
import { checkFixture } from './worlds';

const root = resolve(__dirname, '../..');

const help = `npm run tabletop -- [COMMAND] [options]

Executes the procedures of docs/ in sandboxes, exactly as they are printed.

  (none)             run every scenario; reports go to reports/tabletop/
  fixture            follow the ceremony's pages and store the TEST set that comes out of it
  list               print the scenarios, one a line

Options:
  --only TEXT        only scenarios whose id contains TEXT
  --jobs N           scenarios at the same time (default 2)
  --help             this text

Example:
  npm run tabletop -- --only unseal/1-2-3
`;

class UsageError extends Error {}

interface Setting {
  readonly deployment: Deployment;
  readonly procedures: readonly Procedure[];
  readonly scenarios: readonly Scenario[];
}

function setUp(): Setting {
  const deployment = loadDeployment(join(root, 'deployment.yaml'));
  const procedures = loadProcedures(root, deployment);
  const scenarios = planScenarios(procedures, deployment);
  const unexplained = unexplainedRefusals(scenarios);
  if (unexplained.length > 0) throw new InvalidInput(unexplained);
  return { deployment, procedures, scenarios };
}

/** Runs scenarios on a few workers, each with a database of its own. Results keep the order of the plan. */
async function runAll(
  { deployment, scenarios }: Setting,
  tools: Tools,
  jobs: number,
  seen: { step(scenario: Scenario, id: string): void; done(result: ScenarioResult): void },
  keep?: Parameters<typeof storeFixture> extends [string, infer Box, infer Database]
    ? (sandbox: Box, postgres: Database) => Promise<void>
    : never,
): Promise<ScenarioResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tabletop-'));
  const results: ScenarioResult[] = [];
  let next = 0;
  const worker = async (index: number) => {
    const postgresSocket = join(folder, `${index}.sock`);
    const postgres = await startPostgres(postgresSocket);
    try {
      for (let at = next++; at < scenarios.length; at = next++) {
        const scenario = scenarios[at] as Scenario;
        const result = await runScenario(scenario, {
          root,
          deployment,
          tools,
          postgres,
          postgresSocket,
          onStep: (_, step) => seen.step(scenario, step.id),
          ...(keep ? { keep: (sandbox) => keep(sandbox, postgres) } : {}),
        });
        results[at] = result;
        seen.done(result);
      }
    } finally {
      await postgres.close();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, scenarios.length) }, (_, index) => worker(index)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function git(...words: string[]): string | undefined {
  try {
    return execFileSync('git', words, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

/** Outage sets are all sets of shards: those of size N−M or less leave a quorum, which is drilled; larger ones are refused by name. */
function coverageOf(
  { deployment, procedures, scenarios }: Setting,
  results: readonly ScenarioResult[],
): Results['coverage'] {
  const drilled = new Set(
    scenarios
      .filter((scenario) => scenario.quorum && !scenario.tampering)
      .map((scenario) => scenario.quorum?.join('-')),
  );
  const { threshold } = deployment.key;
  const numbers = deployment.shards.map((shard) => shard.n);
  let [exact, equivalent, total] = [0, 0, 0];
  for (let mask = 0; numbers.length <= 16 && mask < 2 ** numbers.length; mask++) {
    const left = numbers.filter((_, bit) => (mask & (1 << bit)) === 0);
    total++;
    // With more shards than needed the lead chooses M of them: the quorum that is then followed is drilled.
    if (left.length > threshold) equivalent += drilled.has(left.slice(0, threshold).join('-')) ? 1 : 0;
    else if (left.length === 0 || drilled.has(left.join('-'))) exact++;
  }
  const executed = new Set(results.flatMap((result) => result.steps.map((step) => step.id)));
  const drilledPages = procedures.filter((procedure) => procedure.applies && procedure.page.drill);
  const steps = drilledPages.flatMap((procedure) => procedure.steps.map((step) => step.id));
  return {
    outages: { drilled: exact, equivalent, total },
    steps: { executed: steps.filter((id) => executed.has(id)).length, total: steps.length },
  };
}

function summarize(setting: Setting, scenarios: ScenarioResult[], tools: Tools, started: Date): Results {
  const plan = setting.scenarios.map((scenario) => [
    scenario.id,
    scenario.procedures.flatMap((procedure) =>
      stepsOf(scenario, procedure).map((step) => [
        step.id,
        step.command?.lines.map((line) => line.text) ?? step.act,
      ]),
    ),
  ]);
  return resultsSchema.parse({
    format: 'tabletop-results/1',
    kind: 'automated drill',
    commit: git('rev-parse', 'HEAD') ?? 'none',
    dirty: (git('status', '--porcelain') ?? 'unknown') !== '',
    started: started.toISOString(),
    milliseconds: Date.now() - started.getTime(),
    node: process.version,
    tools: toolVersions(tools),
    pages: setting.procedures
      .filter((procedure) => procedure.page.drill)
      .map((procedure) => ({
        file: procedure.file,
        sha256: sha256(procedure.lines.map((line) => line.text).join('\n')),
      })),
    planSha256: sha256(JSON.stringify(plan)),
    scenarios,
    totals: totalsOf(scenarios),
    coverage: coverageOf(setting, scenarios),
  });
}

function writeReports(results: Results): void {
  const folder = join(root, 'reports', 'tabletop');
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  put('results.json', `${JSON.stringify(results, null, 1)}\n`);
  put('junit.xml', junit(results));
  put('summary.md', markdown(results));
}

async function drill(setting: Setting, jobs: number): Promise<number> {
  const started = new Date();
  const display = createDisplay(process.stdout);
  const tools = await buildTools(root);
  const running = new Map<string, string>();
  const done: ScenarioResult[] = [];
  const show = () =>
    display.progress({
      done: done.length,
      failed: done.filter((result) => result.verdict === 'failed').length,
      total: setting.scenarios.length,
      elapsedMilliseconds: Date.now() - started.getTime(),
      running: [...running.values()],
    });
  const results = await runAll(setting, tools, jobs, {
    step: (scenario, id) => {
      running.set(scenario.id, id);
      show();
    },
    done: (result) => {
      running.delete(result.id);
      done.push(result);
      display.finished(result);
    },
  });
  const summary = summarize(setting, results, tools, started);
  writeReports(summary);
  display.closed(summary);
  return summary.totals.failed > 0 ? 1 : 0;
}

async function fixture(setting: Setting): Promise<number> {
  const chain = setting.scenarios.filter((scenario) => scenario.world === 'empty');
  const display = createDisplay(process.stdout);
  const tools = await buildTools(root);
  const started = new Date();
  const only: Setting = { ...setting, scenarios: chain.slice(0, 1) };
  const results = await runAll(
    only,
    tools,
    1,
    { step: () => undefined, done: (result) => display.finished(result) },
    (sandbox, postgres) => storeFixture(root, sandbox, postgres),
  );
  const summary = summarize(only, results, tools, started);
  if (summary.totals.failed > 0) {
    display.closed(summary);
    return 1;
  }
  process.stdout.write('tests/fixtures/tabletop: stored; now run npm test\n');
  return 0;
}

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { only: { type: 'string' }, jobs: { type: 'string', default: '2' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [command, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`one command is enough; found ${positionals.join(' ')}`);
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 64)
    throw new UsageError(`--jobs ${values.jobs}: wanted 1 to 64`);
  const all = setUp();
  const scenarios = all.scenarios.filter((scenario) => scenario.id.includes(values.only ?? ''));
  if (scenarios.length === 0)
    throw new UsageError(`no scenario contains "${values.only}"; see npm run tabletop -- list`);
  const setting = { ...all, scenarios };
  if (command === 'list') {
    process.stdout.write(scenarios.map((scenario) => `${scenario.id}: ${scenario.title}\n`).join(''));
    return 0;
  }
  if (command === 'fixture') return fixture(all);
  if (command !== undefined) throw new UsageError(`unknown command "${command}"`);
  if (scenarios.some((scenario) => scenario.world === 'fixture')) checkFixture(root, all.deployment);
  return drill(setting, jobs);
}

function explain(error: unknown): string {
  if (error instanceof InvalidInput) {
    if (process.env.GITHUB_ACTIONS) {
      for (const { file, line, message } of error.problems)
        process.stdout.write(`::error file=${file},line=${line}::${message}\n`);
    }
    return `${error.problems.map((problem) => `tabletop: error: ${formatProblem(problem)}`).join('\n')}\n`;
  }
  const message = (error as Error).message ?? String(error);
  const hint =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
      ? 'tabletop: hint: npm run tabletop -- --help\n'
      : '';
  return `tabletop: error: ${message.split('\n')[0]}\n${hint}`;
}

// Until the drill has said otherwise: a run that ends without a verdict has failed.
process.exitCode = 1;
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(explain(error));
    process.stdout.write('0 passed, 1 failed\n');
    process.exitCode = 1;
  },
);
