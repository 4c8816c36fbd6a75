/** `npm run evidence`: one archive for the assessor. The same commit and the same results give the same bytes. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { attestationsFile } from '../../src/audit/load-attestations';
import { type Period, parsePeriod } from '../../src/audit/period';
import { type TestResults, testResultsSchema } from '../../src/audit/test-results';
import { approvalsFile } from '../../src/deployment/approvals';
import { decisionsFile } from '../../src/deployment/decisions';
import { loadDeployment } from '../../src/deployment/load';
import type { Procedure } from '../../src/procedure/compile';
import { type Results, resultsSchema } from '../../src/procedure/results/drill-results';
import { resultsFile, textSha256 } from '../../src/site/latest-drill';
import { testResultsFile } from '../../src/site/latest-tests';
import { printError, printOut } from '../common/terminal';
import { planScenarios } from '../tabletop/plan/plan';
import { commitOf } from '../tabletop/report/summary';
import { looksLikeShard } from '../tabletop/secrets/redact';
import { exportsOf, proceduresOf } from './exports';
import { type PeriodReport, periodReport, RECORD_FOLDERS } from './period';
import { tarOf } from './ustar';

/** Folders that other commands fill, and their names in the pack. */
const FOLDERS = [
  { folder: 'reports/tabletop', as: 'tabletop' },
  { folder: 'reports/tests', as: 'tests' },
  { folder: 'print', as: 'print' },
  { folder: 'static/schemas', as: 'schemas' },
] as const;

/** What an assessor expects, how it is recognized in the pack, and what makes it. */
const WANTED = [
  { part: 'latest drill', file: /^tabletop\/results\.json$/, make: 'npm run tabletop' },
  { part: 'results of the tests', file: /^tests\/results\.json$/, make: 'npm test' },
  { part: 'mutation score', file: /^tabletop\/mutation\.json$/, make: 'npm run tabletop -- mutate' },
  {
    part: 'exercise reports',
    file: /^tabletop\/exercise\/.+\.json$/,
    make: 'npm run tabletop -- exercise SCENARIO',
  },
  { part: 'printed edition', file: /^print\/(?:.+\/)?runbook[^/]*\.pdf$/, make: 'npm run print' },
  { part: 'schemas', file: /^schemas\//, make: 'the repository' },
] as const;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const utf8 = (text: string) => new TextEncoder().encode(text);

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

/** What a drill says about the runbook as it is now: which scenarios it did not run, which pages are no longer what it ran. */
function drillState(root: string, procedures: readonly Procedure[], results: Results) {
  const done = new Set(results.scenarios.map(({ id }) => id));
  const plan = planScenarios(procedures, loadDeployment(path.join(root, 'deployment.yaml')));
  const digests = new Map(procedures.map((procedure) => [procedure.file, textSha256(procedure)]));
  return {
    commit: results.commit,
    kind: results.kind,
    ...results.totals,
    notRun: plan.flatMap(({ id }) => (done.has(id) ? [] : id)),
    changedPages: results.pages.flatMap(({ file, sha256: ran }) => (digests.get(file) === ran ? [] : file)),
  };
}

/** What the results of the tests say: of which commit they are, and how many ended how. */
function testState({ commit, dirty, started, files }: TestResults, now: string) {
  const sum = (key: 'passed' | 'failed' | 'skipped') => files.reduce((all, file) => all + file[key], 0);
  const counts = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  return { commit, dirty, started, ...counts, ofThisCommit: commit === now };
}

/** A report as its schema reads it; undefined without one. Throws RangeError with the first reason why it is none. */
function readReport<T>(root: string, name: string, schema: z.ZodType<T>): T | undefined {
  const file = path.join(root, name);
  if (!existsSync(file)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new RangeError(`${name}: is not JSON`);
  }
  const { data, error } = schema.safeParse(value);
  if (data !== undefined) return data;
  const issue = error?.issues[0];
  throw new RangeError(`${name}: ${issue?.path.join('.') || 'top'}: ${issue?.message}`);
}

export interface EvidencePack {
  readonly name: string;
  readonly bytes: Buffer;
  /** Parts that are not in the pack, with the command that makes them. */
  readonly missing: readonly { readonly part: string; readonly make: string }[];
  readonly drill: ReturnType<typeof drillState> | null;
  readonly tests: ReturnType<typeof testState> | null;
  /** Whether the records of the period are complete; undefined where none was asked for. */
  readonly period: PeriodReport | undefined;
}

/** A period to collect the records of. */
export interface PeriodRequest {
  readonly period: Period;
  /** The adopter's folder of records: trail, drills, logs, exercises. */
  readonly records: string;
  /** `YYYY-MM-DD` */
  readonly today: string;
}

/**
 * Collects the pack of a project folder, with the records of a period where one is asked for.
 * @throws RangeError outside a git repository, when a report is none, and when a file holds something that looks like a shard; the message
 *   names the file and nothing of it.
 */
export function evidencePack(root: string, asked?: PeriodRequest): EvidencePack {
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim();
  const { commit, dirty } = commitOf(root);
  if (commit === 'none') throw new RangeError('the project has no commit; evidence belongs to one');
  const files = new Map<string, Uint8Array>();
  for (const name of ['deployment.yaml', attestationsFile, decisionsFile, approvalsFile]) {
    const file = path.join(root, name);
    if (existsSync(file)) files.set(name, readFileSync(file));
  }
  const procedures = proceduresOf(root);
  for (const { file, lines } of procedures) {
    files.set(file.replace(/^docs/, 'runbook'), utf8(`${lines.map((line) => line.text).join('\n')}\n`));
  }
  const results = readReport(root, resultsFile, resultsSchema);
  const tested = readReport(root, testResultsFile, testResultsSchema);
  for (const [name, text] of exportsOf(root, procedures, results)) {
    files.set(name.startsWith('procedure-') ? `procedures/${name}` : name, utf8(text));
  }
  for (const { folder, as } of FOLDERS) {
    // What somebody wrote beside the reports is no report.
    for (const name of filesIn(path.join(root, folder)).filter((file) => !file.endsWith('.log'))) {
      files.set(`${as}/${name}`, readFileSync(path.join(root, folder, name)));
    }
  }
  const period = asked && periodReport(root, asked.records, asked.period, asked.today, procedures);
  for (const folder of asked ? RECORD_FOLDERS : []) {
    for (const name of filesIn(path.join(asked?.records ?? '', folder)))
      files.set(`records/${folder}/${name}`, readFileSync(path.join(asked?.records ?? '', folder, name)));
  }
  if (period)
    files.set('PERIOD.json', utf8(`${JSON.stringify({ ...period, asOf: asked?.today }, null, 2)}\n`));
  const missing = WANTED.filter(({ file }) => ![...files.keys()].some((name) => file.test(name))).map(
    ({ part, make }) => ({ part, make }),
  );
  const state = results ? drillState(root, procedures, results) : null;
  const tests = tested ? testState(tested, commit) : null;
  const manifest = {
    format: 'mks-evidence/1',
    commit,
    dirty,
    drill: state,
    tests,
    missing,
  };
  files.set('MANIFEST.json', utf8(`${JSON.stringify(manifest, null, 2)}\n`));
  for (const [name, bytes] of files) {
    if (looksLikeShard(Buffer.from(bytes).toString('latin1'))) {
      throw new RangeError(`${name}: holds text that looks like a shard; the pack was not made`);
    }
  }
  const names = [...files.keys()].sort((a, b) => (a < b ? -1 : 1));
  const sums = names.map((name) => `${sha256(files.get(name) ?? new Uint8Array())}  ${name}\n`);
  files.set('SHA256SUMS', utf8(sums.join('')));
  const seconds = Number(git('show', '-s', '--format=%ct', 'HEAD'));
  const of = period === undefined ? '' : `-${period.period.name}`;
  const name = `masterkey-evidence-${commit.slice(0, 12)}${dirty ? '-dirty' : ''}${of}.tar`;
  return { name, bytes: tarOf(files, seconds), missing, drill: state, tests, period };
}

/** What the command line asks for. Throws RangeError in words for the caller. */
function requestOf(argv: readonly string[], root: string): PeriodRequest | undefined {
  let values: { period?: string; records?: string };
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: { period: { type: 'string' }, records: { type: 'string' } },
    }));
  } catch (error) {
    throw new RangeError((error as Error).message);
  }
  const { period, records } = values;
  if (period === undefined) {
    if (records !== undefined) throw new RangeError('--records: wanted --period with it');
    return undefined;
  }
  const asked = parsePeriod(period);
  const folder = path.resolve(root, records ?? 'records');
  if (!existsSync(folder))
    throw new RangeError(
      `${records ?? 'records'}: no such folder; wanted one with ${RECORD_FOLDERS.join('/, ')}/`,
    );
  return { period: asked, records: folder, today: new Date().toISOString().slice(0, 10) };
}

if (require.main === module) {
  const root = path.resolve(__dirname, '../..');
  const folder = path.join(root, 'reports/evidence');
  try {
    const { name, bytes, missing, drill, tests, period } = evidencePack(
      root,
      requestOf(process.argv.slice(2), root),
    );
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, name), bytes);
    printOut(`reports/evidence/${name}: ${(bytes.length / 1e6).toFixed(1)} MB, SHA-256 ${sha256(bytes)}\n`);
    for (const { part, make } of missing) printOut(`not in it: ${part} (made by ${make})\n`);
    if (period) {
      printOut(`${period.standing}: the records of ${period.period.name}\n`);
      for (const sentence of [...period.wrong, ...period.missing]) printOut(`${sentence}\n`);
      if (period.standing !== 'VERIFIED') process.exitCode = period.standing === 'FAILED' ? 1 : 4;
    }
    if (drill && drill.notRun.length > 0)
      printOut(`the drill left out ${drill.notRun.length} scenarios; npm run tabletop runs them\n`);
    if (drill && drill.changedPages.length > 0)
      printOut(
        `${drill.changedPages.length} pages changed after the drill; npm run tabletop runs them as they are\n`,
      );
    if (tests && !tests.ofThisCommit)
      printOut('the tests ran at another commit; npm test runs them at this one\n');
  } catch (error) {
    printError(`evidence: error: ${error instanceof Error ? error.message : 'unknown'}\n`);
    process.exitCode = 1;
  }
}
