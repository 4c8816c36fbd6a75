/** Components of the audit chapter with their data: promises of the steps, the latest drill on them, and custody. */
import useBaseUrl from '@docusaurus/useBaseUrl';
import type { ReactNode } from 'react';
import { CALENDAR_FILE } from '../audit/calendar';
import OriginalCoverage from '../components/Coverage';
import OriginalCustodyHealth from '../components/CustodyHealth';
import OriginalTraceability from '../components/Traceability';
import { useSiteData } from './connected';
import { island } from './island';

const CustodyIsland = island('CustodyHealth', OriginalCustodyHealth);

/** The pages that apply to this deployment, with the latest drill. */
function useCovered() {
  const { procedures, drill } = useSiteData();
  return { pages: procedures.filter(({ applies }) => applies), drill };
}

export function Coverage(): ReactNode {
  return <OriginalCoverage {...useCovered()} />;
}

/** A page that does not apply to this deployment is still there, says so, and has no steps. */
export function Traceability(): ReactNode {
  const { procedures, drill } = useSiteData();
  return <OriginalTraceability pages={procedures} drill={drill} />;
}

export function CustodyHealth(): ReactNode {
  const { deployment, custody } = useSiteData();
  const { generation, threshold } = deployment.key;
  const facts = {
    key: { generation, threshold },
    shards: deployment.shards.map(({ n, medium }) => ({ n, medium })),
  };
  const address = useBaseUrl(`/${CALENDAR_FILE}`);
  return (
    <CustodyIsland
      facts={facts}
      entries={custody.attestations}
      example={custody.example ?? false}
      calendar={custody.calendar ? address : undefined}
    />
  );
}
