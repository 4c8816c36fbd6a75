/** The three things that a verdict can say, in the same words on the command line, on the site and on paper. */

/** What each means. Only the first is a pass. */
export const STANDINGS = {
  VERIFIED: 'All that was asked was checked, and nothing is wrong.',
  FAILED: 'Something is wrong, and it is named.',
  UNVERIFIABLE:
    'Nothing wrong was found, but something could not be checked: it is named, and this is never a pass.',
} as const;

export type Standing = keyof typeof STANDINGS;

/**
 * What a verdict says.
 * @param wrong What was found to be wrong; a failure outweighs what was not checked.
 * @param unchecked What could not be checked, in sentences.
 */
export function standingOf(wrong: boolean, unchecked: readonly string[]): Standing {
  if (wrong) return 'FAILED';
  return unchecked.length === 0 ? 'VERIFIED' : 'UNVERIFIABLE';
}

/** A verdict in words: the first line begins with the standing. */
export interface Judgment {
  readonly standing: Standing;
  readonly lines: readonly string[];
}
