/** Shards of a generated deployment: one key, or one sheet, each, with names as the vendors allow them. */
import type { ProviderId } from '../../src/deployment/providers/registry';
import { keyName, slugOf, textOf } from './names';
import type { Staff } from './staff';
import { Shared, type Tape } from './tape';

const awsRegions = [
  'eu-central-1',
  'us-east-1',
  'ap-southeast-2',
  'us-gov-west-1',
  'cn-north-1',
  'eusc-de-east-1',
];
/** Another region of the same partition, by the beginning of the first. */
const replicas = [
  ['cn-', 'cn-northwest-1'],
  ['us-gov-', 'us-gov-east-1'],
  ['eusc-', undefined],
  ['', 'eu-west-1'],
] as const;
const gcpLocations = ['europe-west4', 'us-central1', 'global', 'eur4', 'australia-southeast2'];
const azureRegions = ['westeurope', 'eastus2', 'germanywestcentral', 'uksouth'];
const tokens = ['shards', 'Token (UserPIN)', "It's [A]", 'a_b.c', 'トークン', 'T|1', 'x'.repeat(29)];
const identities = ['masterkey-recovery', 'recovery@example.com', 'Recovery+ro=1', 'svc/recovery_2'];

export class Shards {
  /** Ids of the buildings that are used. */
  readonly buildings = new Set<string>();
  readonly #signIns: Shared;
  readonly #rooms: Shared;
  readonly #tokens: Shared;
  readonly #hosts: Shared;
  readonly #safes: Shared;
  readonly #identities = new Set<string>();
  readonly #controllers = new Map<string, string[]>();

  /** @param most Shards that may fail, or be breached, together. */
  constructor(
    private readonly tape: Tape,
    private readonly staff: Staff,
    most: number,
  ) {
    const shared = () => new Shared(tape, most);
    [this.#signIns, this.#rooms, this.#tokens, this.#hosts, this.#safes] = [
      shared(),
      shared(),
      shared(),
      shared(),
      shared(),
    ];
  }

  #building(id: string): string {
    this.buildings.add(id);
    return id;
  }

  #room(): string {
    return this.#building(this.#rooms.next((number) => slugOf(this.tape, 'office', number)));
  }

  #administrators(n: number): string[] {
    const first = this.staff.give('provider-administrator', [], [n]);
    return this.tape.onceIn(4) ? [first, this.staff.give('provider-administrator', [first], [n])] : [first];
  }

  /** A name that no other shard of the provider has: an identity serves one shard. */
  #identity(provider: ProviderId, n: number): string {
    const name = this.tape.of(identities);
    const own = this.#identities.has(`${provider} ${name}`) ? `${name}-${n}` : name;
    this.#identities.add(`${provider} ${own}`);
    return own;
  }

  #online(provider: ProviderId, n: number) {
    return {
      identityProvider: this.#signIns.next((number) => `${textOf(this.tape, 'Sign-in', 100)} ${number}`),
      administrators: this.#administrators(n),
      recoveryIdentity: this.#identity(provider, n),
    };
  }

  /** The fields of a shard's provider alone. */
  #fields(provider: ProviderId, n: number): Record<string, unknown> {
    const { tape } = this;
    switch (provider) {
      case 'aws-kms': {
        const region = tape.of(awsRegions);
        const replicaRegion = replicas.find(([begin]) => region.startsWith(begin))?.[1];
        return {
          account: `${tape.of(['000000000001', '012345678901', '999999999999'])}`,
          region,
          ...(replicaRegion !== undefined && tape.onceIn(2) ? { replicaRegion } : {}),
          alias: keyName(tape, n, '/_-', 120),
          ...this.#online(provider, n),
        };
      }
      case 'gcp-kms':
        return {
          project: tape.of(['ledger-shards', 'corp.example:ledger-shards', 'a23456', 'x'.repeat(30)]),
          location: tape.of(gcpLocations),
          keyring: tape.of(['masterkey', 'Master_Key-1', 'r'.repeat(63)]),
          key: keyName(tape, n, '_-', 63),
          ...(tape.onceIn(3) ? { keyVersion: 1 } : {}),
          ...this.#online(provider, n),
        };
      case 'azure-key-vault':
        return {
          vault: tape.of(['ledger-kv', 'a23', 'v'.repeat(24)]),
          region: tape.of(azureRegions),
          key: keyName(tape, n, '-', 127),
          ...(tape.onceIn(3)
            ? { subscription: tape.of(['Prod (EU) 1', '00000000-0000-4000-8000-000000000001']) }
            : {}),
          ...this.#online(provider, n),
        };
      case 'vault-transit': {
        const host = this.#hosts.next((number) =>
          tape.of([
            `vault-${number}.corp.example`,
            `v${number}`,
            `${`${'l'.repeat(40)}.`.repeat(2)}v${number}.example`,
          ]),
        );
        return {
          address: `https://${host}${tape.of([':8200', '', ':65535'])}`,
          key: keyName(tape, n, '_.-', 128),
          ...(tape.onceIn(3) ? { command: 'bao' } : {}),
          ...(tape.onceIn(3) ? { caFile: tape.of(['/etc/ssl/vault ca.pem', '/etc/ssl/ca.pem']) } : {}),
          ...(tape.onceIn(3) ? { namespace: tape.of(['team/ledger', 'admin', 'n'.repeat(100)]) } : {}),
          ...(tape.onceIn(3) ? { mount: tape.of(['kms/transit', 'transit-2', 'm'.repeat(100)]) } : {}),
          building: this.#room(),
          ...this.#online(provider, n),
        };
      }
      case 'pkcs11-hsm':
        return {
          module: tape.of(['/usr/lib/softhsm/libsofthsm2.so', "/opt/Acme's HSM (x)/lib p11.so"]),
          token: this.#tokens.next((number) => `${tape.of(tokens)}${number}`.slice(0, 32)),
          objectId: n.toString(16).padStart(2, '0'),
          model: textOf(tape, 'Model 2'),
          ...(tape.onceIn(3) ? { oaepHash: 'sha256' } : {}),
          building: this.#room(),
          administrators: this.#administrators(n),
        };
      case 'paper': {
        // A safe stands in one building, which holds no other shard.
        const safe = this.#safes.next(
          (number) => slugOf(tape, 'safe', number),
          (other) => this.#controllers.get(other)?.every((id) => this.staff.mayReach(id, n)) ?? false,
        );
        return {
          safe,
          safeControllers: this.#openers(safe, n),
          building: this.#building(`of-${safe}`.slice(0, 63)),
        };
      }
    }
  }

  #openers(safe: string, n: number): string[] {
    const known = this.#controllers.get(safe);
    for (const id of known ?? []) this.staff.reach(id, n);
    if (known !== undefined) return known;
    const first = this.staff.give('safe-controller', [], [n]);
    const both = [first, this.staff.give('safe-controller', [first], [n])];
    this.#controllers.set(safe, both);
    return both;
  }

  /** Two people who sign in, whoever holds the shard. */
  #pair(n: number, others: readonly string[]): string[] {
    const first = this.staff.give('custodian', others, [n]);
    return [first, this.staff.give('custodian', [...others, first], [n])];
  }

  /** A whole shard: fields of its provider, its custodian and alternate, who neither administer it nor open its safe. */
  make(provider: ProviderId, n: number): Record<string, unknown> {
    const fields = this.#fields(provider, n);
    const others = [fields.administrators, fields.safeControllers]
      .flat()
      .filter((id) => typeof id === 'string');
    const custodian = this.staff.give('custodian', others, [n]);
    const alternate = this.staff.give('custodian', [...others, custodian], [n]);
    const signIn =
      'recoveryIdentity' in fields && this.tape.onceIn(6) ? { signIn: this.#pair(n, others) } : {};
    return {
      provider,
      ...fields,
      ...signIn,
      custodian,
      alternate,
      minutes: this.tape.of([4, 1, 12, 90, 1440]),
    };
  }
}
