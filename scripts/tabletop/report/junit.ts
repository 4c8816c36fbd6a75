/** The results of a drill as JUnit XML, which CI systems read. */

import type {
  Failure,
  Results,
  ScenarioResult,
  StepResult,
} from '../../../src/procedure/results/drill-results';
import { failureLine, failuresOf, failureText } from './report';

/** Characters that XML 1.0 forbids, also as references; a report that holds one cannot be read, which looks like a pass. */
const illegal = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Text for an XML attribute or element. */
export function xml(text: string): string {
  return text.replace(illegal, '').replace(/[&<>"\n\r\t]/g, (character) => entities[character] ?? '');
}

/** JUnit XML: a suite per scenario, a case per step, and one more for what surrounds the steps. */
export function junit(results: Results): string {
  const time = (milliseconds: number) => (milliseconds / 1000).toFixed(3);
  const failureXml = (scenario: ScenarioResult, failure: Failure, step?: StepResult) =>
    `      <failure type="${xml(failure.rule)}" message="${xml(failureLine(scenario, failure, step))}">` +
    `${xml(failureText(scenario, failure, step))}</failure>`;
  const testcase = (
    name: string,
    scenario: ScenarioResult,
    at: { file: string; line: number; time: number },
    inner: string[],
  ) => {
    const head =
      `    <testcase classname="${xml(scenario.id)}" name="${xml(name)}" ` +
      `file="${xml(at.file)}" line="${at.line}" time="${time(at.time)}"`;
    return inner.length === 0 ? [`${head}/>`] : [`${head}>`, ...inner, '    </testcase>'];
  };
  const suites = results.scenarios.flatMap((scenario) => {
    const failed =
      failuresOf(scenario).filter(({ step }) => step).length + (scenario.problems.length > 0 ? 1 : 0);
    const skipped = scenario.steps.filter(({ verdict }) => verdict === 'skipped').length;
    return [
      `  <testsuite name="${xml(scenario.id)}" tests="${scenario.steps.length + 1}" failures="${failed}" ` +
        `errors="0" skipped="${skipped}" timestamp="${scenario.started}" time="${time(scenario.milliseconds)}">`,
      ...scenario.steps.flatMap((step) =>
        testcase(step.id, scenario, { file: step.file, line: step.line, time: step.milliseconds }, [
          ...(step.failure ? [failureXml(scenario, step.failure, step)] : []),
          ...(step.verdict === 'skipped' ? [`      <skipped message="${xml(step.message)}"/>`] : []),
        ]),
      ),
      ...testcase(
        scenario.title,
        scenario,
        { file: scenario.pages[0] ?? '', line: 1, time: 0 },
        scenario.problems.map((failure) => failureXml(scenario, failure)),
      ),
      '  </testsuite>',
    ];
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="tabletop">',
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}
