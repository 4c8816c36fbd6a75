/** The cross-check: silent on a ceremony that tells one story, and naming the rule and step of each single change. */
import { describe, expect, it } from 'vitest';
import { type CeremonyLog, ceremonyLogSchema } from '../../src/audit/ceremony-log';
import { headOf, NO_RECORD, seal } from '../../src/audit/chain';
import { crossCheck, judgeComparison } from '../../src/audit/cross-check';
import { ofThisPerformance } from '../../src/audit/cross-check-trail';
import type { CrossCheckInput, Difference } from '../../src/audit/difference';
import type { AuditEvent, EventDraft } from '../../src/audit/event';
import { verdictPage } from '../../src/audit/verdict-page';
import type { Manifest } from '../../src/shard/manifest';
import { draft } from './trails';

const digest = 'ab'.repeat(32);
const steps: CrossCheckInput['steps'] = [
  { id: 'GEN-01', by: 'ceremony-master', witness: 'internal-witness', log: ['parameters.confirmed'] },
  { id: 'GEN-02', by: 'operator', witness: 'internal-witness', log: ['key.generated', 'shard.generated'] },
  { id: 'GEN-S1-01', by: 'operator', witness: 'external-witness', log: ['shard.wrapped'] },
];
const log: CeremonyLog = {
  format: 'mks-ceremony-log/1',
  page: 'docs/ceremony/script.mdx',
  release: { version: '0.1.0', commit: 'abc1234' },
  mode: 'real',
  participants: [
    { person: 'mira', roles: ['ceremony-master'], signed: 'agree' },
    { person: 'omar', roles: ['operator'], signed: 'agree' },
    { person: 'wanda', roles: ['internal-witness'], signed: 'agree' },
    { person: 'xena', roles: ['external-witness'], signed: 'agree' },
  ],
  steps: [
    { id: 'GEN-01', time: '2026-11-23T09:00:00Z', by: 'mira', witness: 'wanda' },
    { id: 'GEN-02', time: '2026-11-23T09:05:00Z', by: 'omar', witness: 'wanda' },
    { id: 'GEN-S1-01', time: '2026-11-23T09:10:00Z', by: 'omar', witness: 'xena' },
  ],
  exceptions: [],
  manifestSha256: digest,
};

/** A trail of its first record, which names no step, and these. */
function sealAll(drafts: Partial<EventDraft>[], opened: Partial<EventDraft> = {}): AuditEvent[] {
  let head = NO_RECORD;
  return [{ step: undefined, ...opened }, ...drafts].map((changes) => {
    const given = { ...draft(head.sequence + 1), digests: undefined, ...changes };
    const clean = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const { event } = seal(clean as EventDraft, head);
    head = headOf(event);
    return event;
  });
}

const by = (actor: string, actorRole: string, witness: string, witnessRole: string) => ({
  actor,
  actorRole,
  witness,
  witnessRole,
});
const byOmar = by('omar', 'operator', 'wanda', 'internal-witness');
const records: Partial<EventDraft>[] = [
  {
    step: 'GEN-01',
    action: 'parameters.confirmed',
    ...by('mira', 'ceremony-master', 'wanda', 'internal-witness'),
  },
  { step: 'GEN-02', action: 'key.generated', ...byOmar, digests: { manifest: digest } },
  { step: 'GEN-02', action: 'shard.generated', ...byOmar },
  { step: 'GEN-S1-01', action: 'shard.wrapped', ...by('omar', 'operator', 'xena', 'external-witness') },
];
const EARLIER = '2026-08-23T09:10:00.000Z';
const manifest = {
  keyName: 'ledger-master-key',
  generation: 1,
  test: false,
  shards: [{ label: '9F3A-083' }],
} as Manifest;
const whole: CrossCheckInput = {
  page: 'docs/ceremony/script.mdx',
  commit: 'abc1234def00',
  steps,
  log,
  events: sealAll(records),
  manifest,
  manifestSha256: digest,
};

const row = (place: number, changes: object) => ({
  log: { ...log, steps: log.steps.map((one, index) => (index === place ? { ...one, ...changes } : one)) },
});
const record = (place: number, changes: Partial<EventDraft>) => ({
  events: sealAll(records.map((one, index) => (index === place ? { ...one, ...changes } : one))),
});

describe('cross-check', () => {
  it('is silent on one story', () => {
    expect(ceremonyLogSchema.safeParse(log).success).toBe(true);
    expect(crossCheck(whole)).toEqual([]);
  });

  const changes: [string, Partial<CrossCheckInput>, Difference['rule'], string | undefined, string][] = [
    ['another runbook', { commit: '999' }, 'RUNBOOK', undefined, 'on runbook abc1234'],
    [
      'another page',
      { page: 'docs/ceremony/store.mdx' },
      'RUNBOOK',
      undefined,
      'not docs/ceremony/store.mdx',
    ],
    ['a missing row', { log: { ...log, steps: log.steps.slice(0, 2) } }, 'STEP', 'GEN-S1-01', 'no row'],
    [
      'a row twice',
      { log: { ...log, steps: [...log.steps, { id: 'GEN-S1-01', skipped: 'again' }] } },
      'STEP',
      'GEN-S1-01',
      '2 rows',
    ],
    ['an empty row', row(2, { time: undefined }), 'STEP', 'GEN-S1-01', 'neither a time nor a reason'],
    [
      'a foreign row',
      { log: { ...log, steps: [...log.steps, { id: 'GEN-09', skipped: 'x' }] } },
      'STEP',
      'GEN-09',
      'not on the page',
    ],
    [
      'rows out of order',
      { log: { ...log, steps: log.steps.toReversed() } },
      'ORDER',
      'GEN-02',
      'after GEN-S1-01',
    ],
    ['a time that goes back', row(2, { time: '2026-11-23T08:00:00Z' }), 'ORDER', 'GEN-S1-01', 'time before'],
    ['another role', row(1, { by: 'mira' }), 'PEOPLE', 'GEN-02', 'was not operator'],
    ['another witness', row(1, { witness: 'xena' }), 'PEOPLE', 'GEN-02', 'was not internal-witness'],
    ['no witness', row(1, { witness: undefined }), 'PEOPLE', 'GEN-02', 'witnessed by nobody'],
    ['one person', row(1, { witness: 'omar' }), 'PEOPLE', 'GEN-02', 'own act'],
    [
      'roles that exclude each other',
      {
        log: {
          ...log,
          participants: [
            ...log.participants,
            { person: 'zoe', roles: ['operator', 'log-custodian'], signed: 'agree' },
          ],
        },
      },
      'PEOPLE',
      undefined,
      'SOD-4',
    ],
    [
      'a step without its event',
      { events: sealAll(records.slice(0, 3)) },
      'EVENT',
      'GEN-S1-01',
      'lacks its record shard.wrapped',
    ],
    [
      'one of two events',
      { events: sealAll(records.toSpliced(2, 1)) },
      'EVENT',
      'GEN-02',
      'lacks its record shard.generated',
    ],
    [
      'an event without its step',
      row(2, { time: undefined, skipped: 'not needed' }),
      'EVENT',
      'GEN-S1-01',
      'not done by the log',
    ],
    [
      'an event the step does not log',
      record(3, { action: 'shard.stored' }),
      'EVENT',
      'GEN-S1-01',
      'does not log',
    ],
    ['an event of an unknown step', record(3, { step: 'GEN-77' }), 'EVENT', 'GEN-77', 'not on the page'],
    ['other people in the trail', record(3, { actor: 'mira' }), 'EVENT', 'GEN-S1-01', 'other people'],
    [
      'another role in the trail',
      record(3, { actorRole: 'recovery-operator' }),
      'EVENT',
      'GEN-S1-01',
      'by the role recovery-operator, not operator',
    ],
    [
      'another role of the witness in the trail',
      record(3, { witnessRole: 'internal-witness' }),
      'EVENT',
      'GEN-S1-01',
      'witnessed by the role internal-witness, not external-witness',
    ],
    [
      'a record twice',
      { events: sealAll([...records, ...records.slice(3)]) },
      'EVENT',
      'GEN-S1-01',
      'has 2 records shard.wrapped (5, 6)',
    ],
    [
      'records out of order',
      { events: sealAll([...records.slice(1), ...records.slice(0, 1)]) },
      'ORDER',
      'GEN-01',
      'record 5 stands after record 4 of GEN-S1-01',
    ],
    [
      'a record that only an earlier performance left',
      {
        events: sealAll([{ ...records[3], time: EARLIER }, ...records.slice(0, 3)], { time: EARLIER }),
      },
      'EVENT',
      'GEN-S1-01',
      'lacks its record shard.wrapped',
    ],
    [
      'roles that exclude each other in two rows',
      {
        log: {
          ...log,
          participants: [...log.participants, { person: 'omar', roles: ['log-custodian'], signed: 'agree' }],
        },
      },
      'PEOPLE',
      undefined,
      'omar was both operator and log-custodian (SOD-4)',
    ],
    [
      'an exception sheet of another page',
      {
        log: {
          ...log,
          exceptions: [{ step: 'UNS-01', expected: 'a', happened: 'b', decided: 'c', by: 'mira' }],
        },
      },
      'STEP',
      'UNS-01',
      'has an exception sheet',
    ],
    [
      'a new set whose manifest the log does not know',
      { log: { ...log, manifestSha256: undefined } },
      'MANIFEST',
      'GEN-02',
      'does not hold the digest of its manifest',
    ],
    [
      'a failure without an exception',
      record(3, { outcome: 'failed', reason: 'jam' }),
      'OUTCOME',
      'GEN-S1-01',
      'no exception sheet',
    ],
    [
      'no manifest',
      { manifest: undefined, manifestSha256: undefined },
      'MANIFEST',
      undefined,
      'none was given',
    ],
    [
      'another manifest',
      { manifestSha256: 'cd'.repeat(32) },
      'MANIFEST',
      undefined,
      'not the one whose digest',
    ],
    ['a foreign shard', record(3, { shard: '0000-083' }), 'MANIFEST', 'GEN-S1-01', 'does not list'],
    ['a TEST set', { manifest: { ...manifest, test: true } }, 'MANIFEST', undefined, 'TEST set in a real'],
    [
      'disagreement',
      {
        log: {
          ...log,
          participants: log.participants.with(0, {
            person: 'mira',
            roles: ['ceremony-master'],
            signed: 'do not agree',
          }),
        },
      },
      'SIGNATURE',
      undefined,
      'do not agree',
    ],
    [
      'a stranger',
      { log: { ...log, participants: log.participants.slice(0, 3) } },
      'SIGNATURE',
      undefined,
      'xena acted',
    ],
  ];

  it.each(changes)('names %s', (_what, change, rule, step, message) => {
    const found = crossCheck({ ...whole, ...change });
    const match = found.find((one) => one.rule === rule && one.message.includes(message));
    expect(match, JSON.stringify(found)).toBeDefined();
    expect(match?.step).toBe(step);
  });

  it('lets a failure pass that has its exception sheet', () => {
    const exception = { step: 'GEN-S1-01', expected: 'ok', happened: 'jam', decided: 'again', by: 'mira' };
    const events = sealAll(
      records.map((one, i) => (i === 3 ? { ...one, outcome: 'failed' as const, reason: 'jam' } : one)),
    );
    expect(crossCheck({ ...whole, events, log: { ...log, exceptions: [exception] } })).toEqual([]);
  });

  it('lets an exception stand in the trail at its step, by whoever wrote the sheet', () => {
    const exception = { step: 'GEN-01', expected: 'ok', happened: 'late', decided: 'go on', by: 'mira' };
    const sheet: Partial<EventDraft> = {
      step: 'GEN-01',
      action: 'exception.recorded',
      ...by('wanda', 'internal-witness', 'xena', 'external-witness'),
    };
    const events = sealAll([...records, sheet]);
    expect(crossCheck({ ...whole, events, log: { ...log, exceptions: [exception] } })).toEqual([]);
  });

  it('compares one performance of many, and names the records of the others', () => {
    const before = records.map((one) => ({ ...one, time: EARLIER, digests: undefined }));
    const events = sealAll([...before, ...records], { time: EARLIER });
    expect(crossCheck({ ...whole, events })).toEqual([]);
    expect(ofThisPerformance({ ...whole, events }).others).toEqual([2, 3, 4, 5]);
    expect(verdictPage({ ...whole, events }, [])).toContain(
      'half a day from the times of the log: records 2, 3, 4, 5.',
    );
  });
});

describe('the page of the verdict', () => {
  const files = [{ what: 'Ceremony Log', name: 'log.json', sha256: digest }];
  const text = (input: CrossCheckInput) => verdictPage(input, files);

  it('tells one story with every step, its people and its records, and leaves room to sign', () => {
    const page = text(whole);
    expect(page).toContain('<h1>Comparison of a ceremony: VERIFIED: one story</h1>');
    for (const cell of [
      'GEN-S1-01',
      '2026-11-23T09:10:00Z',
      'omar (operator)',
      'xena (external-witness)',
      digest,
    ])
      expect(page).toContain(cell);
    expect(page.match(/<td>agrees<\/td>/g)).toHaveLength(steps.length);
    expect(page).toContain('Signatures under this comparison');
    expect(page).toBe(text(whole));
  });

  it('puts each difference where it belongs', () => {
    const lacking = { ...whole, log: { ...log, mode: 'drill' as const, steps: log.steps.slice(1) } };
    const page = text(lacking);
    expect(page).toContain(
      `<h1>Comparison of a ceremony: FAILED: ${crossCheck(lacking).length} differences</h1>`,
    );
    expect(page).toContain('<td>not done</td>');
    expect(page).toMatch(/<tr class="differs"><td>GEN-01<\/td>/);
    expect(page).toContain('followed from 2026-11-23T09:05:00Z to 2026-11-23T09:10:00Z');
    for (const { message } of crossCheck(lacking)) expect(page).toContain(message);
    expect(page).toContain('no evidence of real work');
  });

  it('shows what people typed as text, never as markup', () => {
    const typed = '<img src=x onerror="alert(1)">&';
    const one = { step: 'GEN-01', expected: typed, happened: typed, decided: typed, by: 'mira' };
    const page = text({ ...whole, log: { ...log, exceptions: [one] } });
    expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;');
    expect(page).not.toContain('<img');
    expect(page).not.toMatch(/<script|src=x on[a-z]+="/);
  });
});

describe('the standing of a comparison', () => {
  const { manifest: _list, manifestSha256: _sha, ...listless } = whole;
  const { manifestSha256: _logged, ...unlisted } = log;
  const first: CrossCheckInput = {
    ...listless,
    steps: steps.slice(0, 1),
    log: { ...unlisted, steps: log.steps.slice(0, 1) },
    events: sealAll(records.slice(0, 1)),
  };
  const skipped = { ...log, steps: log.steps.with(2, { id: 'GEN-S1-01', skipped: 'no time' }) };
  const sheet = { step: 'GEN-S1-01', expected: 'x', happened: 'y', decided: 'go on', by: 'mira' };
  const unwrapped = sealAll(records.slice(0, 3));
  const nothing = { ...log, steps: [], participants: [], manifestSha256: undefined };
  const noHead = ['Not checked: whether records were cut off at the end, because no head was given.'];
  const cases: [string, CrossCheckInput, readonly string[], string, string][] = [
    ['all that is needed', whole, [], 'VERIFIED', 'one story: 3 steps, 4 records'],
    ['no head', whole, noHead, 'UNVERIFIABLE', 'no head was given'],
    ['no manifest', first, [], 'UNVERIFIABLE', 'no manifest was given'],
    [
      'a step skipped',
      { ...whole, log: skipped, events: unwrapped },
      [],
      'UNVERIFIABLE',
      'step GEN-S1-01, which was skipped',
    ],
    [
      'an exception for it',
      { ...whole, log: { ...skipped, exceptions: [sheet] }, events: unwrapped },
      [],
      'VERIFIED',
      'one story',
    ],
    [
      'a procedure without steps',
      { ...whole, steps: [], log: { ...log, steps: [] }, events: [], manifest, manifestSha256: digest },
      [],
      'UNVERIFIABLE',
      'the procedure has none',
    ],
    [
      'an empty log',
      { ...whole, steps: [], log: nothing as CeremonyLog, events: [] },
      [],
      'UNVERIFIABLE',
      'the log names nobody',
    ],
    ['a difference and no head', { ...whole, commit: '999' }, noHead, 'FAILED', '1 difference'],
  ];

  it.each(cases)('with %s', (_what, given, left, standing, said) => {
    const judged = judgeComparison(given, left);
    expect(judged.standing).toBe(standing);
    expect(judged.lines[0]).toMatch(new RegExp(`^${standing}: `));
    expect([...judged.lines, ...judged.unchecked].join('\n')).toContain(said);
    const page = verdictPage(given, [], left);
    expect(page).toContain(`<h1>Comparison of a ceremony: ${judged.title}</h1>`);
    for (const sentence of judged.unchecked) expect(page).toContain(`<p>${sentence}</p>`);
  });
});
