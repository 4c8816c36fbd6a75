/** The scenario in the address, so that a link shows the same numbers to somebody else; readable, and complete without the deployment. */
import { maxShards } from '../../quorum/types';
import type { Scenario, ScenarioDomain, ScenarioShard } from './scenario';

/** Most domains that a link may carry. */
const maxDomains = 200;

/** Longest text of one field. */
const maxText = 60;

/** Cut to length; half a character at the end, which no address can carry, is dropped. */
const cut = (text: string) => text.slice(0, maxText).replace(/\p{Surrogate}/gu, '');

/** The characters that separate fields are escaped once more, so that a name may contain them. */
const escapeField = (text: string) =>
  cut(text).replace(/[%:*,]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);

const encode = (text: string) => encodeURIComponent(escapeField(text)).replace(/%20/g, '+');

/** Equal neighbors are written once: `0.99:0.001*5`. */
function shardRuns(shards: readonly ScenarioShard[]): string {
  const runs: { text: string; count: number }[] = [];
  for (const { usable, stolen } of shards) {
    const text = `${encode(usable)}:${encode(stolen)}`;
    const last = runs.at(-1);
    if (last?.text === text) last.count += 1;
    else runs.push({ text, count: 1 });
  }
  return runs.map(({ text, count }) => (count === 1 ? text : `${text}*${count}`)).join(',');
}

function domainText({ kind, name, shards, down, stolen }: ScenarioDomain): string {
  return [encode(kind), encode(name), shards.join('-'), encode(down), encode(stolen)].join(':');
}

/** The query of a link, without the question mark. */
export function toQuery(scenario: Scenario): string {
  const parts = [
    `m=${scenario.threshold}`,
    `shards=${shardRuns(scenario.shards)}`,
    ...scenario.domains.map((domain) => `domain=${domainText(domain)}`),
    `rate=${encode(scenario.rate)}`,
    `interval=${encode(scenario.interval)}`,
  ];
  return parts.join('&');
}

function bad(what: string, got: string): RangeError {
  return new RangeError(`${what}: cannot read "${got.slice(0, maxText)}"`);
}

function readField(field: string): string {
  try {
    return cut(decodeURIComponent(field));
  } catch {
    throw bad('link', field);
  }
}

function readShards(text: string, names: readonly string[]): ScenarioShard[] {
  const shards: ScenarioShard[] = [];
  for (const run of text.split(',')) {
    const match = /^([^:*]*):([^:*]*)(?:\*(\d{1,3}))?$/.exec(run);
    if (!match) throw bad('shards', run);
    const [, usable = '', stolen = '', times = '1'] = match;
    for (let i = 0; i < Number(times); i++) {
      const n = shards.length + 1;
      shards.push({
        name: names[n - 1] ?? `Shard ${n}`,
        usable: readField(usable),
        stolen: readField(stolen),
      });
    }
    if (shards.length > maxShards) throw new RangeError(`shards: wanted at most ${maxShards}`);
  }
  if (shards.length === 0) throw bad('shards', text);
  return shards;
}

function readDomain(text: string, count: number): ScenarioDomain {
  const [kind, name, members, down, stolen, ...rest] = text.split(':');
  if (kind === undefined || name === undefined || members === undefined || down === undefined)
    throw bad('domain', text);
  if (stolen === undefined || rest.length > 0) throw bad('domain', text);
  const shards = members === '' ? [] : members.split('-').map(Number);
  if (!shards.every((n) => Number.isInteger(n) && n >= 1 && n <= count)) throw bad('domain', text);
  return {
    kind: readField(kind),
    name: readField(name),
    shards: [...new Set(shards)].sort((a, b) => a - b),
    down: readField(down),
    stolen: readField(stolen),
  };
}

/**
 * The scenario of an address; undefined when it carries none. Throws RangeError with one line when it cannot be read.
 * Names of shards are not in the link: those of the deployment are used.
 */
export function fromQuery(query: string, names: readonly string[]): Scenario | undefined {
  const values = new URLSearchParams(query);
  const m = values.get('m');
  const shardText = values.get('shards');
  if (m === null || shardText === null) return undefined;
  const shards = readShards(shardText, names);
  const threshold = Number(m);
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > shards.length) throw bad('m', m);
  const domains = values.getAll('domain');
  if (domains.length > maxDomains) throw new RangeError(`domain: wanted at most ${maxDomains}`);
  return {
    threshold,
    shards,
    domains: domains.map((text) => readDomain(text, shards.length)),
    rate: readField(values.get('rate') ?? ''),
    interval: readField(values.get('interval') ?? ''),
  };
}

const keys = ['m', 'shards', 'domain', 'rate', 'interval'];

/** The address with the scenario in its query, or without one; what others keep in the query stays. */
export function withScenario(address: string, scenario: Scenario | undefined): string {
  const url = new URL(address);
  for (const key of keys) url.searchParams.delete(key);
  const others = url.searchParams.toString();
  url.search = [others, scenario ? toQuery(scenario) : ''].filter((part) => part !== '').join('&');
  return url.href;
}
