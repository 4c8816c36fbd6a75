/** What people and machines read of a drill: pure functions of its results (terminal, GitHub annotations, Markdown). */
import type {
  Failure,
  Results,
  ScenarioResult,
  StepResult,
} from '../../../src/procedure/results/drill-results';
import { coalitionsInWords, coalitionTotals, placeTotals } from '../../../src/procedure/results/reach';
import { rtoOf } from '../../../src/procedure/results/recovery-time';

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(milliseconds < 9950 ? 1 : 0);

/** Control characters of a program's output would move the reader's cursor. */
const visible = (text: string) => text.replace(/[^\P{Cc}\t\n]/gu, '\ufffd');

/** `docs/emergency/unseal.mdx:28: step UNS-04 (scenario …): wanted …, found …` */
export function failureLine(scenario: ScenarioResult, failure: Failure, step?: StepResult): string {
  const who = step ? `step ${step.id} (scenario ${scenario.id})` : `scenario ${scenario.id}`;
  const what = `${failure.rule}: wanted ${failure.wanted}, found ${failure.found}`.replaceAll('\n', '\\n');
  return visible(`${failure.file}:${failure.line}: ${who}: ${what}`);
}

/** Failures of a scenario in the order in which they happened. */
export function failuresOf(scenario: ScenarioResult): { failure: Failure; step?: StepResult }[] {
  const steps = scenario.steps.flatMap((step) => (step.failure ? [{ failure: step.failure, step }] : []));
  return [...steps, ...scenario.problems.map((failure) => ({ failure }))];
}

/** The line, then the command and the last lines of stderr, indented. */
export function failureText(scenario: ScenarioResult, failure: Failure, step?: StepResult): string {
  const indented = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => `    ${visible(line)}`)];
  return [
    failureLine(scenario, failure, step),
    ...indented('command', failure.command === '' ? [] : failure.command.split('\n')),
    ...indented('stderr', failure.stderr),
  ].join('\n');
}

/** One line a finished scenario. */
export function scenarioLine(scenario: ScenarioResult): string {
  const ran = scenario.steps.filter(({ verdict }) => verdict !== 'skipped').length;
  const how = scenario.verdict === 'passed' ? scenario.expect : 'FAILED';
  return visible(
    `${scenario.verdict === 'passed' ? '✓' : '✗'} ${scenario.id}: ${how} (${ran} steps, ${seconds(scenario.milliseconds)} s)`,
  );
}

export interface Progress {
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  readonly elapsedMilliseconds: number;
  /** Steps that are being executed now. */
  readonly running: readonly string[];
}

/** The line that is drawn again and again while the drill runs; never wider than the terminal. */
export function progressLine(progress: Progress, columns: number): string {
  const { done, failed, total, elapsedMilliseconds, running } = progress;
  const left = done === 0 ? '' : `, about ${seconds((elapsedMilliseconds / done) * (total - done))} s left`;
  const bad = failed === 0 ? '' : `, ${failed} failed`;
  const line = `${done} of ${total} scenarios${bad}, ${seconds(elapsedMilliseconds)} s${left}: ${running.join(', ')}`;
  const characters = [...visible(line)];
  return characters.length < columns
    ? characters.join('')
    : `${characters.slice(0, Math.max(0, columns - 2)).join('')}…`;
}

/** The last line of the output, which other tools add up. */
export function closingLine({ totals }: Pick<Results, 'totals'>): string {
  return `${totals.passed} passed, ${totals.failed} failed`;
}

/** Everything after the last scenario: failures, coverage, the closing line. */
export function closingText(results: Results): string {
  const { coverage, totals } = results;
  const covered = coverage.outages.drilled + coverage.outages.equivalent;
  return [
    ...results.scenarios.flatMap((scenario) =>
      failuresOf(scenario).map(({ failure, step }) => `\n${failureText(scenario, failure, step)}`),
    ),
    '',
    ...(totals.commands === 0 && totals.failed > 0 ? ['tabletop: error: no command was executed'] : []),
    `${totals.steps} steps, ${totals.commands} commands in ${seconds(results.milliseconds)} s; ` +
      `outages ${covered} of ${coverage.outages.total}; page steps ${coverage.steps.executed} of ${coverage.steps.total}`,
    closingLine(results),
  ].join('\n');
}

/** Annotations for GitHub Actions, one per failure. */
export function annotations(results: Results): string[] {
  const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return results.scenarios.flatMap((scenario) =>
    failuresOf(scenario).map(({ failure, step }) => {
      const title = property(step ? `step ${step.id}` : `scenario ${scenario.id}`);
      const message = data(failureText(scenario, failure, step));
      return `::error file=${property(failure.file)},line=${failure.line},title=${title}::${message}`;
    }),
  );
}

const cell = (text: string) =>
  visible(text)
    .replace(/[\\|`*_<>[\]]/g, '\\$&')
    .replace(/\n/g, ' ');

/** What each place has seen, as a table; nothing where all pages are about one machine. */
function placesTable(results: Results): string[] {
  const totals = placeTotals(results.scenarios);
  if (totals.length === 0) return [];
  return [
    '## Places',
    '',
    'Everything that a place had in files or was shown, tried together with the wish to get at the key.',
    '',
    '| Place | In clear | Shards at most | Gives the key |',
    '| --- | --- | ---: | ---: |',
    ...totals.map(
      ({ place, clear, shards, rebuilds, scenarios }) =>
        `| ${cell(place)} | ${cell(clear.join(', ') || 'nothing')} | ${shards} | ${rebuilds} of ${scenarios} |`,
    ),
    '',
    coalitionsInWords(coalitionTotals(results.scenarios)),
    '',
  ];
}

/** A summary in Markdown, for pull requests and after-action reports. */
export function markdown(results: Results): string {
  const { coverage } = results;
  const state = results.dirty ? `${results.commit}, with changes that are not committed` : results.commit;
  const failures = results.scenarios.flatMap((scenario) =>
    failuresOf(scenario).map((each) => ({ scenario, ...each })),
  );
  const fence = (text: string) => {
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
    const ticks = '`'.repeat(longest + 1);
    return `${ticks}text\n${text}\n${ticks}`;
  };
  return [
    `# ${results.kind === 'automated drill' ? 'Automated drill' : 'Exercise by people'}: ${closingLine(results)}`,
    '',
    `Commit ${state}. Started ${results.started}, ${seconds(results.milliseconds)} s. Node ${results.node}.`,
    `Outages covered: ${coverage.outages.drilled} drilled and ${coverage.outages.equivalent} equivalent of ${coverage.outages.total}. ` +
      `Steps of the pages executed: ${coverage.steps.executed} of ${coverage.steps.total}.`,
    '',
    ...(failures.length === 0 ? [] : ['## Failures', '']),
    ...failures.flatMap(({ scenario, failure, step }) => [fence(failureText(scenario, failure, step)), '']),
    '## Scenarios',
    '',
    'Floor: what the machine needs, with stand-ins. Plan: floor and the minutes that the page gives to people. Target: recovery time objective of the page.',
    '',
    '| Scenario | Result | Steps | Floor | Plan | Target |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...results.scenarios.map((scenario) => {
      const { floorSeconds, planMinutes, targetMinutes } = rtoOf(scenario);
      const how = scenario.verdict === 'passed' ? scenario.expect : 'FAILED';
      const target = targetMinutes === null ? '' : `${targetMinutes} min`;
      return `| ${cell(scenario.title)} | ${cell(how)} | ${scenario.steps.length} | ${floorSeconds.toFixed(1)} s | ${Math.round(planMinutes)} min | ${target} |`;
    }),
    '',
    ...placesTable(results),
    '## Tools',
    '',
    '| Tool | Version | Rung |',
    '| --- | --- | ---: |',
    ...results.tools.map((tool) => `| ${cell(tool.name)} | ${cell(tool.version)} | ${tool.rung} |`),
    '',
  ].join('\n');
}
