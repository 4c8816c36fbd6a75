/** What a command must have left, and not left, on the operator's machine: judged right after it, as later steps might hide it. */
import { join } from 'node:path';
import type { Deployment } from '../../../src/deployment/deployment';
import type { Failure } from '../../../src/procedure/results/drill-results';
import type { Step } from '../../../src/procedure/steps/step';
import type { Fact } from '../../../src/procedure/vocabulary/facts';
import { standInOf } from '../../providers/stand-ins';
import type { Sandbox } from '../machine/sandbox';
import type { DiskWatch } from '../secrets/disk-watch';
import { holdersOf, privateKeysBelow } from '../secrets/leaks';
import type { Secret } from '../secrets/secrets';
import { shardNumber } from '../world/acts';
import { failureAt } from './failure';

/** Facts that mean a secret lies on disk; a step that clears one has wiped it. */
const plaintextFacts: readonly Fact[] = ['shard-plaintext', 'key-file', 'set-plaintext'];

/** What is known of a machine when a command has ended. */
export interface Left {
  readonly sandbox: Sandbox;
  readonly deployment: Deployment;
  /** Shards and key of the set, where the drill knows one. */
  readonly secrets: readonly Secret[];
  /** Pictures of sheets that were scanned. */
  readonly pictures: readonly Secret[];
  /** What people have entered when a command asked. */
  readonly typed: ReadonlySet<string>;
  readonly disks: DiskWatch;
  /** A step has failed before: a provider that does not answer cannot be told to end a session. */
  readonly stopped: boolean;
  /** Tools whose sessions the drill can see: a real tool keeps its own in a world of its own. */
  readonly sees: (tool: string) => boolean;
}

function looseFile(step: Step, { sandbox }: Left): Failure | undefined {
  const [loose] = sandbox.looseModes();
  return loose && failureAt(step, 'mode', 'private files', `${loose.file}: ${loose.message}`);
}

/** A step that says it wipes plaintext must leave none where the operator works. */
function notWiped(step: Step, { sandbox, secrets, pictures }: Left): Failure | undefined {
  const claims = step.clears.filter((fact) => plaintextFacts.includes(fact));
  if (secrets.length === 0 || claims.length === 0) return undefined;
  const [found] = sandbox.memories.flatMap((memory) =>
    holdersOf(sandbox.root, memory, [...secrets, ...pictures]),
  );
  const wanted = `no plaintext after a step that clears ${claims.join(' and ')}`;
  return found && failureAt(step, 'plaintext', wanted, `${found.file}: ${found.message}`);
}

/** What was wrapped for a session can be read for as long as its private key is anywhere. */
function keptSession(step: Step, { sandbox }: Left): Failure | undefined {
  if (!step.clears.includes('session-key')) return undefined;
  const [found] = sandbox.memories.flatMap(privateKeysBelow);
  const wanted = 'no private key after a step that destroys the session key';
  return found && failureAt(step, 'plaintext', wanted, `${found.file}: ${found.message}`);
}

/** No shard, no key and no PIN may lie on a disk of any place, not even between two steps. */
function onDisk(step: Step, { sandbox, secrets, typed, disks }: Left): Failure | undefined {
  const all = sandbox.all.flatMap((view) => view.disks);
  const found = disks.look(all, [...secrets], typed);
  return found === undefined ? undefined : failureAt(step, 'disk', 'no secret on a disk', found);
}

/** A step that closes a session at a provider must leave none that the next person at the machine could use. */
function stillSignedIn(step: Step, { sandbox, deployment, sees, stopped }: Left): Failure | undefined {
  const shard = deployment.shards[shardNumber(step) - 1];
  const standIn = standInOf(shard?.provider ?? '');
  if (!step.log.includes('session.closed') || !standIn || !sees(shard?.tool ?? '')) return undefined;
  // What lies on this machine must be gone in any case.
  const provider = stopped ? join(sandbox.world, 'no-answer') : sandbox.world;
  const found = standIn.signedIn?.(provider, sandbox.home);
  return found === undefined ? undefined : failureAt(step, 'session', 'nobody signed in', found);
}

/** The first thing that a command should not have left. */
export const judgeLeft = (step: Step, left: Left): Failure | undefined =>
  looseFile(step, left) ??
  notWiped(step, left) ??
  keptSession(step, left) ??
  onDisk(step, left) ??
  stillSignedIn(step, left);
