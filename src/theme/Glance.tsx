/** The deployment at a glance: what rebuilds the key, what may fail, and what the latest drill showed. */
import Link from '@docusaurus/Link';
import type { ReactNode } from 'react';
import { personName } from '../deployment/deployment';
import type { LatestDrill } from '../procedure/results/drilled';
import { independence } from '../quorum/independence';
import type { QuorumInput } from '../quorum/types';
import { quorumInputOf, useSiteData } from './connected';
import Table from './Table';

/** Words about the worst single failure; the refusal of a count that is too large, instead of a page that does not build. */
function health(input: QuorumInput): readonly [value: string, text: string] {
  try {
    const { kinds, fewestLost } = independence(input);
    const domains = kinds.flatMap((kind) => kind.domains);
    const worst = domains.reduce((least, { left }) => Math.min(least, left), input.shards.length);
    const left = `${worst} of ${input.shards.length} left`;
    if (worst < input.threshold) return [left, 'A single failure can end recovery.'];
    const fewest =
      fewestLost === undefined ? 'Not even all failures' : `No fewer than ${fewestLost} failures`;
    return [left, `after the worst single failure. ${fewest} together end recovery.`];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return ['Not counted', error.message];
  }
}

function drillWords(drill: LatestDrill): readonly [value: string, text: string] {
  if (drill.state === 'none') return ['None', 'No drill of this text ran before this site was built.'];
  const { results } = drill;
  const { totals, coverage } = results;
  const { drilled, equivalent, total } = coverage.outages;
  const date = results.started.slice(0, 10);
  if (drill.state === 'failed')
    return [date, `${totals.failed} scenarios failed. Do not rely on these pages.`];
  return [
    date,
    `${totals.passed} scenarios, none failed; ${drilled + equivalent} of ${total} sets of shards out of reach.`,
  ];
}

export default function Glance(): ReactNode {
  const data = useSiteData();
  const { deployment, drill } = data;
  const { key, shards } = deployment;
  const [left, healthText] = health(quorumInputOf(data));
  const [date, drillText] = drillWords(drill);
  return (
    <section className="glance" aria-labelledby="glance">
      <h2 id="glance">This deployment</h2>
      <dl className="glance-facts">
        <div>
          <dt>Quorum</dt>
          <dd>
            <strong>
              {key.threshold} of {shards.length}
            </strong>{' '}
            shards rebuild {key.name}, version {key.version}, generation {key.generation}.
          </dd>
        </div>
        <div>
          <dt>
            <Link to="/emergency/recovery-matrix/">Health of the quorum</Link>
          </dt>
          <dd>
            <strong>{left}</strong> {healthText}
          </dd>
        </div>
        <div>
          <dt>
            <Link to="/audit/latest-drill/">Latest drill</Link>
          </dt>
          <dd className={drill.state === 'failed' ? 'glance-bad' : undefined}>
            <strong>{date}</strong> {drillText}
          </dd>
        </div>
      </dl>
      <Table>
        <caption className="glance-caption">
          Where the shards are, and how long it takes to reach them
        </caption>
        <thead>
          <tr>
            <th scope="col">Shard</th>
            <th scope="col">Held by</th>
            <th scope="col">Custodian</th>
            <th scope="col" className="number">
              Minutes
            </th>
          </tr>
        </thead>
        <tbody>
          {shards.map((shard) => (
            <tr key={shard.n}>
              <th scope="row">{shard.n}</th>
              <td>{shard.name}</td>
              <td>{personName(deployment, shard.custodian)}</td>
              <td className="number">{shard.minutes}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}
