/**
 * Recovery that depends on what is down: a sign-in, a server or a registry that lies in the very region, or with the very
 * vendor, whose outage a page is about. It is a warning and no broken rule, because only names are known: an id tells where
 * something lies when its author wrote it there. Recovery that depends on what it recovers is a broken rule.
 */
import type { Deployment, Shard } from './deployment';
import type { Finding } from './finding';

/** Names of regions in an id or a host name, as AWS and Google Cloud write them, such as `identity-center-us-east-1`. */
const regionName =
  /(?:^|[^a-z0-9])((?:us|eu|ap|sa|ca|me|af|il|mx)-(?:gov-)?(?:[a-z]+)-?\d|(?:europe|asia|australia|northamerica|southamerica|africa)-[a-z]+\d)(?=$|[^a-z0-9])/g;

const regionsIn = (text: string): string[] =>
  [...text.toLowerCase().matchAll(regionName)].flatMap(([, region]) => region ?? []);

/** What is asked on the way to a shard, with the field that names it. Its own key is no such thing: it is the shard. */
function dependencies(shard: Shard): { field: string; what: string; id: string }[] {
  const fields = shard as unknown as Readonly<Record<string, unknown>>;
  return [
    { field: 'identityProvider', what: 'signs in through' },
    { field: 'address', what: 'is asked at' },
  ].flatMap(({ field, what }) => {
    const id = fields[field];
    return typeof id === 'string' ? [{ field, what, id }] : [];
  });
}

/** Regions in which a shard's own key can be used. */
function regionsOf(shard: Shard): string[] {
  const { region, replicaRegion, location } = shard as unknown as Readonly<
    Record<string, string | undefined>
  >;
  return [region, replicaRegion, location].flatMap((each) => each ?? []);
}

/**
 * Recovery that needs what it is for (DEP-3): a registry, a sign-in or a server that is the service itself, or that the file
 * lists as protected by the key. It is a broken rule, because the file itself says that the two are the same.
 */
export function circular({ key, database, shards }: Deployment): Finding[] {
  const alike = (name: string) => name.toLowerCase().replace(/^[a-z]+:\/\/|:\d+$/g, '');
  const needsKey = new Set([key.service, ...(key.protects ?? [])].map(alike));
  const why = 'cannot run without the key that the recovery is for; wanted one that can';
  const ofShards = shards.flatMap((shard) =>
    dependencies(shard)
      .filter(({ id }) => needsKey.has(alike(id)))
      .map(({ field, what, id }) => ({
        rule: 'DEP-3',
        path: ['shards', shard.n - 1, field],
        message: `shard ${shard.n} ${what} "${id}", which ${why}`,
      })),
  );
  if (!needsKey.has(alike(database.service))) return ofShards;
  const message = `the registry "${database.service}" ${why}`;
  return [...ofShards, { rule: 'DEP-3', path: ['database', 'service'], message }];
}

/** Dependencies of the recovery on a region whose outage the pages handle. */
export function dependenceWarnings(deployment: Deployment): Finding[] {
  const handled = new Set(deployment.shards.flatMap(regionsOf));
  const ofShards = deployment.shards.flatMap((shard) =>
    dependencies(shard).flatMap(({ field, what, id }) =>
      regionsIn(id)
        // A key that can be used nowhere else is down together with it.
        .filter((region) => handled.has(region) && regionsOf(shard).join() !== region)
        .map((region) => ({
          rule: 'DEP-1',
          path: ['shards', shard.n - 1, field],
          message: `shard ${shard.n} ${what} "${id}", which lies in ${region} by its name: when ${region} fails, the page about it cannot reach this shard; wanted one that lies elsewhere`,
        })),
    ),
  );
  const { service } = deployment.database;
  const ofRegistry = regionsIn(service)
    .filter((region) => handled.has(region))
    .map((region) => ({
      rule: 'DEP-2',
      path: ['database', 'service'],
      message: `the registry "${service}" lies in ${region} by its name: when ${region} fails, shards elsewhere cannot be fetched, and the export is needed; wanted a registry that lies elsewhere`,
    }));
  return [...ofShards, ...ofRegistry];
}
