/** Components of pages with their data: from the deployment, the compiled procedures and the addresses of the site. */
import { useDoc } from '@docusaurus/plugin-content-docs/client';
import { useBaseUrlUtils } from '@docusaurus/useBaseUrl';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import { usePluginData } from '@docusaurus/useGlobalData';
import type { ReactNode } from 'react';
import { formOf } from '../audit/forms/catalog';
import OriginalActTimes from '../components/ActTimes';
import OriginalAuditVerifier from '../components/AuditVerifier';
import OriginalDeploymentSummary from '../components/DeploymentSummary';
import OriginalDrillReport from '../components/DrillReport';
import OriginalFewestPeople from '../components/FewestPeople';
import OriginalForm from '../components/Form';
import OriginalIndependenceReport from '../components/IndependenceReport';
import OriginalProcedureTimes from '../components/ProcedureTimes';
import OriginalQuorumCalculator from '../components/QuorumCalculator';
import { figureTexts } from '../components/QuorumCalculator/strings';
import { quorumInput } from '../components/quorumInput';
import OriginalRecoveryMatrix from '../components/RecoveryMatrix';
import PrintedMatrix from '../components/RecoveryMatrix/PrintedMatrix';
import OriginalRoleMatrix from '../components/RoleMatrix';
import { pageOf, roleMatrixProps, statePages } from '../components/siteProps';
import OriginalTriage from '../components/Triage';
import type { QuorumInput } from '../quorum/types';
import type { SiteData } from '../site/plugin';
import type { Release } from '../site/release';
import { island } from './island';
import { typeset } from './typeset';

const unsealPage = 'docs/emergency/unseal.mdx';

const formulas = Object.fromEntries(Object.entries(figureTexts).map(([id, { tex }]) => [id, typeset(tex)]));

const CalculatorIsland = island('QuorumCalculator', OriginalQuorumCalculator);
const MatrixIsland = island('RecoveryMatrix', OriginalRecoveryMatrix);
const RolesIsland = island('RoleMatrix', OriginalRoleMatrix);
const TriageIsland = island('Triage', OriginalTriage);
const VerifierIsland = island('AuditVerifier', OriginalAuditVerifier);

/** The site's data with addresses under the base path of this build. */
export function useSiteData(): SiteData {
  const data = usePluginData('runbook') as SiteData;
  const { withBaseUrl } = useBaseUrlUtils();
  const procedures = data.procedures.map((page) => ({ ...page, href: withBaseUrl(page.href) }));
  return { ...data, procedures };
}

/** The deployment as input of the mathematics; the unseal procedure says how long people take. */
export function quorumInputOf({ deployment, domains, procedures }: SiteData): QuorumInput {
  const unseal = procedures.find(({ file }) => file === unsealPage);
  return quorumInput(deployment, domains, unseal?.steps ?? []);
}

export function QuorumCalculator(): ReactNode {
  const data = useSiteData();
  const { href } = pageOf('docs/introduction/threshold-mathematics.mdx', data.procedures);
  return <CalculatorIsland preset={quorumInputOf(data)} mathematics={href} formulas={formulas} />;
}

export function RecoveryMatrix(): ReactNode {
  const data = useSiteData();
  const { href } = pageOf(unsealPage, data.procedures);
  const input = quorumInputOf(data);
  return (
    <>
      <MatrixIsland input={input} unseal={href} pages={statePages(data.procedures)} />
      <PrintedMatrix input={input} unseal={href} />
    </>
  );
}

const scriptPage = 'docs/ceremony/script.mdx';

/** The pages that make up a ceremony, in the order of work. */
const ceremonyPages = {
  before: ['readiness', 'setup', 'prepare-keys', 'sanitization'].map((name) => `docs/ceremony/${name}.mdx`),
  day: [
    scriptPage,
    'docs/ceremony/store.mdx',
    'docs/ceremony/prove.mdx',
    'docs/ceremony/custody.mdx',
    'docs/lifecycle/export-registry.mdx',
    'docs/ceremony/rehearse.mdx',
  ],
};

export function ProcedureTimes(): ReactNode {
  const { procedures } = useSiteData();
  const pages = (files: readonly string[]) =>
    files.flatMap((page) => procedures.filter(({ file }) => file === page));
  return <OriginalProcedureTimes before={pages(ceremonyPages.before)} day={pages(ceremonyPages.day)} />;
}

/** The acts of the script; with `log`, as a table to write the times into. */
export function ActTimes({ log }: { readonly log?: boolean }): ReactNode {
  const script = useSiteData().procedures.find(({ file }) => file === scriptPage);
  return script ? <OriginalActTimes href={script.href} steps={script.steps} log={log ?? false} /> : null;
}

export function RoleMatrix(): ReactNode {
  return <RolesIsland {...roleMatrixProps(useSiteData().deployment)} />;
}

export function Triage(): ReactNode {
  const { deployment, procedures } = useSiteData();
  return (
    <TriageIsland
      threshold={deployment.key.threshold}
      shards={deployment.shards.length}
      pages={statePages(procedures)}
      unseal={pageOf(unsealPage, procedures)}
      matrix={pageOf('docs/emergency/recovery-matrix.mdx', procedures)}
    />
  );
}

export function AuditVerifier(): ReactNode {
  const { withBaseUrl } = useBaseUrlUtils();
  return <VerifierIsland worker={withBaseUrl('/audit-worker.js')} />;
}

export function DeploymentSummary(): ReactNode {
  const data = useSiteData();
  return <OriginalDeploymentSummary deployment={data.deployment} input={quorumInputOf(data)} />;
}

export function DrillReport(): ReactNode {
  const { siteConfig } = useDocusaurusContext();
  const release = siteConfig.customFields?.release as unknown as Release;
  return <OriginalDrillReport drill={useSiteData().drill} builtFrom={release.commit} />;
}

/** A form of src/audit/forms, filled with what the runbook knows. */
export function Form({ id }: { readonly id: string }): ReactNode {
  const { siteConfig } = useDocusaurusContext();
  const { metadata } = useDoc();
  const { deployment, procedures } = useSiteData();
  const form = formOf(id);
  const release = siteConfig.customFields?.release as unknown as Release;
  const file = metadata.source.replace(/^@site\//, '');
  const digest = procedures.find((page) => page.file === file)?.digest ?? '';
  const prefill = form.prefill?.({ deployment, procedures, release }) ?? {};
  return <OriginalForm form={form} prefill={prefill} page={file} digest={digest} release={release} />;
}

export function IndependenceReport(): ReactNode {
  return <OriginalIndependenceReport input={quorumInputOf(useSiteData())} />;
}

export function FewestPeople({ sizes }: { readonly sizes?: boolean }): ReactNode {
  return <OriginalFewestPeople deployment={useSiteData().deployment} sizes={sizes ?? false} />;
}
