/** Argument grammar shared by the stand-ins: a closed list of long flags for each subcommand; everything else is reported, never ignored. */
import { distance } from '../../src/deployment/edit-distance';

/** `switch` takes no value, `value` takes one (the last wins), `list` may be repeated. */
export type FlagKind = 'switch' | 'value' | 'list';

export type Flags = Readonly<Record<string, FlagKind>>;

export interface Parsed {
  /** Values by flag name, without dashes; a switch has one empty string. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Every flag and value in the order of the command line, for tools that act in that order. */
  readonly ordered: readonly (readonly [name: string, value: string])[];
  readonly positional: readonly string[];
  /** Words that no rule explains, in order, as typed; the words after an unknown flag stay with it. */
  readonly unknown: readonly string[];
  /** First flag whose value is missing. */
  readonly incomplete: string | undefined;
}

export interface Style {
  /** `--flag` (most tools) or `-flag` and `--flag` (Go's flag package). */
  readonly dashes: 1 | 2;
  /** Go's flag package stops at the first word that is not a flag. */
  readonly stopAtPositional?: boolean;
  /** argparse refuses a value that looks like a flag; getopt takes it. */
  readonly valueMayBeFlag?: boolean;
}

/**
 * Sorts `words` into flags and positional words. Abbreviated flags, which argparse and getopt allow, count as unknown:
 * a printed command spells its flags out.
 */
export function parseFlags(words: readonly string[], flags: Flags, style: Style): Parsed {
  const values = new Map<string, string[]>();
  const ordered: [string, string][] = [];
  const positional: string[] = [];
  const unknown: string[] = [];
  let incomplete: string | undefined;
  let afterUnknown = false;

  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const match =
      style.dashes === 2
        ? /^--([^=]+)(?:=([\s\S]*))?$/.exec(word)
        : /^--?([^-=][^=]*)(?:=([\s\S]*))?$/.exec(word);
    if (match === null) {
      if (word.startsWith('-') && word !== '-') unknown.push(word);
      else if (afterUnknown) unknown.push(word);
      else {
        positional.push(word);
        if (style.stopAtPositional === true) {
          positional.push(...words.slice(index + 1));
          break;
        }
      }
      continue;
    }
    const [, name = '', inline] = match;
    const kind = Object.hasOwn(flags, name) ? flags[name] : undefined;
    afterUnknown = kind === undefined;
    if (kind === undefined || (kind === 'switch' && inline !== undefined)) {
      unknown.push(word);
      continue;
    }
    if (kind === 'switch') {
      values.set(name, ['']);
      ordered.push([name, '']);
      continue;
    }
    let value = inline;
    if (value === undefined) {
      const next = words[index + 1];
      if (next === undefined || (style.valueMayBeFlag !== true && next.startsWith('--'))) {
        incomplete ??= name;
        continue;
      }
      value = next;
      index += 1;
    }
    ordered.push([name, value]);
    values.set(name, kind === 'list' ? [...(values.get(name) ?? []), value] : [value]);
  }
  return { values, ordered, positional, unknown, incomplete };
}

/** Last value of a flag, or undefined where it was not given. */
export function flag(parsed: Parsed, name: string): string | undefined {
  return parsed.values.get(name)?.at(-1);
}

/** True where a switch was given. */
export function given(parsed: Parsed, name: string): boolean {
  return parsed.values.has(name);
}

/** The candidate that is nearest to what was typed (Levenshtein distance of at most a third of it), for "did you mean". */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(typed.length / 3)) + 1;
  for (const candidate of candidates) {
    const far = distance(typed, candidate);
    if (far < least) {
      least = far;
      best = candidate;
    }
  }
  return best;
}
