/** What a mistyped word of the command line was meant to be. */

/** `Did you mean …? ` when a known word begins like this one, or is one slip of the keyboard away; else nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  // Two words are one slip apart when they are the same after at most one character of each is left out.
  const cuts = (text: string) => [text, ...Array.from(text, (_, i) => text.slice(0, i) + text.slice(i + 1))];
  const [typed, near] = [word.toLowerCase(), cuts(word.toLowerCase())];
  const meant = known.find(
    (one) => (typed.length > 2 && one.startsWith(typed)) || cuts(one).some((cut) => near.includes(cut)),
  );
  return meant === undefined ? '' : `Did you mean ${meant}? `;
}
