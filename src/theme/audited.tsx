/** Components of the audit chapter with their data: controls, promises of the steps, the latest drill on them, and custody. */
import useBaseUrl from '@docusaurus/useBaseUrl';
import type { ReactNode } from 'react';
import { CALENDAR_FILE } from '../audit/calendar';
import { CONTROLS, FRAMEWORKS, type LoggedStep } from '../audit/controls/map';
import OriginalControlMap, { CONTROL_TABLE, type ControlMapProps } from '../components/ControlMap';
import {
  ControlsByEvidence as EvidenceTable,
  ControlsByRecord as RecordTable,
} from '../components/ControlMap/Back';
import ControlFilter from '../components/ControlMap/Filter';
import OriginalCoverage from '../components/Coverage';
import OriginalCustodyHealth from '../components/CustodyHealth';
import OriginalExposureLedger from '../components/ExposureLedger';
import OriginalKnownMistakes, { type KnownMistakesProps } from '../components/KnownMistakes';
import OriginalPrintedCopy from '../components/PrintedCopy';
import { pageOf } from '../components/siteProps';
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
  const { procedures, drill, tests } = useSiteData();
  return <OriginalTraceability pages={procedures} drill={drill} tests={tests} />;
}

export function KnownMistakes({ group }: Pick<KnownMistakesProps, 'group'>): ReactNode {
  const { mistakes, procedures, tests } = useSiteData();
  return <OriginalKnownMistakes group={group} mistakes={mistakes} pages={procedures} tests={tests} />;
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

/** What every table of the control map needs. */
function useControlMap(): ControlMapProps {
  const { procedures } = useSiteData();
  const steps = procedures.flatMap(({ href, steps: all }) =>
    all.map(({ id, log }): LoggedStep => ({ id, page: href, log: log as LoggedStep['log'] })),
  );
  const page = (path: string) => {
    const file = procedures.some((known) => known.file === `docs/${path}.md`)
      ? `docs/${path}.md`
      : `docs/${path}.mdx`;
    return pageOf(file, procedures);
  };
  const titles = new Map(procedures.map(({ href, title }) => [href, title]));
  return { steps, page, titleAt: (href) => titles.get(href) ?? href };
}

export function ControlMap(): ReactNode {
  return (
    <>
      <ControlFilter
        table={CONTROL_TABLE}
        frameworks={FRAMEWORKS.map(({ name }) => name)}
        controls={CONTROLS.length}
      />
      <OriginalControlMap {...useControlMap()} />
    </>
  );
}

export function ControlsByEvidence(): ReactNode {
  return <EvidenceTable {...useControlMap()} />;
}

export function ControlsByRecord(): ReactNode {
  return <RecordTable {...useControlMap()} />;
}

export function ExposureLedger(): ReactNode {
  return <OriginalExposureLedger deployment={useSiteData().deployment} />;
}

export function PrintedCopy(): ReactNode {
  const { procedures, editions } = useSiteData();
  return <OriginalPrintedCopy pages={procedures} editions={editions} />;
}
