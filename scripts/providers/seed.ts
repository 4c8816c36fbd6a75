/** Makes the world that a drill plays in: accounts, projects, tokens and PINs, but no keys; the ceremony's own commands make those. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ShardFields } from '../../src/deployment/providers/registry';
import { postgresState } from './postgres/state';
import { type InnerFault, innerFaults, type Seeded } from './stand-in';
import { standInOf, standIns } from './stand-ins';
import { type Fault, type FaultMode, type Faults, faultState } from './world';

/** The deployment's database, as far as `psql` must know it. */
export interface SeedDatabase {
  /** Name in pg_service.conf. */
  readonly service: string;
  /** Role that the client logs in as; it must exist in the engine. */
  readonly user: string;
}

const databaseHost = 'db.ledger.example';

/** Writes the state files of an empty but authenticated world for the providers of `shards` to `directory`. */
export function seedWorld(directory: string, shards: readonly ShardFields[], database: SeedDatabase): Seeded {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const parts = Object.keys(standIns).map(
    (provider): Partial<Seeded> =>
      standInOf(provider)?.seed(
        directory,
        shards.filter((shard) => shard.provider === provider),
      ) ?? {},
  );
  postgresState.save(directory, { hosts: { [databaseHost]: { ip: '192.0.2.50' } } });
  faultState.save(directory, {});
  const service = `[${database.service}]\nhost=${databaseHost}\nport=5432\nuser=${database.user}\ndbname=masterkey\n`;
  const homes = parts.map(({ home }) => home ?? {});
  return {
    home: Object.assign({ '.pg_service.conf': service }, ...homes) as Record<string, string>,
    userPins: Object.assign({}, ...parts.map(({ userPins }) => userPins)) as Record<string, string>,
    officerPins: Object.assign({}, ...parts.map(({ officerPins }) => officerPins)) as Record<string, string>,
    secrets: parts.flatMap(({ secrets }) => secrets ?? []),
  };
}

/** Writes the seeded files to a home directory; only its owner can read them. */
export function writeHome(home: string, seeded: Seeded): void {
  for (const [path, content] of Object.entries(seeded.home)) {
    mkdirSync(dirname(join(home, path)), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, path), content, { mode: 0o600 });
  }
}

const isInner = (mode: string): mode is InnerFault => (innerFaults as readonly string[]).includes(mode);

/**
 * Injects a fault. `target` is a provider or `postgres`, and may be narrowed to what its stand-in knows:
 * `aws-kms:REGION`, `gcp-kms:PROJECT`, `vault-transit:HOST`, `pkcs11-hsm:TOKEN`. AWS KMS is always narrowed, as a key
 * has a state in each region. Throws RangeError where the fault does not exist there.
 */
export function injectFault(directory: string, target: string, fault: FaultMode | InnerFault | Fault): void {
  const mode = typeof fault === 'string' ? fault : fault.mode;
  if (isInner(mode)) {
    // A place may hold a colon itself, as the label of a token does.
    const [, provider = '', place = ''] = /^([^:]*):?(.*)$/s.exec(target) ?? [];
    if ((standInOf(provider)?.inject(directory, place, mode) ?? 0) === 0)
      throw new RangeError(`${target} cannot be "${mode}", or it has no key yet`);
    return;
  }
  const faults: Faults = faultState.load(directory);
  faults[target] = fault as FaultMode | Fault;
  faultState.save(directory, faults);
}
