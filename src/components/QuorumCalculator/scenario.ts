/** What the user of the calculator has typed, and what follows from it. Texts stay as typed, so that a link shows the same. */
import { type Chance, chance, not } from '../../quorum/chance';
import { fewestDomains } from '../../quorum/fewestDomains';
import { lossWithChecks, meanTimeToCompromise, meanTimeToLoss } from '../../quorum/lifetime';
import { type Risk, risks } from '../../quorum/probabilities';
import { type Structure, structure } from '../../quorum/structure';
import { checkThreshold, type DomainInput, maxShards, type QuorumInput } from '../../quorum/types';
import { kindAssumptions, ownAssumption, timeAssumption } from './assumptions';

export interface ScenarioShard {
  readonly name: string;
  /** P(usable), as typed. */
  readonly usable: string;
  /** P(in the hands of a thief), as typed. */
  readonly stolen: string;
}

export interface ScenarioDomain {
  readonly kind: string;
  readonly name: string;
  readonly shards: readonly number[];
  readonly down: string;
  readonly stolen: string;
}

export interface Scenario {
  readonly threshold: number;
  readonly shards: readonly ScenarioShard[];
  readonly domains: readonly ScenarioDomain[];
  /** Losses per shard and year. */
  readonly rate: string;
  /** Years between two checks. */
  readonly interval: string;
}

/** Complement of a decimal text, digit by digit. */
function complement(text: string): string {
  return String(chance(text).miss);
}

/** The deployment with the assumed probabilities. What cannot be lost, or has a fallback, gets 0. */
export function presetScenario(input: QuorumInput): Scenario {
  return {
    threshold: input.threshold,
    shards: input.shards.map(({ name }) => ({
      name,
      usable: complement(ownAssumption.down),
      stolen: ownAssumption.stolen,
    })),
    domains: input.domains.map(({ kind, name, shards, losable, breachable, fallback }) => {
      const assumed = kindAssumptions[kind] ?? (kindAssumptions.provider as typeof ownAssumption);
      return {
        kind,
        name,
        shards,
        down: losable === false || fallback !== undefined ? '0' : assumed.down,
        stolen: breachable === false ? '0' : assumed.stolen,
      };
    }),
    rate: timeAssumption.rate,
    interval: timeAssumption.interval,
  };
}

/** The scenario with another number of shards: new ones are like the last, removed ones leave their domains. */
export function withShardCount(scenario: Scenario, count: number): Scenario {
  const last = scenario.shards.at(-1);
  const size = Math.min(maxShards, Math.max(1, Math.trunc(count) || 1));
  const shards = Array.from({ length: size }, (_, index) => {
    const own = scenario.shards[index];
    return own ?? { name: `Shard ${index + 1}`, usable: last?.usable ?? '0', stolen: last?.stolen ?? '0' };
  });
  const domains = scenario.domains.map((domain) => ({
    ...domain,
    shards: domain.shards.filter((n) => n <= size),
  }));
  return { ...scenario, threshold: Math.min(scenario.threshold, size), shards, domains };
}

export interface Results {
  /** For M = 1..N. */
  readonly risks: readonly Risk[];
  readonly chosen: Risk;
  readonly structure: Structure;
  readonly meanTimeToLoss: number;
  readonly meanTimeToCompromise: number;
  readonly perInterval: number;
  readonly perYear: number;
  /** Undefined when all domains together do not decide. */
  readonly fewestLost: number | undefined;
  readonly fewestBreached: number | undefined;
}

/** Reads one typed value; a RangeError names the field. */
function read<T>(field: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new RangeError(`${field}: ${(error as Error).message}`);
  }
}

function positive(field: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${field}: wanted a number above 0, got ${text.trim().slice(0, 40) || 'nothing'}`);
  }
  return value;
}

/** All figures of a scenario. Throws RangeError with one readable line when something typed is not usable or too large. */
export function results(scenario: Scenario): Results {
  const { threshold } = scenario;
  const count = scenario.shards.length;
  checkThreshold(threshold, count);
  const shards = scenario.shards.map((shard, index) => ({
    down: read(`Shard ${index + 1}, usable`, () => not(chance(shard.usable))),
    stolen: read(`Shard ${index + 1}, stolen`, () => chance(shard.stolen)),
  }));
  const domains = scenario.domains.map((domain) => ({
    shards: domain.shards,
    down: read(`${domain.name}, down`, () => chance(domain.down)),
    stolen: read(`${domain.name}, breached`, () => chance(domain.stolen)),
  }));
  const rate = positive('Losses per shard and year', scenario.rate);
  const interval = positive('Years between checks', scenario.interval);
  const all = risks({ shards, domains });
  const fewest = (harm: 'loss' | 'breach', of: (domain: { down: Chance; stolen: Chance }) => Chance) => {
    const inputs: DomainInput[] = scenario.domains.flatMap((domain, index) => {
      const chances = domains[index];
      return chances && of(chances).hit > 0 ? [{ ...domain, id: String(index) }] : [];
    });
    const found = fewestDomains({ threshold, shards, domains: inputs }, harm);
    return found.possible ? found.domains.length : undefined;
  };
  return {
    risks: all,
    chosen: all[threshold - 1] as Risk,
    structure: structure(threshold, count),
    meanTimeToLoss: meanTimeToLoss(threshold, count, rate),
    meanTimeToCompromise: meanTimeToCompromise(threshold, count, rate),
    ...lossWithChecks(threshold, count, rate, interval),
    fewestLost: fewest('loss', ({ down }) => down),
    fewestBreached: fewest('breach', ({ stolen }) => stolen),
  };
}
