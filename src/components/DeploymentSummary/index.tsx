/** The deployment at a glance: the key, the shards, and how much may go wrong. */
import type { ReactNode } from 'react';
import { type Deployment, personName } from '../../deployment/deployment';
import type { Harm } from '../../quorum/domainSets';
import { fewestDomains } from '../../quorum/fewestDomains';
import type { QuorumInput } from '../../quorum/types';
import DataTable from '../DataTable';
import { strings } from './strings';

export interface DeploymentSummaryProps {
  readonly deployment: Deployment;
  /** The same deployment as input of the mathematics. */
  readonly input: QuorumInput;
}

/** The count as text; the refusal of a count that is too large, instead of a page that does not build. */
function fewest(input: QuorumInput, harm: Harm): string {
  try {
    const { possible, domains } = fewestDomains(input, harm);
    return possible ? String(domains.length) : strings.notEvenAll;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return error.message;
  }
}

function facts({ deployment, input }: DeploymentSummaryProps): [string, string][] {
  const { organization, key, database, sites, shards } = deployment;
  const site = (id: string) => sites.find((known) => known.id === id)?.name ?? id;
  return [
    [strings.organization, organization],
    [strings.name, key.name],
    [strings.version, String(key.version)],
    [strings.generation, String(key.generation)],
    [strings.bytes, `${key.bytes} bytes (${key.bytes * 8} bits)`],
    [strings.threshold, `${key.threshold} of ${shards.length}`],
    [strings.losses, String(shards.length - key.threshold)],
    [strings.thefts, String(key.threshold - 1)],
    [strings.fewestLost, fewest(input, 'loss')],
    [strings.fewestBreached, fewest(input, 'breach')],
    [strings.service, key.service],
    [strings.registry, database.service],
    [
      strings.exports,
      database.exports.map(({ medium, building }) => `${medium}, ${site(building)}`).join('; '),
    ],
  ];
}

export default function DeploymentSummary(props: DeploymentSummaryProps): ReactNode {
  const { deployment } = props;
  return (
    <section aria-label={strings.region}>
      <DataTable
        caption={strings.key}
        columns={[{ label: strings.fact }, { label: strings.value }]}
        rows={facts(props).map(([fact, value]) => ({ key: fact, head: fact, cells: [value] }))}
      />
      <DataTable
        caption={strings.shards}
        columns={[
          { label: strings.shard, numeric: true },
          { label: strings.held },
          { label: strings.reference },
          { label: strings.custodian },
          { label: strings.alternate },
          { label: strings.minutes, numeric: true },
        ]}
        rows={deployment.shards.map((shard) => ({
          key: String(shard.n),
          head: shard.n,
          cells: [
            shard.name,
            <code key="reference">{shard.keyReference}</code>,
            personName(deployment, shard.custodian),
            personName(deployment, shard.alternate),
            shard.minutes,
          ],
        }))}
      />
    </section>
  );
}
