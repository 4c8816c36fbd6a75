/** A comparison of two editions, for whoever approves the pages anew, and as release notes by procedure. */
import type { Approval } from '../../src/deployment/approvals';
import type { PageChange, StepChange } from './compare';

const kinds = {
  changed: 'changed',
  added: 'new page',
  removed: 'page is gone',
  text: 'text alone, same steps',
} as const;

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** Instructions are long, and the page has them: as many words as tell one step from another. */
function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 80 ? line : `${line.slice(0, line.lastIndexOf(' ', 77))} …`;
}

const stepWords = ({ kind, what }: StepChange): string =>
  kind === 'changed'
    ? what.join(', ')
    : kind === 'moved'
      ? 'stands elsewhere on the page'
      : short(what[0] ?? '');

/** People whose approval of a page is of another edition from now on. */
const approvedBy = (approvals: readonly Approval[], page: string): string =>
  [...new Set(approvals.filter(({ page: of }) => of === page).map(({ by }) => by))].join(', ');

function summary(changes: readonly PageChange[]): string {
  const of = (kind: PageChange['kind']) => changes.filter((change) => change.kind === kind);
  const steps = of('changed').flatMap((change) => change.steps).length;
  return [
    `${counted(of('changed').length, 'page')} with ${counted(steps, 'changed step')}`,
    `${of('added').length} new`,
    `${of('removed').length} gone`,
    `${of('text').length} in text alone`,
  ].join(', ');
}

/** Lines for a terminal; the last one counts. */
export function comparisonLines(changes: readonly PageChange[], approvals: readonly Approval[]): string[] {
  const pages = changes.flatMap(({ file, from, title, kind, steps }) => {
    const by = approvedBy(approvals, from ?? file);
    return [
      `${file}: ${title}: ${kinds[kind]}${from === undefined ? '' : `, was ${from}`}`,
      ...(kind === 'changed'
        ? steps.map((step) => `  ${step.kind.padEnd(7)}  ${step.id}  ${stepWords(step)}`)
        : []),
      ...(kind === 'added' ? [`  ${counted(steps.length, 'step')}`] : []),
      ...(by === '' ? [] : [`  approve anew: ${by} approved an older edition`]),
    ];
  });
  return [...pages, summary(changes)];
}

/** Release notes in Markdown: what people do in another way, procedure by procedure. */
export function releaseNotes(changes: readonly PageChange[]): string {
  const part = (title: string, kind: PageChange['kind'], line: (change: PageChange) => string): string[] => {
    const pages = changes.filter((change) => change.kind === kind);
    return pages.length === 0
      ? []
      : [`## ${title}\n\n${pages.map((change) => `- ${line(change)}`).join('\n')}\n`];
  };
  const name = ({ title, file, from }: PageChange): string =>
    `**${title}** (\`${file}\`${from === undefined ? '' : `, was \`${from}\``})`;
  const parts = [
    ...part(
      'Changed procedures',
      'changed',
      (change) =>
        `${name(change)}\n${change.steps.map((step) => `  - ${step.kind} ${step.id}: ${stepWords(step)}`).join('\n')}`,
    ),
    ...part('New pages', 'added', (change) => `${name(change)}: ${counted(change.steps.length, 'step')}`),
    ...part('Pages that are gone', 'removed', name),
    ...part('Changed in text alone', 'text', name),
  ];
  return parts.length === 0 ? 'No procedure has changed.\n' : parts.join('\n');
}
