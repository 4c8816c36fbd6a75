/**
 * What must be true when a procedure has ended well, seen from outside of its tools: the registry, the recovery kit and
 * the providers' keys belong together. A page that stores the right shard under the wrong name is noticed here.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Deployment, type Shard, withNextKey } from '../../../src/deployment/deployment';
import { lineDigest } from '../../../src/shard/commitment';
import { parseShard } from '../../../src/shard/format';
import { type Manifest, parseManifest } from '../../../src/shard/manifest';
import { combineShares } from '../../../src/shard/shares';
import { awsState } from '../../providers/aws-kms/state';
import { gcpState } from '../../providers/gcp-kms/state';
import { hsmState } from '../../providers/pkcs11-hsm/state';
import type { DrillPostgres } from '../../providers/postgres/engine';
import { isKeyOf, kitManifest, unwrapFor } from '../world/oracle';
import { databaseSql, dumpRegistry, registrySql } from '../world/worlds';

/** One sentence a finding: what should be, and what is. */
export interface Finding {
  readonly wanted: string;
  readonly found: string;
}

interface Row {
  readonly shard: number;
  readonly label: string;
  readonly state: string;
  readonly provider_key: string;
  readonly ciphertext: Uint8Array | null;
}

const finding = (wanted: string, found: string): Finding => ({ wanted, found });

/** The shard of the deployment, or the same shard under its next key, that a registry row names. */
function holderOf(row: Row, deployment: Deployment): Shard | undefined {
  const shard = deployment.shards[row.shard - 1];
  if (!shard || shard.medium === 'paper') return undefined;
  return [shard, withNextKey(shard)].find(({ keyReference }) => keyReference === row.provider_key);
}

/** Opens a row with the provider's own key; the text, or what is wrong with it. */
function open(row: Row, shard: Shard, world: string): string | undefined {
  try {
    return unwrapFor(world, shard, row.ciphertext ?? new Uint8Array());
  } catch {
    return undefined;
  }
}

/** Rows of the set in force, each opened: what they hold must be what the manifest lists. `lost` may be out of reach under its old key. */
async function judgeRows(
  rows: readonly Row[],
  manifest: Manifest,
  deployment: Deployment,
  world: string,
  lost: number | undefined,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const lines: string[] = [];
  for (const row of rows.filter(({ state }) => state === 'stored' || state === 'proved')) {
    const listed = manifest.shards[row.shard - 1];
    const holder = holderOf(row, deployment);
    const which = `shard ${row.shard} of generation ${manifest.generation}`;
    if (!holder) {
      findings.push(finding(`a key of ${which} in the registry`, row.provider_key));
      continue;
    }
    if (row.label !== listed?.label) findings.push(finding(`${which} as ${listed?.label}`, row.label));
    const line = open(row, holder, world);
    const excused = row.shard === lost && holder === deployment.shards[row.shard - 1];
    if (line === undefined) {
      if (!excused)
        findings.push(finding(`${which} under ${row.provider_key}`, 'a ciphertext that it does not open'));
    } else if (lineDigest(line) !== listed?.sha256) {
      if (!excused) findings.push(finding(`${which} as the manifest lists it`, 'another text'));
    } else lines.push(line);
  }
  if (lines.length >= manifest.threshold) {
    const shares = lines.slice(0, manifest.threshold).map((line) => parseShard(line).share);
    const key = await combineShares(shares, manifest.threshold);
    if (!isKeyOf(manifest, key)) findings.push(finding('stored shards that give the key', 'another key'));
    key.fill(0);
  }
  return findings;
}

/** Judges registry and recovery kit together. `lost` is the shard that the scenario has lost. */
async function judgeRegistry(
  {
    deployment,
    home,
    world,
    manifest,
    lost,
  }: {
    readonly deployment: Deployment;
    readonly world: string;
    readonly home: string;
    readonly manifest: Manifest;
    readonly lost: number | undefined;
  },
  postgres: DrillPostgres,
): Promise<Finding[]> {
  const { name, version } = deployment.key;
  const key = `WHERE key_name = '${name.replaceAll("'", "''")}' AND key_version = ${version}`;
  const of = (generation: number) => `${key} AND generation = ${generation}`;
  const rows = async (generation: number) =>
    (await postgres.query(
      `SELECT shard, label, state, provider_key, ciphertext FROM shard_current ${of(generation)} ORDER BY shard`,
    )) as unknown as Row[];
  const [newest] = await postgres.query(`SELECT max(generation) AS generation FROM shard_manifest ${key}`);
  if (newest?.generation !== manifest.generation) {
    const wanted = `the newest manifest, of generation ${newest?.generation}, in the recovery kit`;
    return [finding(wanted, `generation ${manifest.generation}`)];
  }
  const findings = await judgeRows(await rows(manifest.generation), manifest, deployment, world, lost);
  const [stored] = await postgres.query(
    `SELECT convert_from(manifest, 'UTF8') AS manifest FROM shard_manifest ${of(manifest.generation)}`,
  );
  const same = stored && isDeepStrictEqual(parseManifest(String(stored.manifest)), manifest);
  if (!same)
    findings.push(finding('the manifest of the recovery kit in the registry', stored ? 'another' : 'none'));
  if (manifest.generation > deployment.key.generation) {
    if (!existsSync(join(home, 'recovery-kit', 'retirement.json')))
      findings.push(finding('the record of retirement in the recovery kit', 'none'));
    for (const { shard, state } of await rows(deployment.key.generation)) {
      if (state !== 'retired') findings.push(finding(`old shard ${shard} retired`, state));
    }
  }
  return findings;
}

/** Restores the export of the recovery kit into an empty database: it must hold what the registry held. */
async function judgeExport(
  {
    home,
    root,
    deployment,
  }: { readonly home: string; readonly root: string; readonly deployment: Deployment },
  postgres: DrillPostgres,
): Promise<Finding[]> {
  const file = join(home, 'recovery-kit', 'registry-export.sql');
  if (!existsSync(file)) return [];
  const before = await dumpRegistry(postgres);
  const wanted = 'an export that restores the registry';
  try {
    await postgres.reset(`${databaseSql(deployment)}\n${registrySql(root)}\n${readFileSync(file, 'utf8')}`);
  } catch (error) {
    return [finding(wanted, (error as Error).message.split('\n')[0] ?? 'an error')];
  }
  return isDeepStrictEqual(await dumpRegistry(postgres), before) ? [] : [finding(wanted, 'other rows')];
}

/** Judges the keys that the ceremony has made at the providers, as an administrator would look at them later. */
function judgeProviderKeys(deployment: Deployment, world: string): Finding[] {
  const findings: Finding[] = [];
  const expectValue = (what: string, wanted: unknown, found: unknown) => {
    if (wanted !== found) findings.push(finding(`${what}: ${wanted}`, String(found)));
  };
  for (const shard of deployment.shards) {
    const which = `shard ${shard.n}`;
    if (shard.provider === 'aws-kms') {
      const account = awsState.load(world).accounts.find((candidate) => candidate.account === shard.account);
      for (const region of [shard.region, shard.replicaRegion].filter((each) => each !== undefined)) {
        const alias = account?.aliases.find(
          (candidate) => candidate.name === `alias/${shard.alias}` && candidate.region === region,
        );
        const key = account?.keys.find(({ id }) => id === alias?.keyId);
        const description = key?.regions[region]?.description;
        expectValue(
          `${which}: description in ${region}`,
          `${deployment.key.name} shard ${shard.n}`,
          description,
        );
      }
    }
    if (shard.provider === 'gcp-kms') {
      const ring =
        gcpState.load(world).projects[shard.project]?.keyrings[`${shard.location}/${shard.keyring}`];
      const key = ring?.keys.find(({ name }) => name === shard.key);
      const version = key?.versions.find(({ number }) => number === shard.keyVersion);
      expectValue(`${which}: protection level`, 'hsm', version?.protectionLevel.toLowerCase());
      expectValue(
        `${which}: seconds until a destroyed version is gone`,
        '2592000s',
        key?.destroyScheduledDuration,
      );
    }
    if (shard.provider === 'pkcs11-hsm') {
      const token = hsmState
        .load(world)
        .modules[shard.module]?.tokens.find(({ label }) => label === shard.token);
      const pair = token?.objects.find(({ id }) => id === shard.objectId);
      expectValue(`${which}: label`, `masterkey-shard-${shard.n}`, pair?.label);
      expectValue(`${which}: bits`, 4096, pair?.bits);
    }
  }
  return findings;
}

/**
 * Whether what the pages have stored belongs together. `ceremony`: the set is new, so that the providers' keys are judged,
 * and the export that it has left is restored in the place of the registry, where the database can be brought back.
 */
export async function judgeStored(
  room: {
    readonly deployment: Deployment;
    readonly home: string;
    readonly world: string;
    readonly root: string;
    readonly lost: number | undefined;
  },
  postgres: DrillPostgres,
  { ceremony, restorable }: { readonly ceremony: boolean; readonly restorable: boolean },
): Promise<Finding[]> {
  const { deployment, home, world } = room;
  const keys = ceremony ? judgeProviderKeys(deployment, world) : [];
  if (deployment.shards.every(({ medium }) => medium === 'paper')) return keys;
  const registry = await judgeRegistry({ ...room, manifest: kitManifest(home) }, postgres);
  const restored = ceremony && restorable ? await judgeExport(room, postgres) : [];
  return [...keys, ...registry, ...restored];
}
