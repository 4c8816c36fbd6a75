/** `npm run build`: checks the deployment and the procedures, builds the site, and makes it ready to ship. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { attestationsFile, attestationWarnings } from '../src/audit/load-attestations';
import { staleApprovals } from '../src/deployment/approvals';
import type { Deployment } from '../src/deployment/deployment';
import { loadApprovals, loadDeployment, readFictionalWarning, readWarnings } from '../src/deployment/load';
import { InvalidInput } from '../src/deployment/problem';
import type { Procedure } from '../src/procedure/compile';
import { loadProcedures } from '../src/procedure/load';
import { partialReader } from '../src/procedure/text/load-partial';
import { readFacts, staleWarnings } from '../src/procedure/text/vendor-facts';
import { editionOf, resultsProblem } from '../src/site/latest-drill';
import { NoBrowserError } from './common/browser';
import { printError, printOut } from './common/terminal';
import { ship } from './ship/ship';

const ROOT = resolve(__dirname, '..');

/** Says which facts about vendors are due to be read again. They never stop a build. */
function warnOfStaleFacts(): void {
  for (const warning of staleWarnings(readFacts(partialReader(ROOT)), new Date().toISOString().slice(0, 10)))
    printError(`build: warning: ${warning}
`);
}

/** Says where the recovery needs what is down in an outage that it is for, and which regions nobody lists. */
function warnOfDeployment(deployment: Deployment): void {
  for (const warning of readWarnings(join(ROOT, 'deployment.yaml'), deployment))
    printError(`build: warning: ${warning}\n`);
}

/** Says what is still made up, as the pages do. */
function warnOfFictional(deployment: Deployment): void {
  const warning = readFictionalWarning(join(ROOT, 'deployment.yaml'), deployment);
  if (warning !== undefined) printError(`build: warning: ${warning}\n`);
}

/** A drill whose results cannot be read is no drill, and nobody should learn that from the published page. */
function warnOfUnreadResults(): void {
  const problem = resultsProblem(ROOT);
  if (problem === undefined) return;
  printError(`build: warning: ${problem}\n`);
  printError('build: hint: the pages claim no drill; "npm run tabletop" writes the results again\n');
}

/** Says which approvals are of an edition that is no more. Throws InvalidInput when the file is wrong. */
function approvalWarnings(procedures: readonly Procedure[]): string[] {
  return staleApprovals(loadApprovals(ROOT), procedures.map(editionOf));
}

function fail(errors: readonly string[], hint: string): void {
  for (const error of errors) printError(`build: error: ${error}\n`);
  printError(`build: hint: ${hint}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  process.chdir(ROOT);
  let deployment: Deployment;
  let warnings: string[];
  try {
    deployment = loadDeployment(join(ROOT, 'deployment.yaml'));
    warnings = attestationWarnings(join(ROOT, attestationsFile), deployment);
    warnings.push(...approvalWarnings(loadProcedures(ROOT, deployment)));
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    fail(error.message.split('\n'), 'each line names the file, the line and the rule');
    return;
  }
  for (const warning of warnings) printError(`build: warning: ${warning}\n`);
  warnOfFictional(deployment);
  warnOfDeployment(deployment);
  warnOfStaleFacts();
  warnOfUnreadResults();
  const docusaurus = createRequire(__filename).resolve('@docusaurus/core/bin/docusaurus.mjs');
  const { status } = spawnSync(process.execPath, [docusaurus, 'build'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DO_NOT_TRACK: '1' },
  });
  if (status !== 0) {
    fail(['the pages do not build'], 'the lines above name the page and the reason');
    return;
  }
  const started = Date.now();
  try {
    const pages = await ship(ROOT, join(ROOT, 'build'), process.env.SITE_BASE ?? '/');
    printOut(`build: ${pages} pages made ready in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
  } catch (error) {
    if (!(error instanceof NoBrowserError) && !(error instanceof RangeError)) throw error;
    fail([error.message], 'diagrams are drawn by a browser at build time; nothing else needs it');
  }
}

void main();
