/** Exports for assessors: the control map as CSV and OSCAL, the exposure ledger, and each procedure as JSON for `sss audit compare`. `tsx scripts/audit/exports.ts FOLDER`. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ledgerCsv } from '../../src/audit/ledger';
import { assessmentResults, type DrilledPage } from '../../src/audit/oscal';
import { loadDeployment } from '../../src/deployment/load';
import type { Procedure } from '../../src/procedure/compile';
import { loadProcedures } from '../../src/procedure/load';
import { type Results, resultsSchema } from '../../src/procedure/results/drill-results';
import { asJson, controlFiles, oscalSource } from '../../src/site/control-files';
import { hrefOf } from '../../src/site/href';
import { printOut } from '../common/terminal';

const SITE = process.env.SITE_URL ?? 'https://runbook.example';

/** Pages of a drill with the number of their scenarios. */
export function drilledPages(results: Results): DrilledPage[] {
  const pages = [...new Set(results.scenarios.flatMap((scenario) => scenario.pages))];
  return pages.map((file) => {
    const own = results.scenarios.filter((scenario) => scenario.pages.includes(file));
    return {
      page: `${hrefOf(file)}/`,
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
  const commit = execFileSync('git', ['-C', root, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  const source = oscalSource(root, procedures, SITE);
  const files = new Map(
    [...controlFiles(source)].map(([name, text]): [string, string] => [path.posix.basename(name), text]),
  );
  if (results) {
    const finished = new Date(Date.parse(results.started) + results.milliseconds).toISOString();
    const assessed = assessmentResults(source, drilledPages(results), results.started, finished);
    files.set('oscal-assessment-results.json', asJson(assessed));
  }
  files.set('exposure-ledger.csv', ledgerCsv(loadDeployment(path.join(root, 'deployment.yaml'))));
  for (const { file, steps: own } of procedures.filter((procedure) => procedure.steps.length > 0)) {
    const rows = own.map(({ id, by, witness, log }) => ({ id, by, witness, log }));
    const name = file.replace(/^docs\/|\.mdx$/g, '').replaceAll('/', '-');
    files.set(`procedure-${name}.json`, asJson({ page: file, commit, steps: rows }));
  }
  return files;
}

if (require.main === module) {
  const root = path.resolve(__dirname, '../..');
  const folder = process.argv[2] ?? path.join(root, 'reports/audit');
  const results = path.join(root, 'reports/tabletop/results.json');
  const drill = existsSync(results)
    ? resultsSchema.parse(JSON.parse(readFileSync(results, 'utf8')))
    : undefined;
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of exportsOf(root, proceduresOf(root), drill))
    writeFileSync(path.join(folder, name), text);
  printOut(
    `${folder}: control map, OSCAL and procedures${drill ? '' : '; no drill results yet, so no assessment results'}\n`,
  );
}
