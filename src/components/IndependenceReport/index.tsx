/** How independent the shards are: verdict on each domain, the fewest that decide, and the smallest sets of domains that do. */
import type { ReactNode } from 'react';
import type { Harm } from '../../quorum/domainSets';
import { type Independence, independence } from '../../quorum/independence';
import type { QuorumInput } from '../../quorum/types';
import DataTable from '../DataTable';
import { formatKind } from '../format';
import MinimalSets from './MinimalSets';
import { strings } from './strings';

export interface IndependenceReportProps {
  readonly input: QuorumInput;
}

const fewest = (count: number | undefined) => (count === undefined ? strings.notEvenAll : String(count));

function Verdict({ single }: { single: boolean }): ReactNode {
  return single ? <strong>{strings.single}</strong> : strings.fine;
}

function Kinds({ report, total }: { report: Independence; total: number }): ReactNode {
  const rows = [
    ...report.kinds.map((kind) => ({ name: formatKind(kind.kind), count: kind.domains.length, ...kind })),
    { name: strings.all, count: total, fewestLost: report.fewestLost, fewestBreached: report.fewestBreached },
  ];
  return (
    <DataTable
      caption={strings.kinds}
      columns={[
        { label: strings.kind },
        { label: strings.count, numeric: true },
        { label: strings.fewestLost },
        { label: strings.fewestBreached },
        { label: strings.verdict },
      ]}
      rows={rows.map(({ name, count, fewestLost, fewestBreached }) => ({
        key: name,
        head: name,
        cells: [
          count,
          fewest(fewestLost),
          fewest(fewestBreached),
          <Verdict key="verdict" single={fewestLost === 1 || fewestBreached === 1} />,
        ],
      }))}
    />
  );
}

function YesNo({ yes }: { yes: boolean }): ReactNode {
  return yes ? <strong>{strings.yes}</strong> : strings.no;
}

function Domains({ report }: { report: Independence }): ReactNode {
  return (
    <DataTable
      caption={strings.domains}
      columns={[
        { label: strings.domain },
        { label: strings.kind },
        { label: strings.shards },
        { label: strings.left, numeric: true },
        { label: strings.lossEnds },
        { label: strings.breachYields },
      ]}
      rows={report.kinds.flatMap(({ kind, domains }) =>
        domains.map(({ domain, left, lossEndsRecovery, breachYieldsKey }) => ({
          key: `${kind} ${domain.id}`,
          head: domain.name,
          cells: [
            formatKind(kind),
            domain.shards.join(', '),
            left,
            <span key="loss">
              <YesNo yes={lossEndsRecovery} />
              {domain.losable === false ? `: ${strings.notLosable}` : ''}
              {domain.fallback === undefined ? '' : `: ${strings.fallback} ${domain.fallback}`}
            </span>,
            <YesNo key="breach" yes={breachYieldsKey} />,
          ],
        })),
      )}
    />
  );
}

/** Runs a count that may refuse, and says so in words when it does. */
function Counted({ count }: { count: () => ReactNode }): ReactNode {
  try {
    return count();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return (
      <p>
        {strings.refused} {error.message}
      </p>
    );
  }
}

export default function IndependenceReport({ input }: IndependenceReportProps): ReactNode {
  const harms: readonly Harm[] = ['breach', 'loss'];
  return (
    <section aria-label={strings.region}>
      <Counted
        count={() => {
          const report = independence(input);
          return (
            <>
              <Kinds report={report} total={input.domains.length} />
              <Domains report={report} />
            </>
          );
        }}
      />
      {harms.map((harm) => (
        <Counted key={harm} count={() => MinimalSets({ input, harm })} />
      ))}
    </section>
  );
}
