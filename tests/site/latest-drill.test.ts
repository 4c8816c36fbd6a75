/** What the site says of the latest drill is what the results say of exactly this text, or nothing. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'parse5';
import { expect, test } from 'vitest';
import { attribute, elements, hasClass, textOf } from '../../scripts/ship/dom';
import { loadDeployment } from '../../src/deployment/load';
import { loadProcedures } from '../../src/procedure/load';
import { readLatestDrill, resultsFile } from '../../src/site/latest-drill';
import { BUILD, pages } from './site';

const drill = readLatestDrill('.', loadProcedures('.', loadDeployment('deployment.yaml')));
const report = readFileSync(join(BUILD, 'audit/latest-drill/index.html'), 'utf8');

/** What each step of the site says of its execution, by id. */
const said = new Map(
  pages().flatMap((file) =>
    [...elements(parse(readFileSync(join(BUILD, file), 'utf8')))]
      .filter((element) => element.tagName === 'section' && hasClass(element, 'step'))
      .flatMap((step): [string, string][] => {
        const foot = [...elements(step)].find((element) => hasClass(element, 'step-drilled'));
        return foot === undefined ? [] : [[attribute(step, 'id') ?? '', textOf(foot)]];
      }),
  ),
);

// Which of the two holds depends on whether a drill of this text ran before the build.
if (drill.state === 'current') {
  const { results, executions } = drill;
  test('each executed command says when, and how often; no other step does', () => {
    const date = results.started.slice(0, 10);
    for (const [id, text] of said) {
      expect(text, id).toContain(`in the drill of ${date} in ${executions[id]?.scenarios} scenario`);
    }
    expect(said.size).toBeGreaterThan(100);
    expect(report).toContain(`${results.totals.passed} scenarios passed, 0 failed`);
    expect(readFileSync(join(BUILD, 'audit/latest-drill/results.json'))).toEqual(readFileSync(resultsFile));
  });
} else {
  test('without a drill of this text that passed, no step claims anything', () => {
    expect([...said.keys()]).toEqual([]);
    expect(report).toContain(drill.state === 'failed' ? 'failed' : 'No drill of this text ran');
    expect(existsSync(join(BUILD, 'audit/latest-drill/results.json'))).toBe(drill.state === 'failed');
  });
}
