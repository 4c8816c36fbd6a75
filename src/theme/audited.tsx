/** Components of the audit chapter with their data: what the steps promise, and what the latest drill showed of them. */
import type { ReactNode } from 'react';
import OriginalCoverage from '../components/Coverage';
import OriginalTraceability from '../components/Traceability';
import { useSiteData } from './connected';

/** The pages that apply to this deployment, with the latest drill. */
function useCovered() {
  const { procedures, drill } = useSiteData();
  return { pages: procedures.filter(({ applies }) => applies), drill };
}

export function Coverage(): ReactNode {
  return <OriginalCoverage {...useCovered()} />;
}

export function Traceability(): ReactNode {
  return <OriginalTraceability {...useCovered()} />;
}
