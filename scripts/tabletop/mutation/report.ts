/** What a mutation run says: in the schema of mutation-testing-report (version 2), and for people. Pure. */

import type { MutationRun } from '../report/files';
import type { Mutant } from './mutate';
import { mutationOperators } from './mutate';

export interface MutantResult {
  readonly mutant: Mutant;
  /** `explained`: on the allow list, and not noticed. */
  readonly status: 'noticed' | 'survived' | 'explained';
  /** The scenario or the build rule that noticed it, and what it said; the reason of an explained one. */
  readonly by: string;
  readonly detail: string;
  readonly milliseconds: number;
}

export interface Score {
  readonly mutants: number;
  readonly noticed: number;
  readonly explained: number;
  readonly survived: number;
}

/** Counts of the results, of one subject or of all. */
export function scoreOf(results: readonly MutantResult[], subject?: Mutant['subject']): Score {
  const own = results.filter(({ mutant }) => subject === undefined || mutant.subject === subject);
  const count = (status: MutantResult['status']) => own.filter((result) => result.status === status).length;
  return {
    mutants: own.length,
    noticed: count('noticed'),
    explained: count('explained'),
    survived: count('survived'),
  };
}

/** Share of the mutants that were noticed, in per cent with one digit; an explained one was not noticed. */
export function percent({ mutants, noticed }: Score): string {
  return mutants === 0 ? '—' : `${((noticed / mutants) * 100).toFixed(1)} %`;
}

const statuses = { noticed: 'Killed', survived: 'Survived', explained: 'Ignored' } as const;

/** The report for tools that show mutants beside their source. `texts` has the files that were mutated. */
export function mutationReport(
  results: readonly MutantResult[],
  texts: ReadonlyMap<string, string>,
  run?: MutationRun,
): Record<string, unknown> {
  const byFile = new Map<string, MutantResult[]>();
  for (const result of results) {
    const list = byFile.get(result.mutant.file) ?? [];
    byFile.set(result.mutant.file, [...list, result]);
  }
  const killers = [
    ...new Set(results.filter(({ status }) => status === 'noticed').map(({ by }) => by)),
  ].sort();
  const entry = ({ mutant, status, by, detail, milliseconds }: MutantResult) => {
    const last = mutant.before.split('\n').at(-1) ?? '';
    return {
      id: mutant.id,
      mutatorName: mutant.operator,
      description: mutationOperators[mutant.operator],
      replacement: mutant.after ?? '',
      location: {
        start: { line: mutant.line, column: 1 },
        end: { line: mutant.line + mutant.count - 1, column: last.length + 1 },
      },
      status: statuses[status],
      statusReason: detail,
      duration: Math.round(milliseconds),
      ...(status === 'noticed' ? { killedBy: [by] } : {}),
    };
  };
  return {
    schemaVersion: '2',
    ...(run ? { config: run } : {}),
    thresholds: { high: 95, low: 90 },
    files: Object.fromEntries(
      [...byFile].map(([file, list]) => [
        file,
        { language: 'mdx', source: texts.get(file) ?? '', mutants: list.map(entry) },
      ]),
    ),
    testFiles: { tabletop: { tests: killers.map((id) => ({ id, name: id })) } },
  };
}

/** Files of which not every mutant was tried, one line each. */
export function untried(chosen: readonly Mutant[], results: readonly MutantResult[]): string[] {
  const tried = new Set(results.map(({ mutant }) => mutant.id));
  const counts = new Map<string, number>();
  for (const { id, file } of chosen) if (!tried.has(id)) counts.set(file, (counts.get(file) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, count]) => `not tried: ${count} of ${file}`);
}

const cell = (text: string) => text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\n/g, ' ');

/** The summary in Markdown: scores, what nobody noticed, what is explained. */
export function mutationMarkdown(
  results: readonly MutantResult[],
  milliseconds: number,
  total: number,
): string {
  const all = scoreOf(results);
  const row = (name: string, score: Score) =>
    `| ${name} | ${score.mutants} | ${score.noticed} | ${percent(score)} | ${score.explained} | ${score.survived} |`;
  const operators = [...new Set(results.map(({ mutant }) => mutant.operator))].sort();
  const listed = (status: MutantResult['status'], title: string) => {
    const found = results.filter((result) => result.status === status);
    if (found.length === 0) return [];
    return [
      `## ${title}`,
      '',
      '| Where | Mutant | Line as it is | Line instead | Why |',
      '| --- | --- | --- | --- | --- |',
      ...found.map(
        ({ mutant, detail }) =>
          `| ${mutant.file}:${mutant.line} | ${cell(mutant.operator)} | ${cell(mutant.before.slice(0, 160))} | ${cell((mutant.after ?? '(removed)').slice(0, 160))} | ${cell(detail)} |`,
      ),
      '',
    ];
  };
  return [
    `# Mutated pages: ${percent(scoreOf(results, 'command'))} of the wrong commands noticed`,
    '',
    `${all.mutants} of ${total} mutants in ${(milliseconds / 1000).toFixed(0)} s.`,
    '',
    '| What is wrong | Mutants | Noticed | Share | Explained | Survived |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    row('A command or its output', scoreOf(results, 'command')),
    row('What people do', scoreOf(results, 'act')),
    row('Who does it', scoreOf(results, 'contract')),
    row('**All**', all),
    '',
    '| Operator | Mutants | Noticed | Share | Explained | Survived |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...operators.map((operator) =>
      row(operator, scoreOf(results.filter(({ mutant }) => mutant.operator === operator))),
    ),
    '',
    ...listed('survived', 'Not noticed'),
    ...listed('explained', 'Not noticed, with a reason'),
  ].join('\n');
}
