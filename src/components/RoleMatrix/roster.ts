/** A roster of names, and the forbidden pairs that one person would hold. */

/** Two roles that one person must not hold. */
export interface ForbiddenPair {
  readonly rule: string;
  readonly roles: readonly [string, string];
  readonly reason: string;
}

/** Names by role, as typed: separated by commas, semicolons or line breaks. */
export type Roster = Readonly<Record<string, string>>;

export interface Conflict extends ForbiddenPair {
  /** The name as first typed. */
  readonly person: string;
}

/** Capital letters, spaces and the ways to write an accent make no other person. */
function identity(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLocaleLowerCase('en');
}

/** The names of one role: identity → name as typed. */
function namesOf(text: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const part of text.split(/[,;\n]/)) {
    const name = part.trim().replace(/\s+/g, ' ');
    if (name !== '' && !names.has(identity(name))) names.set(identity(name), name);
  }
  return names;
}

/** Every forbidden pair that one person of the roster would hold, in the order of the pairs. */
export function conflicts(roster: Roster, pairs: readonly ForbiddenPair[]): Conflict[] {
  const names = new Map(Object.entries(roster).map(([role, text]) => [role, namesOf(text)]));
  return pairs.flatMap((pair) => {
    const second = names.get(pair.roles[1]);
    return [...(names.get(pair.roles[0]) ?? [])].flatMap(([person, typed]) =>
      second?.has(person) ? [{ ...pair, person: typed }] : [],
    );
  });
}

/** Roles that nobody holds. */
export function vacancies(roster: Roster, roles: readonly string[]): string[] {
  return roles.filter((role) => namesOf(roster[role] ?? '').size === 0);
}
