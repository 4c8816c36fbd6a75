/** What the latest drill ran, on which text, with which tools, and how it came out. Without results it says so. */
import type { ReactNode } from 'react';
import type { Results } from '../../procedure/results/drill-results';
import type { LatestDrill, Silence } from '../../procedure/results/drilled';
import { coalitionsInWords, coalitionTotals, placeTotals } from '../../procedure/results/reach';
import { rtoOf } from '../../procedure/results/recovery-time';
import DataTable from '../DataTable';
import { strings } from './strings';

export interface DrillReportProps {
  readonly drill: LatestDrill;
  /** Commit that this site was built from, as its footer says it. */
  readonly builtFrom: string;
}

const utc = (time: string) => time.slice(0, 19).replace('T', ' ');

function summaryOf(results: Results, builtFrom: string): [string, ReactNode][] {
  const { totals, coverage, mutation } = results;
  const { drilled, equivalent, total } = coverage.outages;
  const commit = <code>{results.commit.slice(0, 12)}</code>;
  return [
    [strings.result, `${totals.passed} scenarios passed, ${totals.failed} failed`],
    [strings.when, utc(results.started)],
    [strings.took, `${Math.round(results.milliseconds / 1000)} s, Node ${results.node}`],
    [strings.ranOn, results.dirty ? [commit, ' ', strings.changed] : commit],
    [strings.builtFrom, <code key="built">{builtFrom}</code>],
    [
      strings.outages,
      `${drilled + equivalent} of ${total}: ${drilled} executed, ${equivalent} lead to a quorum that was executed`,
    ],
    [strings.steps, `${coverage.steps.executed} of ${coverage.steps.total}`],
    [strings.commands, String(totals.commands)],
    ...(mutation === undefined
      ? []
      : [
          [
            strings.mutants,
            `${mutation.mutants} of ${mutation.total} tried: ${mutation.noticed} noticed, ${mutation.explained} explained, ${mutation.survived} survived`,
          ] satisfies [string, string],
        ]),
    [strings.plan, <code key="plan">{results.planSha256}</code>],
  ];
}

function Scenarios({ results }: { results: Results }): ReactNode {
  return (
    <DataTable
      caption={strings.scenarios}
      columns={[
        { label: strings.scenario },
        { label: strings.shown },
        { label: strings.count, numeric: true },
        { label: strings.floor, numeric: true },
        { label: strings.planned, numeric: true },
        { label: strings.target, numeric: true },
      ]}
      rows={results.scenarios.map((scenario) => {
        const { floorSeconds, planMinutes, targetMinutes } = rtoOf(scenario);
        const ran = scenario.steps.filter(({ verdict }) => verdict !== 'skipped');
        return {
          key: scenario.id,
          head: scenario.title,
          cells: [
            scenario.verdict === 'passed' ? scenario.expect : strings.failed,
            ran.length,
            floorSeconds.toFixed(1),
            Math.round(planMinutes),
            targetMinutes ?? '',
          ],
        };
      })}
    />
  );
}

/** What each place has seen; nothing where all pages are about one machine. */
function Places({ results }: { results: Results }): ReactNode {
  const totals = placeTotals(results.scenarios);
  if (totals.length === 0) return null;
  return (
    <>
      <DataTable
        caption={strings.places}
        columns={[
          { label: strings.place },
          { label: strings.clear },
          { label: strings.most, numeric: true },
          { label: strings.rebuilds, numeric: true },
        ]}
        rows={totals.map(({ place, clear, shards, rebuilds, scenarios }) => ({
          key: place,
          head: place,
          cells: [clear.join(', ') || strings.none, shards, `${rebuilds} of ${scenarios}`],
        }))}
      />
      <p>{coalitionsInWords(coalitionTotals(results.scenarios))}</p>
    </>
  );
}

function Shortfalls({ results: { leftOut = [], drops = [] } }: { results: Results }): ReactNode {
  return (
    <>
      {leftOut.length === 0 ? null : (
        <DataTable
          caption={strings.leftOut}
          columns={[{ label: strings.scenario }, { label: strings.tool }]}
          rows={leftOut.map(({ id, tool }) => ({ key: id, head: id, cells: [tool] }))}
        />
      )}
      {drops.length === 0 ? null : (
        <DataTable
          caption={strings.drops}
          columns={[{ label: strings.tool }, { label: strings.reason }, { label: strings.allowed }]}
          rows={drops.map(({ name, reason, allowed }) => ({
            key: name,
            head: name,
            cells: [reason, allowed ? strings.yes : strings.no],
          }))}
        />
      )}
    </>
  );
}

function Nothing({ silence }: { silence: Silence }): ReactNode {
  return (
    <>
      <p>
        <strong>{strings.silence}</strong> {strings.soNothing} {strings.why[silence.why]}
      </p>
      {silence.why === 'other-text' ? (
        <ul>
          {silence.files.map((file) => (
            <li key={file}>
              <code>{file}</code>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}

export default function DrillReport({ drill, builtFrom }: DrillReportProps): ReactNode {
  if (drill.state === 'none') return <Nothing silence={drill} />;
  const { results } = drill;
  return (
    <section aria-label={strings.region}>
      {drill.state === 'failed' ? (
        <p>
          <strong>{strings.broken}</strong>
        </p>
      ) : null}
      <DataTable
        caption={strings.summary}
        columns={[{ label: strings.fact }, { label: strings.value }]}
        rows={summaryOf(results, builtFrom).map(([fact, value]) => ({
          key: fact,
          head: fact,
          cells: [value],
        }))}
      />
      <DataTable
        caption={strings.tools}
        columns={[{ label: strings.tool }, { label: strings.version }, { label: strings.rung }]}
        rows={results.tools.map(({ name, version, rung }) => ({
          key: name,
          head: name,
          cells: [version, strings.rungs[rung]],
        }))}
      />
      <Shortfalls results={results} />
      <Places results={results} />
      <Scenarios results={results} />
    </section>
  );
}
