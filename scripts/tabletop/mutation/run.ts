/** `npm run tabletop -- mutate`: puts each mistake into the pages, one after the other, and sees whether the drill notices. */
import { execFileSync } from 'node:child_process';
import { partialReader } from '../../../src/procedure/text/load-partial';
import { clearLine, printOut } from '../../common/terminal';
import type { Setting } from '../plan/setting';
import { putReport, readResults } from '../report/files';
import { commitOf, planDigest } from '../report/summary';
import { buildTools } from '../world/tool-set';
import { allowedFile, allowedMutants, staleReasons } from './allowed';
import { type Mutant, mutantsOf } from './mutate';
import { executedPages, sourcesOf } from './plan';
import { type MutantResult, mutationMarkdown, mutationReport, percent, scoreOf, untried } from './report';
import { type Notice, tryMutants } from './trial';

/** Share of the mutants that must be noticed, where so many were tried that the share says something. */
const wantedPercent = 95;
const enoughMutants = 300;

export interface MutationOptions {
  readonly jobs: number;
  /** Only mutants of this file; only those whose id contains one of these texts, where there are any. */
  readonly page?: string | undefined;
  readonly only?: readonly string[];
  /** One of so many parts of them, counted from 1: together they are all. */
  readonly part?: { readonly number: number; readonly of: number } | undefined;
  /** So many, chosen by the seed. */
  readonly sample?: number | undefined;
  readonly seed: number;
  /** No mutant is begun after so many minutes; the report says how many are left. */
  readonly minutes?: number | undefined;
}

/** Texts of everything that executed pages are made of, by path. */
export function mutableTexts(setting: Setting): Map<string, string> {
  const read = partialReader(setting.root);
  const files = new Set(executedPages(setting.procedures).flatMap((page) => [...sourcesOf(page)]));
  return new Map([...files].map((file) => [file, read(file) ?? '']));
}

/** The same choice for the same seed, whatever the machine: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` of the items, each set equally likely, in their order. */
export function sampleOf<Item>(items: readonly Item[], count: number, seed: number): Item[] {
  const random = randomFrom(seed);
  const ranked = items.map((item, index) => ({ item, index, rank: random() }));
  const kept = ranked.sort((a, b) => a.rank - b.rank).slice(0, count);
  return kept.sort((a, b) => a.index - b.index).map(({ item }) => item);
}

/** One of several parts of about the same size, which stand together in the list. */
export function partOf<Item>(items: readonly Item[], { number, of }: { number: number; of: number }): Item[] {
  const at = (count: number) => Math.round((items.length * count) / of);
  return items.slice(at(number - 1), at(number));
}

/** Files that differ from the last commit, or that it has changed. */
function changedFiles(root: string): Set<string> {
  const list = (...words: string[]) => {
    try {
      return execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    } catch {
      return '';
    }
  };
  const names = list('diff', '--name-only', 'HEAD~1') + list('ls-files', '--others', '--exclude-standard');
  return new Set(names.split('\n'));
}

function choose(setting: Setting, options: MutationOptions, texts: ReadonlyMap<string, string>): Mutant[] {
  const { page, only = [] } = options;
  const all = mutantsOf(texts, executedPages(setting.procedures)).filter(
    ({ file, id }) =>
      (page === undefined || file === page) && (only.length === 0 || only.some((text) => id.includes(text))),
  );
  const own = options.part === undefined ? all : partOf(all, options.part);
  const kept = options.sample === undefined ? own : sampleOf(own, options.sample, options.seed);
  const changed = changedFiles(setting.root);
  // With a time limit the order decides what is left out: another seed leaves out others.
  const random = randomFrom(options.seed);
  const rank = new Map(kept.map(({ id }) => [id, options.minutes === undefined ? 0 : random()]));
  const place = ({ file, id }: Mutant) => (changed.has(file) ? -1 : (rank.get(id) ?? 0));
  return [...kept].sort((a, b) => place(a) - place(b));
}

/** The first line that the mutant changes, as it is and as it would be. */
function changeOf({ before, after }: Mutant): string {
  const [was, is] = [before.split('\n'), (after ?? '(removed)').split('\n')];
  const at = Math.max(
    0,
    was.findIndex((line, index) => line !== is[index]),
  );
  return `${was[at]?.trim()} → ${is[at]?.trim() ?? ''}`;
}

function show({ mutant, status }: MutantResult, done: number, total: number, elapsed: number): void {
  const minutes = Math.ceil(((elapsed / done) * (total - done)) / 60_000);
  const progress = `${done} of ${total}, about ${minutes} min left`;
  if (status === 'survived') {
    const what = `${mutant.file}:${mutant.line}: ${mutant.operator}: ${changeOf(mutant)}`;
    clearLine();
    printOut(`✗ ${what}\n  ${mutant.id} (${progress})\n`);
  } else if (process.stdout.isTTY) {
    clearLine();
    printOut(progress);
  } else if (done % 25 === 0) printOut(`${progress}\n`);
}

/** Runs the mutants and reports them. Returns the exit status. Throws RangeError when nothing was chosen. */
export async function mutate(setting: Setting, options: MutationOptions): Promise<number> {
  const started = Date.now();
  const texts = mutableTexts(setting);
  const allowed = allowedMutants(setting.root);
  const mutants = choose(setting, options, texts);
  if (mutants.length === 0) throw new RangeError('no such mutants: no command of that page can be changed');
  const tools = await buildTools();
  const results: MutantResult[] = [];
  const until = started + (options.minutes ?? Number.POSITIVE_INFINITY) * 60_000;
  const tried = (mutant: Mutant, notice: Notice | undefined, milliseconds: number) => {
    const reason = allowed.get(mutant.id);
    const status = notice ? 'noticed' : reason === undefined ? 'survived' : 'explained';
    const result = { by: '', detail: reason ?? '', ...notice, mutant, status, milliseconds } as const;
    results.push(result);
    show(result, results.length, mutants.length, Date.now() - started);
  };
  const isExplained = ({ id }: Mutant) => allowed.has(id);
  await tryMutants(setting, mutants, { tools, jobs: options.jobs, isExplained, until, tried });
  const milliseconds = Date.now() - started;
  const total = mutantsOf(texts, executedPages(setting.procedures)).length;
  const score = scoreOf(results);
  const { commit } = commitOf(setting.root);
  const run = { planSha256: planDigest(setting), mutation: { commit, total, ...score } };
  putReport(
    setting.root,
    'mutation.json',
    `${JSON.stringify(mutationReport(results, texts, run), null, 1)}\n`,
  );
  const drilled = readResults(setting.root);
  if (drilled?.planSha256 === run.planSha256)
    putReport(
      setting.root,
      'results.json',
      `${JSON.stringify({ ...drilled, mutation: run.mutation }, null, 1)}\n`,
    );
  putReport(setting.root, 'mutation.md', mutationMarkdown(results, milliseconds, total));
  const stale = staleReasons(results, allowed);
  // Told, and no failure: what was noticed once may have been noticed by the load of the machine.
  for (const id of stale) printOut(`${allowedFile}: ${id}: it is noticed now; its reason may go\n`);
  const share = (score.noticed / Math.max(1, score.mutants)) * 100;
  const tooFew = share < wantedPercent && results.length >= enoughMutants;
  const wanted = tooFew ? `wanted ${wantedPercent} % of the mutants noticed, found ${percent(score)}\n` : '';
  clearLine();
  printOut(
    `\ncommands ${percent(scoreOf(results, 'command'))}, acts ${percent(scoreOf(results, 'act'))}, ` +
      `contract ${percent(scoreOf(results, 'contract'))} noticed; ${score.explained} explained; ${(milliseconds / 1000).toFixed(0)} s\n` +
      `${untried(mutants, results)
        .map((line) => `${line}\n`)
        .join('')}` +
      `all: ${percent(score)} noticed; ${results.length} of ${mutants.length} chosen mutants were tried; all pages have ${total}\n` +
      `${wanted}${score.noticed + score.explained} passed, ${score.survived + (tooFew ? 1 : 0)} failed\n`,
  );
  return score.survived > 0 || tooFew ? 1 : 0;
}
