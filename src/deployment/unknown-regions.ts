/** Regions that no vendor lists: a warning, because the list is of one day. A key in a region that does not exist is found at the ceremony, on the day when everybody has come. */
import type { Deployment } from './deployment';
import type { Finding } from './finding';
import { kindOf } from './providers/registry';
import { meant } from './schema-problems';

/** The regions of shards that their vendor does not list, each with the one that was most likely meant. */
export function unknownRegions(deployment: Deployment): Finding[] {
  return deployment.shards.flatMap((shard) => {
    const { regions } = kindOf(shard.provider);
    return (regions?.fields ?? []).flatMap((field): Finding[] => {
      const found = (shard as unknown as Readonly<Record<string, string | undefined>>)[field];
      if (regions === undefined || found === undefined || regions.names.includes(found)) return [];
      const { vendor, source, checked, names } = regions;
      const near = meant(found, names);
      const hint = near === undefined ? '' : `; did you mean ${near}?`;
      return [
        {
          rule: 'REGION-1',
          path: ['shards', shard.n - 1, field],
          message: `shard ${shard.n}: "${found}" is not a region that ${vendor} lists (${source}, read on ${checked})${hint}`,
        },
      ];
    });
  });
}
