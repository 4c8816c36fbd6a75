/** Judges an exercise by what happened, not only by how it ended. Pure. */
import type { Exercise } from './report';

/** Something that the room saw, in the order of time. */
export interface Moment {
  readonly what:
    | 'page'
    | 'detect'
    | 'decide'
    | 'combine'
    | 'network-off'
    | 'network-on'
    | 'safe-open'
    | 'safe-close';
  /** What was said; the number of a shard for a safe. */
  readonly text: string;
  /** Whether the machine at which it was done was on a network before it. */
  readonly network: boolean;
  /** Files with plaintext in the recovery folders of all places before it. */
  readonly plaintext: number;
  /** Shards that were combined, by what is in their files. */
  readonly shards: readonly number[];
}

/** What is wrong in the room, and what a good team does about it. */
export interface Situation {
  readonly threshold: number;
  readonly total: number;
  /** Shards that can be reached while this is wrong. */
  readonly reachable: readonly number[];
  /** Whether the key is to be brought back; otherwise something is to be repaired. */
  readonly recovers: boolean;
  /** How the right page is called: number, prefix, file, title. */
  readonly pages: readonly string[];
  /** Words that only this situation has, and words of its signs. */
  readonly specific: ReadonlySet<string>;
  readonly signs: ReadonlySet<string>;
}

/** How the room was left. */
export interface Ending {
  readonly loaded: boolean;
  readonly plaintext: number;
  readonly network: boolean;
  /** Tries of a PIN that a token refused. */
  readonly wrongPins: number;
  /** Steps of the page that were needed and not done. */
  readonly skipped: readonly string[];
}

/** Words that say nothing about what is wrong. */
const EMPTY = new Set(
  `a an and are as at be by can cannot does down for from gone has have in is it its key no not of on or other our shard
   shards than that the their there this to was what which with without under service wrong broken problem`.split(
    /\s+/,
  ),
);

/** The words of a text that mean something, names such as us-east-1 whole and in parts. */
export function wordsOf(text: string): string[] {
  const tokens = text.toLowerCase().match(/[a-z0-9]+(?:-[a-z0-9]+)*/g) ?? [];
  return tokens
    .flatMap((token) => [token, ...token.split('-')])
    .filter((word) => word.length > 2 && !EMPTY.has(word));
}

/** True when somebody who says this has seen what is wrong: a word of its own, or two of its signs. */
export function detects({ specific, signs }: Situation, text: string): boolean {
  const said = new Set(wordsOf(text));
  const hits = [...said].filter((word) => signs.has(word)).length;
  return hits > 1 || [...said].some((word) => specific.has(word));
}

const key = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, '');

/** True when this names the right page, by number, prefix, file or title. */
export const isPage = ({ pages }: Situation, text: string): boolean =>
  key(text) !== '' && pages.some((name) => key(name) === key(text));

/** The shards that a decision names; undefined unless it is exactly M of those that exist. */
export function quorumOf({ threshold, total }: Situation, text: string): number[] | undefined {
  const numbers = [...new Set((text.match(/\d+/g) ?? []).map(Number))].sort((a, b) => a - b);
  const known = numbers.every((n) => n >= 1 && n <= total);
  return known && numbers.length === threshold ? numbers : undefined;
}

const list = (numbers: readonly number[]) => numbers.join(', ') || 'none';

/** What is wrong with the quorum that was decided, and with its use; undefined for nothing. */
function quorumFault(situation: Situation, moments: readonly Moment[]): string | undefined {
  const decisions = moments.filter(({ what }) => what === 'decide');
  const combined = moments.filter(({ what }) => what === 'combine').at(-1);
  const before = decisions.filter((each) => !combined || moments.indexOf(each) < moments.indexOf(combined));
  const decided = quorumOf(situation, before.at(-1)?.text ?? '');
  if (decided === undefined)
    return `No quorum of ${situation.threshold} shards was decided before it was combined.`;
  const out = decided.filter((n) => !situation.reachable.includes(n));
  if (out.length > 0) return `Shards ${list(decided)} were decided, and ${list(out)} cannot be reached.`;
  const used = combined ? [...combined.shards].sort((a, b) => a - b) : [];
  if (combined && list(used) !== list(decided))
    return `Shards ${list(decided)} were decided, and ${list(used)} were combined.`;
  return undefined;
}

export interface Judged {
  readonly objectives: Exercise['objectives'];
  /** One sentence for each objective that was not met. */
  readonly faults: string[];
}

/** Every objective with its verdict, and what was done wrong. */
export function judge(situation: Situation, moments: readonly Moment[], end: Ending): Judged {
  const of = (what: Moment['what']) => moments.filter((moment) => moment.what === what);
  const [firstPage] = of('page');
  const detected = of('detect').map(({ text }) => text);
  const online = of('combine').filter(({ network }) => network);
  const early = of('network-on').filter(({ plaintext }) => plaintext > 0);
  const open = new Set<string>();
  for (const { what, text } of moments) {
    if (what === 'safe-open') open.add(text);
    if (what === 'safe-close') open.delete(text);
  }
  const recovery: [string, string | undefined][] = [
    ['Choose a quorum that can be reached, and use it.', quorumFault(situation, moments)],
    [
      'Combine the key only on a machine that has no network.',
      online.length > 0
        ? `The shards were combined ${online.length === 1 ? '' : `${online.length} times `}while the network was on.`
        : of('combine').length === 0
          ? 'No shards were combined.'
          : undefined,
    ],
    ['Give the service the right key.', end.loaded ? undefined : 'The service was not given the right key.'],
  ];
  const judged: [text: string, fault: string | undefined][] = [
    [
      'Say what is wrong, judging by what is seen.',
      detected.some((text) => detects(situation, text))
        ? undefined
        : detected.length === 0
          ? 'Nobody said what is wrong.'
          : `"${detected.at(-1)}" is not what was wrong.`,
    ],
    [
      'Take the right page first.',
      firstPage && isPage(situation, firstPage.text)
        ? undefined
        : firstPage
          ? `The page "${firstPage.text}" was taken first; ${situation.pages[0]} is the one.`
          : 'Nobody said which page was taken.',
    ],
    ...(situation.recovers ? recovery : []),
    [
      'Wipe every plaintext before the network comes back.',
      early.length > 0
        ? `The network came back while ${early[0]?.plaintext} files with plaintext were there.`
        : undefined,
    ],
    [
      'Close every safe that was opened.',
      open.size > 0 ? `The safe of shard ${[...open].join(', ')} was left open.` : undefined,
    ],
    [
      'Enter no wrong PIN.',
      end.wrongPins > 0 ? `A token refused ${end.wrongPins} tries of a PIN.` : undefined,
    ],
    [
      'Leave out no step of the page.',
      end.skipped.length > 0 ? `Steps of the page were left out: ${end.skipped.join(', ')}.` : undefined,
    ],
    [
      'Leave no plaintext behind and the network as it was.',
      end.plaintext > 0
        ? `${end.plaintext} files with plaintext were left behind.`
        : end.network
          ? undefined
          : 'The network was left off.',
    ],
  ];
  return {
    objectives: judged.map(([text, fault]) => ({ text, met: fault === undefined })),
    faults: judged.flatMap(([, fault]) => fault ?? []),
  };
}

/** The verdict in words; only the first of each kind is a pass. */
export function verdictOf(recovers: boolean, end: Ending, faults: readonly string[]): Exercise['verdict'] {
  const reached = recovers ? end.loaded && end.plaintext === 0 && end.network : end.skipped.length === 0;
  if (!reached) return recovers ? 'not recovered' : 'not repaired';
  if (faults.length > 0) return recovers ? 'recovered with faults' : 'repaired with faults';
  return recovers ? 'recovered' : 'repaired';
}
