/** A step in one line, for the outline of a page: what its actor is told, without the actor. */

/**
 * `Recovery operator: fetch shard 1, still wrapped. It …` → `Fetch shard 1, still wrapped`.
 * @param text The instruction; white space may have been collapsed.
 */
export function stepTitle(text: string): string {
  // That an instruction begins with its actor is checked in actor.ts.
  const said = text.replace(/^\s*[^:\n]{1,80}:\s+/, '');
  const [first = said] = /^[\s\S]*?(?=[.?!](?:\s|$)|\n\n)/.exec(said) ?? [];
  const line = first.replace(/\s+/g, ' ').trim();
  return line.charAt(0).toUpperCase() + line.slice(1);
}
