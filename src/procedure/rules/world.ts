/** The room as far as safety depends on it: facts that steps require, set and clear, and orders that the build refuses. */
import type { AuditAction } from '../../audit/actions';
import type { Problem } from '../../deployment/problem';
import { placeOf, type Step } from '../steps/step';
import { type Fact, facts } from '../vocabulary/facts';
import { kindOfPlace } from '../vocabulary/places';

/** Facts that must never hold together. */
const exclusive: readonly { facts: readonly [Fact, Fact]; reason: string }[] = [
  {
    facts: ['network', 'key-file'],
    reason: 'a combined key must never lie on a machine that is on a network',
  },
  {
    facts: ['network', 'set-plaintext'],
    reason: 'a whole set must never lie on a machine that is on a network',
  },
];

/** A fact that may only be set while the others hold. */
const follows: Partial<Record<Fact, readonly Fact[]>> = {
  'key-file': ['shard-checked', 'manifest'],
  'key-wrapped': ['shard-checked', 'manifest'],
  'set-plaintext': ['room-closed', 'machine-clean', 'tool-verified', 'dark-window'],
  wrapped: ['set-verified', 'public-keys'],
  'bags-filled': ['sheets-printed'],
  'bags-sealed': ['bags-filled'],
  proved: ['stored'],
  'wrapped-again': ['shard-checked', 'manifest'],
};

/** What brings a quorum together in memory. */
const combines: readonly AuditAction[] = ['key.combined', 'set.reshared', 'shard.reconstructed'];

/** Facts with which no procedure may end. */
const neverLeft: readonly Fact[] = [
  'session-key',
  'shard-plaintext',
  'key-file',
  'key-wrapped',
  'set-plaintext',
  'dark-window',
];

/** Acts that change a fact by themselves: the step must say so. */
const impliedBy: Partial<Record<NonNullable<Step['act']>, { sets?: Fact; clears?: Fact }>> = {
  'network-off': { clears: 'network' },
  'network-on': { sets: 'network' },
  'key-load': { sets: 'key-live' },
};

/** Facts about one machine. Where a page tells places, each of them has its own. */
const ofMachine: readonly Fact[] = [
  'network',
  'recovery-shell',
  'manifest',
  'shard-plaintext',
  'key-file',
  'machine-clean',
  'tool-verified',
  'set-plaintext',
];

/** The facts that hold, at each place. */
class World {
  private readonly held = new Set<string>();

  private keyOf(fact: Fact, place: string | undefined): string {
    return place !== undefined && ofMachine.includes(fact) ? `${fact} at ${place}` : fact;
  }

  has(fact: Fact, place: string | undefined): boolean {
    return this.held.has(this.keyOf(fact, place));
  }

  add(fact: Fact, place: string | undefined): void {
    this.held.add(this.keyOf(fact, place));
  }

  delete(fact: Fact, place: string | undefined): void {
    this.held.delete(this.keyOf(fact, place));
  }
}

/** Walks a procedure through the room. Each impossible or unsafe step is a problem at its line. */
export function walkWorld(
  steps: readonly Step[],
  starts: readonly Fact[],
  ends: readonly Fact[],
  end: { file: string; line: number },
): Problem[] {
  const problems: Problem[] = [];
  const world = new World();
  const places = steps.length > 0 ? [...new Set(steps.map(placeOf))] : [undefined];
  const somewhere = (fact: Fact) => places.some((place) => world.has(fact, place));
  for (const fact of starts)
    for (const place of places)
      if (fact !== 'network' || place === undefined || kindOfPlace(place) !== 'air-gapped')
        world.add(fact, place);
  for (const step of steps) {
    const place = placeOf(step);
    const holds = (fact: Fact) => world.has(fact, place);
    const report = (message: string) => {
      problems.push({
        file: step.file,
        line: step.line,
        rule: 'WORLD',
        message: `step ${step.id}: ${message}`,
      });
    };
    for (const fact of step.requires) {
      if (!holds(fact)) report(`requires "${fact}" (${facts[fact]}), which no earlier step has set`);
    }
    if (step.gate && !holds(step.gate)) {
      report(`cannot be undone, and its gate "${step.gate}" (${facts[step.gate]}) is not set before it`);
    }
    const implied = step.act ? impliedBy[step.act] : undefined;
    if (implied?.sets && !step.sets.includes(implied.sets))
      report(`act "${step.act}" must set "${implied.sets}"`);
    if (implied?.clears && !step.clears.includes(implied.clears))
      report(`act "${step.act}" must clear "${implied.clears}"`);
    const meeting = step.log.find((action) => combines.includes(action));
    if (meeting !== undefined && holds('network'))
      report(`${meeting} on a machine that is on a network: a quorum meets off the network only`);
    for (const fact of step.clears) {
      if (!holds(fact)) report(`clears "${fact}", which does not hold`);
      world.delete(fact, place);
    }
    for (const fact of step.sets) {
      for (const needed of follows[fact] ?? []) {
        if (!holds(needed)) report(`sets "${fact}", which needs "${needed}" (${facts[needed]}) first`);
      }
      world.add(fact, place);
    }
    for (const rule of exclusive) {
      if (rule.facts.every(holds)) {
        report(`leaves "${rule.facts.join('" and "')}" together: ${rule.reason}`);
      }
    }
  }
  const last = (message: string) => problems.push({ ...end, rule: 'WORLD', message });
  for (const fact of neverLeft) {
    if (somewhere(fact)) last(`the procedure ends with "${fact}": ${facts[fact]}`);
  }
  for (const fact of ends) {
    if (!somewhere(fact)) last(`the procedure promises "${fact}" at its end, and no step sets it`);
  }
  return problems;
}
