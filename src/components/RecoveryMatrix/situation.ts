/** What follows from what is down, breached and live. */
import { type Outage, outage, type Path } from '../../quorum/recovery';
import { type Assessment, assess } from '../../quorum/state';
import type { DomainInput, QuorumInput } from '../../quorum/types';
import { keeperKind, keyOf, switches } from './domains';

/** What the user has ticked: names of domains. */
export interface Ticked {
  readonly down: readonly string[];
  readonly breached: readonly string[];
  readonly live: boolean;
}

export const nothingTicked: Ticked = { down: [], breached: [], live: true };

/** Whether somebody has said anything: until then there is no verdict on the key. */
export function isAsked({ down, breached, live }: Ticked): boolean {
  return down.length > 0 || breached.length > 0 || !live;
}

/** `left`, `paths` and `pathCount` are about shards that are neither down nor exposed. */
export interface Situation extends Outage {
  readonly exposed: readonly number[];
  readonly assessment: Assessment;
  /** Paths through exposed shards, when no other is left. */
  readonly lastResort: readonly Path[];
}

/** Most paths that are listed. */
const listed = 10;

/** Shards that nobody is there to open, and who still opens those of which a custodian is away. */
function keeping({ shards, domains }: QuorumInput, down: readonly DomainInput[]) {
  const away = new Set(down.filter(({ kind }) => kind === keeperKind).map(({ id }) => id));
  const unkept: number[] = [];
  const standIns: string[] = [];
  for (const { n, keepers = [] } of shards) {
    const here = keepers.filter((id) => !away.has(id));
    if (here.length === keepers.length) continue;
    if (here.length === 0) unkept.push(n);
    const name = (id: string) => domains.find((one) => one.kind === keeperKind && one.id === id)?.name ?? id;
    standIns.push(...here.map((id) => `${name(id)} (shard ${n})`));
  }
  return { unkept, standIns };
}

/** Counts shards and paths, and names the states. Ticks that fit no domain are ignored. */
export function situation(input: QuorumInput, ticked: Ticked): Situation {
  const all = switches(input);
  const chosen = (keys: readonly string[]) => all.filter((domain) => keys.includes(keyOf(domain)));
  const breached = chosen(ticked.breached).filter(({ breachable }) => breachable !== false);
  const exposed = [...new Set(breached.flatMap(({ shards }: DomainInput) => shards))].sort((a, b) => a - b);
  const down = chosen(ticked.down);
  const { unkept, standIns } = keeping(input, down);
  const result = outage(input, down, listed, [...exposed, ...unkept]);
  const assessment = assess({
    threshold: input.threshold,
    live: ticked.live,
    healthy: result.left.length,
    exposed: exposed.length,
  });
  const lastResort = result.paths.length === 0 ? outage(input, down, listed, unkept).paths : [];
  const fallbacks = [...result.fallbacks, ...standIns];
  return { ...result, fallbacks, exposed, assessment, lastResort };
}

/** Reads the ticks of an address; what is not known there is left out. */
export function fromQuery(query: string, input: QuorumInput): Ticked {
  const values = new URLSearchParams(query);
  const known = new Set(switches(input).map(keyOf));
  const read = (name: string) => [...new Set(values.getAll(name))].filter((key) => known.has(key));
  return { down: read('down'), breached: read('breached'), live: values.get('live') !== 'no' };
}

/** The address with the ticks in its query; what others keep there stays. */
export function withTicks(address: string, ticked: Ticked): string {
  const url = new URL(address);
  for (const name of ['down', 'breached', 'live']) url.searchParams.delete(name);
  for (const key of ticked.down) url.searchParams.append('down', key);
  for (const key of ticked.breached) url.searchParams.append('breached', key);
  if (!ticked.live) url.searchParams.append('live', 'no');
  return url.href;
}
