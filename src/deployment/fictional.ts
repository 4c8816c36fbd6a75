/**
 * What of a deployment is made up: names that say that they are an example, addresses of the reserved domains (RFC 2606, 6761),
 * and account numbers that vendors' documentation uses. A page that names such people or places helps nobody in an emergency.
 */
import type { Deployment } from './deployment';

/** A value of the file that is made up. */
export interface Fictional {
  /** `people`, or what the value is where the file has one of it. */
  readonly what: keyof typeof plurals;
  readonly value: string;
  readonly path: readonly (string | number)[];
}

const plurals = {
  organization: ['organization', 'organizations'],
  person: ['person', 'people'],
  site: ['site', 'sites'],
  account: ['account or address of a provider', 'accounts and addresses of providers'],
} as const;

const word = /(?:^|[^\p{L}])(?:example|sample)(?:town|ton)?(?:$|[^\p{L}])/iu;

/** AWS's documentation uses 111122223333, 123456789012 and the like; this project's example 000000000001. */
const number = /^(?:0{6,}\d*|123456789012|(\d)\1{3}(\d)\2{3}(\d)\3{3})$/;

const isFictional = (value: string) => word.test(value) || number.test(value);

/** Fields of a shard that are not about its place at a vendor. */
const own: ReadonlySet<string> = new Set([
  'provider',
  'custodian',
  'alternate',
  'name',
  'place',
  'keyReference',
]);

/** Everything in the file that is made up, in its order; of a person or a place one entry. */
export function fictional({ organization, people, sites, shards }: Deployment): Fictional[] {
  const all: Fictional[] = [
    { what: 'organization', value: organization, path: ['organization'] },
    ...shards.flatMap((shard) =>
      Object.entries(shard).flatMap(([field, value]): Fictional[] =>
        typeof value === 'string' && !own.has(field)
          ? [{ what: 'account', value, path: ['shards', shard.n - 1, field] }]
          : [],
      ),
    ),
    ...people.map(({ name, organization: other }, index): Fictional => {
      const field = isFictional(name) || other === undefined ? 'name' : 'organization';
      return {
        what: 'person',
        value: field === 'name' ? name : (other ?? ''),
        path: ['people', index, field],
      };
    }),
    ...sites.map(({ name, address }, index): Fictional => {
      const field = isFictional(address) ? 'address' : 'name';
      return { what: 'site', value: field === 'name' ? name : address, path: ['sites', index, field] };
    }),
  ];
  return all.filter(({ value }) => isFictional(value));
}

const list = (items: readonly string[]) =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** `1 organization, 25 people and 3 sites`; empty where nothing is made up. */
export function fictionalCount(found: readonly Fictional[]): string {
  return list(
    (Object.keys(plurals) as Fictional['what'][]).flatMap((what) => {
      const count = found.filter((each) => each.what === what).length;
      return count === 0 ? [] : [`${count} ${plurals[what][count === 1 ? 0 : 1]}`];
    }),
  );
}

/** What the reader of a page, or of a test's output, is told; undefined where nothing is made up. */
export function fictionalNotice(deployment: Deployment): string | undefined {
  const found = fictional(deployment);
  if (found.length === 0) return undefined;
  const people = found.filter(({ what }) => what === 'person').length;
  const whole = people === deployment.people.length && found.some(({ what }) => what === 'organization');
  const counted = fictionalCount(found);
  return whole
    ? `This is an example: everybody and everything it names is made up (${counted}).`
    : `Not in force yet: deployment.yaml still has values that are made up (${counted}).`;
}

/** The same as one line for a terminal, with every value and the line of the first. */
export function fictionalWarning(
  deployment: Deployment,
  lineOf: (path: readonly (string | number)[]) => number,
): string | undefined {
  const [first, ...more] = fictional(deployment);
  if (first === undefined) return undefined;
  const found = [first, ...more];
  const values = [...new Set(found.map(({ value }) => value))].join('; ');
  return `deployment.yaml:${lineOf(first.path)}: EXAMPLE: ${found.length} value${found.length === 1 ? ' is' : 's are'} made up (${fictionalCount(found)}): ${values}`;
}
