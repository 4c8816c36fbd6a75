/**
 * L, H and E of a page: is the key live, how many shards are healthy, how many exposed. Reads what a page declares
 * before and after, and computes what its steps make of it, as spans of numbers (interval analysis).
 */
import type { AuditAction } from '../../audit/actions';

/** From the least to the most that is possible, both included. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

export interface KeyState {
  readonly live: 'yes' | 'no' | 'either';
  readonly healthy: Span;
  readonly exposed: Span;
  /** E has been established, with its basis. */
  readonly counted: boolean;
}

/** `state.before` or `state.after` of a page, in the words of its front matter. */
export interface DeclaredState {
  readonly live: KeyState['live'];
  readonly healthy: string;
  readonly exposed: string;
}

/** M and N. */
export interface Size {
  readonly threshold: number;
  readonly shards: number;
}

const hull = (spans: readonly Span[]): Span => ({
  low: Math.min(...spans.map(({ low }) => low)),
  high: Math.max(...spans.map(({ high }) => high)),
});

const number = (text: string, { threshold, shards }: Size): number | undefined => {
  const match = /^(M|N|\d+)(?: ([+−]) (\d+))?$/.exec(text);
  if (!match?.[1]) return undefined;
  const base = { M: threshold, N: shards }[match[1]] ?? Number(match[1]);
  return base + (match[2] === '−' ? -1 : 1) * Number(match[3] ?? 0);
};

const moved = ({ low, high }: Span, by: number, { shards }: Size): Span => ({
  low: Math.min(Math.max(low + by, 0), shards),
  high: Math.min(Math.max(high + by, 0), shards),
});

function amount(text: string, size: Size, before: Span | undefined): Span | undefined {
  const all = { low: 0, high: size.shards };
  if (text === 'any' || text === 'unknown') return all;
  if (before) {
    if (text === 'unchanged' || text === 'counted') return before;
    if (text === 'one more') return moved(before, 1, size);
    if (text === 'one less') return moved(before, -1, size);
  }
  const exact = number(text, size);
  if (exact !== undefined) return { low: exact, high: exact };
  const least = number(/^(.+) or more$/.exec(text)?.[1] ?? '', size);
  if (least !== undefined) return { low: least, high: Math.max(least, size.shards) };
  const below = number(/^fewer than (.+)$/.exec(text)?.[1] ?? '', size);
  if (below !== undefined) return { low: 0, high: below - 1 };
  const [, from = '', to = ''] = /^(.+) to (.+)$/.exec(text) ?? [];
  const [low, high] = [number(from, size), number(to, size)];
  return low === undefined || high === undefined ? undefined : { low, high };
}

/** Words that a declared number is made of; a note for the reader follows in parentheses. */
export const amountWords =
  'N, M, M + 1, N − 1, 0, any, unknown, fewer than M, M or more, 1 to M − 1; after: unchanged, counted, one more, one less; joined by ", or "';

/** Span of a declared number. Throws RangeError on words that stand for none. `before` is needed for relative words. */
export function readAmount(text: string, size: Size, before?: Span): Span {
  const parts = text
    .replace(/ ?\([^)]*\)/g, '')
    .split(', or ')
    .map((part) => amount(part.trim(), size, before));
  if (parts.some((part) => part === undefined))
    throw new RangeError(`"${text}" is no number of shards; wanted ${amountWords}`);
  return hull(parts as Span[]);
}

/** What a page declares before its first step. Throws RangeError. */
export function readBefore({ live, healthy, exposed }: DeclaredState, size: Size): KeyState {
  return {
    live,
    healthy: readAmount(healthy, size),
    exposed: readAmount(exposed, size),
    counted: !exposed.startsWith('unknown'),
  };
}

/** What a page declares after its last step, when it began in `before`. Throws RangeError. */
export function readAfter({ live, healthy, exposed }: DeclaredState, size: Size, before: KeyState): KeyState {
  return {
    live: live === 'either' ? before.live : live,
    healthy: readAmount(healthy, size, before.healthy),
    exposed: readAmount(exposed, size, before.exposed),
    counted: before.counted || !exposed.startsWith('un'),
  };
}

type Effect = (state: KeyState, size: Size) => KeyState;

const exactly = (count: number): Span => ({ low: count, high: count });
const counted: Effect = (state) => ({ ...state, counted: true });

/** What an action of the audit trail does to L, H and E. All others leave them alone. */
const effects: Partial<Record<AuditAction, Effect>> = {
  'key.loaded': (state) => ({ ...state, live: 'yes' }),
  // Data rests on the version from now on: all its holders have proved their shards, and nobody else has seen one.
  'key.activated': (state, { shards }) => ({
    ...state,
    healthy: exactly(shards),
    exposed: exactly(0),
    counted: true,
  }),
  'key.destroyed': (state) => ({ ...state, live: 'no', healthy: exactly(0) }),
  'key.compromised': (state, { threshold, shards }) => ({
    ...state,
    exposed: { low: threshold, high: shards },
  }),
  'set.committed': (state, { shards }) => ({ ...state, healthy: exactly(shards) }),
  // S < M: the exposed shards of the old set rebuild nothing.
  'set.destroyed': (state) => ({ ...state, exposed: exactly(0), counted: true }),
  'shard.exposed': (state) => ({
    ...state,
    exposed: { ...state.exposed, low: Math.max(state.exposed.low, 1) },
  }),
  // A shard that was in doubt was read back, or seen in its sealed bag.
  'shard.proved': (state, size) => ({ ...state, healthy: moved(state.healthy, 1, size) }),
  'attestation.signed': (state, size) => ({ ...state, healthy: moved(state.healthy, 1, size) }),
  'shard.reissued': (state, size) => ({ ...state, healthy: moved(state.healthy, 1, size) }),
  'provider.restored': (state, size) => ({ ...state, healthy: moved(state.healthy, 1, size) }),
  'bag.received': (state, size) => ({ ...state, healthy: moved(state.healthy, 1, size) }),
  'bag.rejected': (state, size) => ({
    ...state,
    healthy: hull([state.healthy, moved(state.healthy, -1, size)]),
    exposed: hull([state.exposed, moved(state.exposed, 1, size)]),
  }),
  'registry.restored': (state, { shards }) => ({ ...state, healthy: exactly(shards) }),
  'exposure.assessed': counted,
  'seal.assessed': counted,
};

/** The state that a step leaves, by the actions that it logs. */
export function afterActions(state: KeyState, log: readonly AuditAction[], size: Size): KeyState {
  return log.reduce((now, action) => effects[action]?.(now, size) ?? now, state);
}

/** What holds when one of several ways was taken. */
export function eitherOf(states: readonly KeyState[]): KeyState {
  const [first] = states;
  if (!first) throw new RangeError('no state to choose from');
  return {
    live: states.every(({ live }) => live === first.live) ? first.live : 'either',
    healthy: hull(states.map(({ healthy }) => healthy)),
    exposed: hull(states.map(({ exposed }) => exposed)),
    counted: states.every((state) => state.counted),
  };
}

const spanText = ({ low, high }: Span) => (low === high ? String(low) : `${low} to ${high}`);

/** `L yes, H 5, E 0 to 2`; an E that nobody has counted is unknown. */
export function stateText({ live, healthy, exposed, counted: known }: KeyState): string {
  return `L ${live}, H ${spanText(healthy)}, E ${known ? spanText(exposed) : 'unknown'}`;
}
