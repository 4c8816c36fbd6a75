/** People for the roles of a generated deployment: whoever may hold a role by the rules of the build, or somebody new. */
import { incompatiblePairs, type Role, watchersOf, witnessedPairs } from '../../src/deployment/roles';
import { slugOf } from './names';
import type { Tape } from './tape';

interface Member {
  readonly id: string;
  readonly external: boolean;
  readonly roles: Set<Role>;
  /** Shards that the person reaches, by whatever role. */
  readonly reaches: Set<number>;
}

export class Staff {
  readonly members: Member[] = [];
  readonly #held = new Map<Role, string[]>();

  /** @param few Whether roles are gathered on few people, and not spread over all. */
  constructor(
    private readonly tape: Tape,
    people: number,
    private readonly threshold: number,
    private readonly few: boolean,
  ) {
    for (let count = 0; count < people; count++) this.#hire(false);
  }

  #hire(external: boolean): Member {
    const number = this.members.length + 1;
    const id = slugOf(this.tape, this.tape.of(['person', 'p', 'no', 'ana', 'x-y']), number);
    const member = { id, external, roles: new Set<Role>(), reaches: new Set<number>() };
    this.members.push(member);
    return member;
  }

  #may(member: Member, role: Role, reaches: readonly number[]): boolean {
    if (member.external !== (role === 'external-witness')) return false;
    if (new Set([...member.reaches, ...reaches]).size >= this.threshold) return false;
    return !incompatiblePairs.some(({ roles: [a, b] }) =>
      a === role ? member.roles.has(b) : b === role && member.roles.has(a),
    );
  }

  /** Gives a role to somebody who may hold it, and to none of `not`; `reaches` are the shards that it opens. */
  give(role: Role, not: readonly string[] = [], reaches: readonly number[] = []): string {
    const able = this.members.filter(
      (member) => !not.includes(member.id) && this.#may(member, role, reaches),
    );
    const fewest = Math.min(...able.map(({ roles }) => roles.size));
    const preferred = this.few
      ? able.filter(({ roles }) => roles.size > 0)
      : able.filter(({ roles }) => roles.size === fewest);
    const choice = preferred.length > 0 ? preferred : able;
    const member = choice.length > 0 ? this.tape.of(choice) : this.#hire(role === 'external-witness');
    member.roles.add(role);
    for (const shard of reaches) member.reaches.add(shard);
    const held = this.#held.get(role) ?? [];
    if (!held.includes(member.id)) this.#held.set(role, [...held, member.id]);
    return member.id;
  }

  /** Whether somebody may come to reach these shards as well. */
  mayReach(id: string, ...shards: number[]): boolean {
    const reached = this.members.find((member) => member.id === id)?.reaches ?? new Set();
    return new Set([...reached, ...shards]).size < this.threshold;
  }

  /** Notes that somebody reaches these shards as well. */
  reach(id: string, ...shards: number[]): void {
    for (const shard of shards) this.members.find((member) => member.id === id)?.reaches.add(shard);
  }

  /** Who holds a role, in the order in which it was given. */
  holding(role: Role): readonly string[] {
    return this.#held.get(role) ?? [];
  }

  /**
   * Gives roles to more people until two can do each step of the pages. `used` says whether the deployment has a use for a
   * role; `groups` are the administrators of one key, and the controllers of one safe.
   */
  complete(
    assigned: readonly Role[],
    used: (role: Role) => boolean,
    groups: readonly { readonly role: Role; readonly people: readonly string[] }[],
  ): void {
    for (const pair of witnessedPairs) {
      if (!pair.every(used)) continue;
      const people = new Set(pair.flatMap((role) => this.holding(role)));
      const role = pair.find((each) => assigned.includes(each));
      if (people.size === 1 && role !== undefined) this.give(role, [...people]);
    }
    for (const { role, people } of groups)
      for (const watcher of watchersOf(role)) {
        const all = new Set([...people, ...this.holding(watcher)]);
        // Two open a safe, and a third one watches.
        if (!assigned.includes(watcher) || all.size > (role === 'safe-controller' ? 2 : 1)) continue;
        if (used(watcher)) this.give(watcher, people);
      }
  }
}
