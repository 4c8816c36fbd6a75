/** Kinds of domains, in the order in which they are shown. */

export const domainKinds = [
  'provider',
  'account',
  'region',
  'identity-provider',
  'administrator',
  'building',
  'safe',
  'custodian',
  'database',
] as const;

export type DomainKind = (typeof domainKinds)[number];

/** A domain as a provider names it for one of its shards. */
export interface ProviderDomain {
  readonly kind: DomainKind;
  /** The same for every shard that fails with it, and for no other domain of its kind. */
  readonly id: string;
  /** Where the id alone says nothing to a reader. */
  readonly name?: string;
}
