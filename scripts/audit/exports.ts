/** Exports for assessors: the control map as CSV and OSCAL, and each procedure as JSON for `sss audit compare`. `tsx scripts/audit/exports.ts FOLDER`. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { controlsCsv, type LoggedStep } from '../../src/audit/controls/map';
import {
  assessmentResults,
  componentDefinition,
  type DrilledPage,
  type OscalSource,
} from '../../src/audit/oscal';
import { loadDeployment } from '../../src/deployment/load';
import type { Procedure } from '../../src/procedure/compile';
import { type Results, resultsSchema } from '../../src/procedure/drill-results';
import { loadProcedures } from '../../src/procedure/load';

const SITE = process.env.SITE_URL ?? 'https://runbook.example';

/** Address of a page on the site, with a slash at the end. */
function addressOf(file: string): string {
  const name = file.replace(/^docs\/|\.mdx?$/g, '').replace(/(^|\/)index$/, '');
  return name === '' ? '/' : `/${name}/`;
}

const git = (root: string, ...args: string[]) =>
  execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim();

/** Every step with the address of its page. */
export function loggedSteps(procedures: readonly Procedure[]): LoggedStep[] {
  return procedures.flatMap(({ file, steps }) =>
    steps.map(({ id, log }) => ({ id, page: addressOf(file), log })),
  );
}

/** Pages of a drill with the number of their scenarios. */
export function drilledPages(results: Results): DrilledPage[] {
  const pages = [...new Set(results.scenarios.flatMap((scenario) => scenario.pages))];
  return pages.map((file) => {
    const own = results.scenarios.filter((scenario) => scenario.pages.includes(file));
    return {
      page: addressOf(file),
      scenarios: own.length,
      passed: own.every(({ verdict }) => verdict === 'passed'),
    };
  });
}

/** Every page of a project, compiled. */
export function proceduresOf(root: string): Procedure[] {
  return loadProcedures(root, loadDeployment(path.join(root, 'deployment.yaml')));
}

/** Files of the export by name. Without drill results there are no assessment results. */
export function exportsOf(
  root: string,
  procedures: readonly Procedure[],
  results?: Results,
): Map<string, string> {
  const commit = git(root, 'rev-parse', 'HEAD');
  const steps = loggedSteps(procedures);
  const source: OscalSource = {
    steps,
    site: SITE.replace(/\/$/, ''),
    version: commit.slice(0, 12),
    modified: git(root, 'show', '-s', '--format=%cI', 'HEAD'),
  };
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const files = new Map([
    ['control-map.csv', controlsCsv(steps)],
    ['oscal-component-definition.json', json(componentDefinition(source))],
  ]);
  if (results) {
    const finished = new Date(Date.parse(results.started) + results.milliseconds).toISOString();
    const assessed = assessmentResults(source, drilledPages(results), results.started, finished);
    files.set('oscal-assessment-results.json', json(assessed));
  }
  for (const { file, steps: own } of procedures.filter((procedure) => procedure.steps.length > 0)) {
    const rows = own.map(({ id, by, witness, log }) => ({ id, by, witness, log }));
    const name = file.replace(/^docs\/|\.mdx$/g, '').replaceAll('/', '-');
    files.set(`procedure-${name}.json`, json({ page: file, commit, steps: rows }));
  }
  return files;
}

if (process.argv[1] === __filename) {
  const root = path.resolve(__dirname, '../..');
  const folder = process.argv[2] ?? path.join(root, 'reports/audit');
  const results = path.join(root, 'reports/tabletop/results.json');
  const drill = existsSync(results)
    ? resultsSchema.parse(JSON.parse(readFileSync(results, 'utf8')))
    : undefined;
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of exportsOf(root, proceduresOf(root), drill))
    writeFileSync(path.join(folder, name), text);
  console.log(
    `${folder}: control map, OSCAL and procedures${drill ? '' : '; no drill results yet, so no assessment results'}`,
  );
}
