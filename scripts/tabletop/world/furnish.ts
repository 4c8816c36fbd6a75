/** What the machines of a room begin with: the recovery kit at each, and the sign-ins of whoever works there. */
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Deployment } from '../../../src/deployment/deployment';
import { standInOf, standIns } from '../../providers/stand-ins';
import type { Sandbox } from '../machine/sandbox';
import { loginsAt, shardAt } from '../plan/places';

const kit = 'recovery-kit';

/** Copies a file or folder of one home into another, beside what lies there. */
function bring(from: string, to: string, name: string): void {
  const target = join(to, name);
  if (!existsSync(join(from, name))) return;
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  cpSync(join(from, name), target, { recursive: true });
}

/** Divides what the first machine has among all of them. One machine for all keeps everything. */
export function furnish({ all }: Pick<Sandbox, 'all'>, deployment: Deployment): void {
  const [first, ...others] = all;
  if (first?.place === undefined) return;
  for (const { home, place, world } of others) {
    // A kit that a page before has left there is the one of this place.
    if (!existsSync(join(home, kit))) bring(first.home, home, kit);
    for (const name of loginsAt(place ?? '', deployment)) bring(first.home, home, name);
    const shard = shardAt(place ?? '', deployment);
    // A custodian signs in as nobody but the recovery identity of the own shard.
    if (shard) standInOf(shard.provider)?.keepSignIn?.(world, home, shard);
  }
  const kept = loginsAt(first.place, deployment);
  const every = [...Object.values(standIns).flatMap(({ logins }) => logins), '.pg_service.conf'];
  for (const name of every)
    if (!kept.includes(name)) rmSync(join(first.home, name), { recursive: true, force: true });
}
