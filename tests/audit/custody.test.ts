import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Attestation, parseAttestations } from '../../src/audit/attestations';
import { custodyCalendar } from '../../src/audit/calendar';
import { custodyHealth } from '../../src/audit/custody';
import { DUTIES, type Duty } from '../../src/audit/duties';
import { exposureLedger, heldTogether, ledgerCsv } from '../../src/audit/ledger';
import { attestationWarnings, loadAttestations } from '../../src/audit/load-attestations';
import { loadDeployment } from '../../src/deployment/load';
import { exampleDeployment } from '../example';

const deployment = loadDeployment(exampleDeployment);
const { generation } = deployment.key;
const all = (date: string, changes: Partial<Attestation> = {}): Attestation[] =>
  deployment.shards.flatMap((shard) =>
    (Object.keys(DUTIES) as Duty[])
      .filter((duty) => DUTIES[duty][shard.medium] !== undefined)
      .map((duty) => ({ shard: shard.n, generation, duty, date, asExpected: true, ...changes })),
  );
const paper = deployment.shards.find((shard) => shard.medium === 'paper')?.n ?? 0;
const wrapped = deployment.shards.find((shard) => shard.medium === 'wrapped')?.n ?? 0;
const health = (entries: Attestation[], day: string) => custodyHealth(deployment, entries, day);
const dutyOf = (found: ReturnType<typeof health>, shard: number, duty: Duty) =>
  found.duties.find((each) => each.shard === shard && each.duty === duty);

describe('custody health', () => {
  it('knows nothing before the first proof', () => {
    expect(health([], '2026-11-23')).toMatchObject({ healthy: 0, assessment: { availability: 'BLACK-A2' } });
  });

  it.each([
    ['2026-01-01', 'good', 5],
    ['2026-03-18', 'good', 5],
    ['2026-03-19', 'due', 5],
    ['2026-04-02', 'due', 5],
    ['2026-04-03', 'overdue', 5],
    ['2026-07-02', 'overdue', 5],
    ['2026-07-03', 'lost', 0],
  ])('91 days after 2026-01-01: on %s the proof is %s, %d healthy', (day, state, healthy) => {
    const found = health(all('2026-01-01'), day);
    expect(dutyOf(found, wrapped, 'proof')?.state).toBe(state);
    expect(found.healthy).toBe(healthy);
  });

  it('counts a shard out when something was not as expected, until a later entry', () => {
    const bad = {
      shard: paper,
      generation,
      duty: 'attestation' as const,
      date: '2026-01-10',
      asExpected: false,
    };
    expect(health([...all('2026-01-01'), bad], '2026-01-11').healthy).toBe(4);
    const seen = [...all('2026-01-01'), bad, { ...bad, date: '2026-01-12', asExpected: true }];
    expect(health(seen, '2026-01-13').healthy).toBe(5);
  });

  it('leaves out other generations, later days, and the calls', () => {
    expect(health(all('2026-01-01', { generation: generation + 1 }), '2026-01-02').healthy).toBe(0);
    expect(health(all('2026-01-03'), '2026-01-02').healthy).toBe(0);
    expect(
      health(
        all('2026-01-01').filter(({ duty }) => duty !== 'call'),
        '2026-01-02',
      ).healthy,
    ).toBe(5);
  });

  it('refuses what it cannot judge', () => {
    expect(() => health([], '2026-13-01')).toThrow('wanted a date');
    const stray = { shard: 99, generation, duty: 'proof' as const, date: '2026-01-01', asExpected: true };
    expect(() => health([stray], '2026-01-02')).toThrow('names shard 99');
  });

  it('never gets healthier by waiting, and counts every duty once', () => {
    const day = fc
      .integer({ min: 0, max: 800 })
      .map((days) => new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10));
    fc.assert(
      fc.property(fc.subarray(all('2026-01-01')), day, day, (entries, a, b) => {
        const [early, late] = [health(entries, a < b ? a : b), health(entries, a < b ? b : a)];
        expect(late.healthy).toBeLessThanOrEqual(early.healthy);
        expect(Object.values(late.counts).reduce((sum, count) => sum + count)).toBe(late.duties.length);
      }),
    );
  });
});

describe('exposure ledger', () => {
  it('lists everybody who holds or held, and leaves everybody below M', () => {
    const ledger = exposureLedger(deployment);
    for (const shard of deployment.shards)
      for (const person of [shard.custodian, shard.alternate])
        expect(
          ledger.find((line) => line.person === person && line.generation === generation)?.shards,
        ).toContain(shard.n);
    for (const line of ledger) expect(line.left).toBeGreaterThanOrEqual(0);
  });

  it('counts what somebody held before, for ever', () => {
    const shards = deployment.shards.map((shard) => ({
      ...shard,
      formerCustodians: [{ person: 'mallory', generation }],
    }));
    const line = exposureLedger({ ...deployment, shards }).find(({ person }) => person === 'mallory');
    expect(line).toMatchObject({ shards: [1, 2, 3, 4, 5], left: -3, as: ['former custodian'] });
  });

  it('says as what somebody held, for each generation by itself', () => {
    const [first, ...others] = deployment.shards;
    if (!first) throw new Error('no shard');
    const before = { person: first.custodian, generation: generation + 1 };
    const shards = [{ ...first, formerCustodians: [before] }, ...others];
    const own = exposureLedger({ ...deployment, shards }).filter(({ person }) => person === first.custodian);
    expect(own.map(({ generation: of, as }) => [of, as])).toEqual([
      [generation, ['custodian']],
      [generation + 1, ['former custodian']],
    ]);
  });

  it('adds up what people have held together, each shard once', () => {
    const ledger = exposureLedger(deployment);
    const [one, two] = deployment.shards;
    const people = [one?.custodian, one?.alternate, two?.custodian] as string[];
    expect(heldTogether(ledger, people)).toEqual([{ generation, shards: [1, 2] }]);
    const everybody = deployment.people.map(({ id }) => id);
    expect(heldTogether(ledger, everybody)[0]?.shards).toEqual(deployment.shards.map(({ n }) => n));
    expect(heldTogether(ledger, [])).toEqual([]);
  });

  it('is a table for spreadsheets with every line', () => {
    const [head, ...rows] = ledgerCsv(deployment).trimEnd().split('\r\n');
    expect(head).toBe('Person,Generation,Shards,As,May still come to hold');
    expect(rows).toHaveLength(exposureLedger(deployment).length);
    for (const row of rows) expect(row.split(',')).toHaveLength(5);
  });
});

describe('calendar file', () => {
  const { duties } = health(all('2026-01-01'), '2026-01-02');
  const text = custodyCalendar(duties, deployment.key.name, '2026-01-02');

  it('has lines of at most 75 octets that end with CRLF', () => {
    expect(text.endsWith('\r\n')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  });

  it('unfolds to one event for each duty, with unique ids and right dates', () => {
    const lines = text.replaceAll('\r\n ', '').split('\r\n');
    const of = (name: string) =>
      lines.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length));
    const count = all('2026-01-01').length;
    expect(of('BEGIN:VEVENT')).toHaveLength(count);
    expect(of('END:VEVENT')).toHaveLength(count);
    expect(new Set(of('UID:')).size).toBe(count);
    expect(of('DTSTART;VALUE=DATE:')).toContain('20260402');
    expect(of('DTEND;VALUE=DATE:')).toContain('20260403');
    expect(lines[0]).toBe('BEGIN:VCALENDAR');
  });

  it('names no person and no place', () => {
    for (const person of deployment.people)
      expect(text.toLowerCase()).not.toContain(person.name.toLowerCase());
    for (const site of deployment.sites) expect(text).not.toContain(site.name);
  });
});

describe('attestations file', () => {
  const entry = '{ shard: 1, generation: 1, duty: proof, date: 2026-11-02, asExpected: true }';

  it('is a list, and may say that it is an example', () => {
    expect(parseAttestations(`attestations:\n  - ${entry}\n`, 'a.yaml').attestations).toHaveLength(1);
    expect(parseAttestations('example: true\nattestations: []\n', 'a.yaml').example).toBe(true);
  });

  it.each([
    ['attestations: [', 'a.yaml:1: YAML: is not YAML'],
    ['attestations:\n  - {}\n', 'a.yaml:2: SCHEMA: entry 1: shard: is missing; wanted a number'],
    [
      `attestations:\n  - ${entry}\n  - ${entry.replace('proof', 'visit')}\n`,
      'a.yaml:3: SCHEMA: entry 2: duty: wanted proof or attestation or call; found "visit"',
    ],
    [
      `attestations:\n  - ${entry.replace('11-02', '13-02')}\n`,
      'date: wanted a date such as 2026-11-23; found "2026-13-02"',
    ],
    [
      `attestations:\n  - ${entry.replace('duty', 'dutty')}\n`,
      'a.yaml:2: SCHEMA: entry 1: there is no field "dutty"; did you mean "duty"?',
    ],
    [
      `attestations:\n  - ${entry.replace('shard: 1', 'shard: "1"')}\n`,
      'entry 1: shard: wanted a number; found "1"',
    ],
    ['attestations:\n  - proof\n', 'a.yaml:2: SCHEMA: entry 1: wanted fields with a name and a value'],
    ['attestations: none\n', 'a.yaml:1: SCHEMA: attestations: wanted a list; found "none"'],
    ['example: false\nattestations: []\n', 'a.yaml:1: SCHEMA: example: wanted true; found false'],
    ['{}', 'a.yaml:1: SCHEMA: attestations: is missing; wanted a list'],
    ['', 'a.yaml:1: SCHEMA: is missing; wanted fields with a name and a value'],
  ])('refuses %j with its line, in words of its own', (text, message) => {
    expect(() => parseAttestations(text, 'a.yaml')).toThrow(message);
    expect(() => parseAttestations(text, 'a.yaml')).not.toThrow(/Invalid|expected|received|Unrecognized/);
  });

  it('refuses a shard that the set lacks at its line, unless the set is an older one or an example', () => {
    const lines = (shard: number, generation: number, head = '') =>
      `${head}attestations:\n  - ${entry}\n  - { shard: ${shard}, generation: ${generation}, duty: call, date: 2026-11-02, asExpected: true }\n`;
    const wanted = { key: { generation: 2 }, shards: [1, 2, 3] };
    const parse = (text: string) => parseAttestations(text, 'a.yaml', wanted);
    expect(() => parse(lines(4, 2))).toThrow(
      'a.yaml:3: SHARD: entry 2: names shard 4, but deployment.yaml has 3; wanted one of 1 to 3',
    );
    for (const good of [lines(3, 2), lines(4, 1), lines(4, 2, 'example: true\n')])
      expect(parse(good).attestations).toHaveLength(2);
    expect(
      custodyHealth(deployment, all('2026-01-01', { generation: 9, shard: 200 }), '2026-01-02'),
    ).toMatchObject({
      healthy: 0,
    });
  });
});

describe('the attestations of a project', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attestations-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'attestations.yaml');

  it('may be none', () => {
    expect(loadAttestations(join(folder, 'none.yaml'), deployment)).toEqual({ attestations: [] });
    expect(attestationWarnings(join(folder, 'none.yaml'), deployment)).toEqual([]);
  });

  it('are warned of while they are those of the example, and refused when they cannot be read', () => {
    writeFileSync(file, '# ours\nattestations: []\n');
    expect(attestationWarnings(file, deployment)).toEqual([]);
    writeFileSync(file, '# ours\nexample: true\nattestations: []\n');
    expect(attestationWarnings(file, deployment)).toEqual([
      expect.stringMatching(/^attestations\.yaml:2: EXAMPLE: the entries are made up/),
    ]);
    writeFileSync(file, Buffer.from([0x61, 0xff]));
    expect(() => loadAttestations(file, deployment)).toThrow('is not UTF-8 text; wanted a YAML file');
    expect(() => loadAttestations(folder, deployment)).toThrow('cannot be read (EISDIR)');
  });
});
