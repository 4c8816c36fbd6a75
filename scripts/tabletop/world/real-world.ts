/** What a drill on rung 2 does before the first scenario: judges what stays on rung 1, and sets the real tools up once. */
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Results } from '../../../src/procedure/results/drill-results';
import { needsOpenCryptoki } from '../../providers/real/opencryptoki';
import { systemPath } from '../../providers/real/support';
import type { Drop } from '../plan/rung';
import type { Setting } from '../plan/setting';
import type { Tools } from './tool-set';
import { fixtureFolder } from './worlds';

export interface RungOptions {
  /** Names of what may be shown on rung 1. */
  readonly allowed: readonly string[];
}

/** Refuses what falls to rung 1 without being named. Throws RangeError, in one sentence a fall. */
export function judgeDrops(
  drops: readonly Drop[],
  allowed: readonly string[],
): NonNullable<Results['drops']> {
  const refused = drops.filter(({ name }) => !allowed.includes(name));
  if (refused.length > 0) {
    const falls = refused.map(({ name, reason }) => `${name} (${reason})`).join('; ');
    const words = refused.map(({ name }) => `--allow-rung ${name}`).join(' ');
    throw new RangeError(`not on rung 2: ${falls}; to allow that: ${words}`);
  }
  return drops.map(({ name, reason }) => ({ name, reason, allowed: true }));
}

/** The fixture's world with tokens, certificates and logins of the real tools, made once and copied by each scenario. */
export function prepareRealWorld(
  tools: Tools,
  { root, deployment }: Setting,
  missing: ReadonlyMap<string, string>,
): string {
  const real = tools.real ?? '';
  const folder = dirname(real);
  const [world, home] = [join(folder, 'world'), join(folder, 'home')];
  cpSync(join(fixtureFolder(root), 'world'), world, { recursive: true });
  cpSync(join(fixtureFolder(root), 'home'), home, { recursive: true });
  const module = deployment.shards.flatMap((shard) =>
    shard.provider === 'pkcs11-hsm' ? [shard.module] : [],
  )[0];
  const calls: Readonly<Record<string, readonly string[]>> = {
    aws: ['--version'],
    gcloud: ['config', 'list'],
    az: ['account', 'show'],
    ...(module === undefined ? {} : { 'pkcs11-tool': ['--module', module, '--list-token-slots'] }),
  };
  const used = new Set(deployment.shards.map(({ tool }) => tool));
  for (const [tool, words] of Object.entries(calls)) {
    if (!used.has(tool) || missing.has(tool)) continue;
    if (
      tool === 'pkcs11-tool' &&
      needsOpenCryptoki(world, module ?? '') &&
      missing.has('pkcs11-tool:opencryptoki')
    )
      continue;
    const call = spawnSync(process.execPath, [real, tool, world, ...words], {
      encoding: 'utf8',
      env: { HOME: home, PATH: systemPath, LANG: 'C.UTF-8' },
    });
    if (call.status !== 0) throw new Error(`the real ${tool} does not start: ${call.stderr.split('\n')[0]}`);
  }
  return world;
}
