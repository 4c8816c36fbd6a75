/** The acts of people that change something on the drill's fixture. All others are only counted. */
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../../../src/deployment/deployment';
import { type Step, shardOf } from '../../../src/procedure/steps/step';
import type { Manifest } from '../../../src/shard/manifest';
import { forgetTokens } from '../../providers/real/softhsm';
import { standInOf } from '../../providers/stand-ins';
import { faultState } from '../../providers/world';
import type { Sandbox } from '../machine/sandbox';
import { mediumFolder } from './broken-trail';
import { isKeyOf } from './oracle';
import { printSheet, readSheet, sheetFile, storeSheet } from './sheets';

/** The room of one scenario, as it is seen where the step is done. */
export interface Room {
  readonly sandbox: Sandbox;
  readonly deployment: Deployment;
  readonly shellPid: number;
  /** The stored world in which nothing is broken. */
  readonly fixture: string;
  /** The manifest against which a loaded key is judged; undefined before a set exists. */
  readonly manifest: () => Manifest | undefined;
  readonly state: RoomState;
}

/** What happened in the room, over all pages of a scenario. */
export interface RoomState {
  /** Safes that were opened. */
  readonly opened: Set<string>;
  /** Pictures of sheets that came into the room, by their shard. Each is that shard, in another form. */
  readonly pictures: Map<number, Buffer>;
  /** Set when the service has been given the right key. */
  loaded: boolean;
}

/** Everything a machine can reach over a network, in the words of faults.json. */
function networkTargets(deployment: Deployment): string[] {
  const targets = new Set(['postgres']);
  for (const shard of deployment.shards) {
    if (shard.provider === 'aws-kms') {
      targets.add(`aws-kms:${shard.region}`);
      if (shard.replicaRegion) targets.add(`aws-kms:${shard.replicaRegion}`);
    } else if (shard.provider !== 'paper' && shard.provider !== 'pkcs11-hsm') targets.add(shard.provider);
  }
  return [...targets];
}

const connectedFaults = (world: string) => join(world, 'faults.connected.json');

/** From now on nothing answers over a network; the faults of the scenario are kept for later. */
function disconnect(world: string, deployment: Deployment): void {
  if (existsSync(connectedFaults(world))) return;
  const before = faultState.load(world);
  writeFileSync(connectedFaults(world), JSON.stringify(before), { mode: 0o600 });
  const cut = Object.fromEntries(networkTargets(deployment).map((target) => [target, 'refuse' as const]));
  faultState.save(world, { ...before, ...cut });
}

/** Everything answers again, as far as the scenario lets it. */
export function connect(world: string): void {
  const file = connectedFaults(world);
  if (!existsSync(file)) return;
  faultState.save(world, JSON.parse(readFileSync(file, 'utf8')));
  rmSync(file);
}

/** The folder in which the operator stands, as the operator sees it: by its name it might be another one here. */
const workingFolder = (room: Room) => `/proc/${room.shellPid}/cwd`;

/** Number of the shard that a step of a partial is about. */
export function shardNumber(step: Step): number {
  return shardOf(step) ?? Number.NaN;
}

function paperShard(room: Room, step: Step) {
  const number = shardNumber(step);
  const shard = room.deployment.shards.find((candidate) => candidate.n === number);
  if (shard?.provider !== 'paper') throw new RangeError(`step ${step.id} is about no shard on paper`);
  return shard;
}

type Perform = (room: Room, step: Step) => void;

const performers: Partial<Record<NonNullable<Step['act']>, Perform>> = {
  'network-off': ({ sandbox, deployment }) => disconnect(sandbox.world, deployment),
  'network-on': ({ sandbox }) => connect(sandbox.world),
  'safe-open': (room, step) => {
    room.state.opened.add(paperShard(room, step).safe);
  },
  'sheet-scan': (room, step) => {
    const shard = paperShard(room, step);
    if (!room.state.opened.has(shard.safe))
      throw new RangeError(`the sheet is still in ${shard.safe}: no step has opened it`);
    const picture = join(workingFolder(room), `sheet-${shard.n}.png`);
    const scanned = readFileSync(sheetFile(room.sandbox.world, shard));
    room.state.pictures.set(shard.n, scanned);
    // A scanner's file is the operator's own; git does not keep the modes of the fixture.
    writeFileSync(picture, scanned, { mode: 0o600 });
  },
  'sheet-print': (room, step) => {
    const shard = paperShard(room, step);
    const folder = workingFolder(room);
    const picture = printSheet(readFileSync(join(folder, `sheet-${shard.n}.html`), 'utf8'));
    storeSheet(sheetFile(room.sandbox.world, shard), picture);
    room.state.pictures.set(shard.n, picture);
    writeFileSync(join(folder, `sheet-${shard.n}.png`), picture, { mode: 0o600 });
  },
  'sheet-type': (room, step) => {
    const shard = paperShard(room, step);
    if (!room.state.opened.has(shard.safe))
      throw new RangeError(`the sheet is still in ${shard.safe}: no step has opened it`);
    // The groups are printed beside the code; the code of the stored world says what they are.
    const groups =
      readSheet(sheetFile(room.fixture, shard))
        .toUpperCase()
        .match(/.{1,5}/g) ?? [];
    writeFileSync(join(workingFolder(room), `shard-${shard.n}.txt`), `${groups.join(' ')}\n`, {
      mode: 0o600,
    });
  },
  'media-insert': (room) => {
    const medium = mediumFolder(room.sandbox.world);
    for (const name of existsSync(medium) ? readdirSync(medium) : [])
      copyFileSync(join(medium, name), join(workingFolder(room), name));
  },
  'provider-repair': (room, step) => {
    const shard = room.deployment.shards[shardNumber(step) - 1];
    const state = shard && standInOf(shard.provider)?.state.name;
    if (!state) throw new RangeError(`step ${step.id} is about no shard whose provider can be repaired`);
    copyFileSync(join(room.fixture, `${state}.json`), join(room.sandbox.world, `${state}.json`));
    // The real token is made again from that state at its next use.
    if (state === 'hsm') forgetTokens(room.sandbox.world);
  },
  'key-load': (room) => {
    const file = join(workingFolder(room), 'master.key');
    if (!existsSync(file)) {
      throw new RangeError(`there is no master.key among ${readdirSync(workingFolder(room)).join(', ')}`);
    }
    const key = new Uint8Array(readFileSync(file));
    const manifest = room.manifest();
    if (!manifest) throw new RangeError('there is no manifest to judge the key by');
    if (!isKeyOf(manifest, key))
      throw new RangeError('the service was given a key that is not the key of the manifest');
    key.fill(0);
    room.state.loaded = true;
  },
};

/** Performs the act of a step. Throws RangeError, in one sentence, when it cannot be done. */
export function performAct(room: Room, step: Step): void {
  if (step.act) performers[step.act]?.(room, step);
}
