/** What a project's drill is about: its deployment, its compiled pages and the scenarios planned from them. */
import { join } from 'node:path';
import type { Deployment } from '../../../src/deployment/deployment';
import { loadDeployment } from '../../../src/deployment/load';
import { InvalidInput, type Problem } from '../../../src/deployment/problem';
import { compilePrepared, type Procedure } from '../../../src/procedure/compile';
import { loadProcedures } from '../../../src/procedure/load';
import { compiledOnce } from '../../../src/procedure/load-compiled';
import { preparePage } from '../../../src/procedure/prepare';
import { partialReader } from '../../../src/procedure/text/load-partial';
import { checkIssued } from './issued';
import { type LeftOut, leaveOut } from './left-out';
import { type Compile, disorder, planScenarios, unexplainedRefusals } from './plan';
import type { Scenario } from './scenario';

export interface Setting {
  /** Folder of deployment.yaml, docs/, static/ and tests/fixtures/. */
  readonly root: string;
  readonly deployment: Deployment;
  readonly procedures: readonly Procedure[];
  readonly scenarios: readonly Scenario[];
  /** What this machine cannot drill, by name. */
  readonly leftOut: readonly LeftOut[];
}

/** The first problem of each step: scenarios that share a step share its mistake. */
function once(problems: readonly Problem[]): Problem[] {
  return problems.filter(
    ({ file, line }, index) =>
      problems.findIndex((other) => other.file === file && other.line === line) === index,
  );
}

/** Pages of a key's life that no page is. */
function unknownPages(procedures: readonly Procedure[]): Problem[] {
  const known = new Set(procedures.map(({ page }) => page.prefix));
  return procedures.flatMap(({ file, page }) =>
    (page.life ?? [])
      .filter((prefix) => !known.has(prefix))
      .map((prefix) => ({ file, line: 1, rule: 'LIFE', message: `no page has the prefix ${prefix}` })),
  );
}

/** Compiles pages of a project as they are in its folder. */
function compilerOf(root: string): Compile {
  const read = partialReader(root);
  const compiled = compiledOnce(root, compilePrepared);
  return (file, deployment) => compiled(file, preparePage(file, read(file) ?? '', deployment, read));
}

/** Plans the scenarios of compiled pages; without `life`, a ceremony ends when its key is stored. Throws InvalidInput when a page does not explain a refusal that its reader can meet, or leaves open what it began. */
export function planned(
  root: string,
  deployment: Deployment,
  procedures: readonly Procedure[],
  { life }: { readonly life: boolean } = { life: true },
): Setting {
  const { kept: scenarios, left: leftOut } = leaveOut(
    planScenarios(procedures, deployment, life ? compilerOf(root) : undefined),
    process.env.CI !== undefined,
  );
  const wrong = [
    ...unknownPages(procedures),
    ...unexplainedRefusals(scenarios),
    ...once(disorder(scenarios)),
  ];
  if (wrong.length > 0) throw new InvalidInput(wrong);
  return { root, deployment, procedures, scenarios, leftOut };
}

/** Reads and compiles a project. Throws InvalidInput with everything that is wrong in it. */
export function readSetting(root: string): Setting {
  const deployment = loadDeployment(join(root, 'deployment.yaml'));
  checkIssued(root, partialReader(root));
  return planned(root, deployment, loadProcedures(root, deployment));
}
