/** `sss audit` as its users meet it: append, verify, rotate, recover, heads, hostile files, and one clear line for every error. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUDIT_COMMANDS } from '../../../scripts/sss/audit/cli';
import { verifyFiles } from '../../../scripts/sss/audit/trail-file';
import { main } from '../../../scripts/sss/main';
import { headWords } from '../../../src/audit/head';
import { toText, trail } from '../../audit/trails';
import { exampleDeployment } from '../../example';

let folder = '';
const at = (name: string) => path.join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'audit trail '));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(args: string[], env: Record<string, string> = {}) {
  let out = '';
  let err = '';
  const code = await main(['audit', ...args], {
    env,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  expect(err).not.toMatch(/\n\s+at /);
  return { code, out, err };
}

const WHO = ['--actor', 'ines-example', '--actor-role', 'recovery-operator'];
const SEEN = ['--witness', 'wanda-example', '--witness-role', 'internal-witness'];
const open = (file = at('trail.jsonl')) => run(['append', '--action', 'trail.opened', ...WHO, file]);
const append = (...more: string[]) =>
  run(['append', '--action', 'provider.checked', ...WHO, ...more, at('trail.jsonl')]);

describe('append', () => {
  it('builds a trail that verifies, with digests of files', async () => {
    writeFileSync(at('manifest.json'), '{}');
    expect((await open()).out).toBe(`${at('trail.jsonl')}: record 1, trail.opened\n`);
    const full = [...SEEN, '--step', 'UNS-S1-04', '--provider', 'aws-kms us-east-1', '--request-id', 'a-1'];
    const facts = [
      '--detail',
      'bag=A0912345',
      '--detail',
      'minutes=3',
      '--digest',
      `manifest=${at('manifest.json')}`,
    ];
    expect(await append(...full, ...facts)).toMatchObject({ code: 0, err: '' });
    const [, second] = readFileSync(at('trail.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(second).toMatchObject({
      sequence: 2,
      step: 'UNS-S1-04',
      mode: 'real',
      detail: { bag: 'A0912345', minutes: 3 },
      digests: { manifest: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' },
    });
    const verified = await run(['verify', '--head', `2:${second.digest}`, at('trail.jsonl')]);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toContain('VERIFIED: 2 records, 1 to 2, sound.\nFrom ');
    expect(verified.out).toContain('The given head is the last record.');
  });

  it.each([
    [['--action', 'key.loaded', '--key', 'k', '--key-version', '1'], 'second person'],
    [['--action', 'key.loadd'], 'the action "key.loadd" is not in the list of actions'],
    [['--action', 'provider.checked', '--outcome', 'failed'], 'an outcome other than `ok` has a `reason`'],
    [['--action', 'provider.checked', '--detail', 'note'], '--detail: wanted NAME=VALUE'],
    [['--action', 'provider.checked', '--detail', `note=${'ab'.repeat(16)}`], 'shape of a secret'],
    [['--action', 'provider.checked', '--generation', 'x'], '--generation: wanted a whole number'],
    [['--action', 'provider.checked', '--digest', 'manifest=/does/not/exist'], 'no such file'],
    [['--action', 'provider.checked', '--mode', 'drill'], '--mode drill needs SSS_TEST=1'],
    [['--action', 'trail.opened'], 'trail.opened stands inside the trail'],
    [['--action', 'provider.checked', '--time', '2020-01-01T00:00:00.000Z'], 'the clock went back'],
  ])('refuses %j and leaves the trail as it was', async (args, message) => {
    await open();
    const before = readFileSync(at('trail.jsonl'));
    const { code, err, out } = await run(['append', ...WHO, ...args, at('trail.jsonl')]);
    expect(err).toContain(message);
    expect(err).toMatch(/^sss: error: /);
    expect(code).not.toBe(0);
    expect(out).toBe('');
    expect(readFileSync(at('trail.jsonl'))).toEqual(before);
  });

  it.each([
    [['--action', 'key.loadd'], 'Nearest: key.loaded, key.'],
    [
      ['--action', 'safe.broken'],
      'Nearest: safe.opened, safe.closed, safe.failed, safe.inventoried. The list',
    ],
    [['--action', 'frobnicated'], 'sss: hint: The list is the page Actions'],
    [['--action', 'key.loaded', '--key', 'k', '--key-version', '1'], '--witness and --witness-role name'],
    [['--action', 'provider.checked', '--outcome', 'failed'], '--reason says why.'],
    [['--action', 'key.loaded', ...SEEN], '--key and --key-version say which one.'],
    [['--action', 'provider.checked', '--time', '2020-01-01T00:00:00.000Z'], 'leave --time out'],
    [
      ['--action', 'provider.checked', '--outcome', 'fail'],
      '"outcome": wanted ok, failed, refused or aborted',
    ],
    [['--action', 'provider.checked', '--detail', 'note=say "yes"'], '"detail.note": wanted 1 to 200'],
  ])('says what to do about %j', async (args, hint) => {
    await open();
    const { code, err } = await run(['append', ...WHO, ...args, at('trail.jsonl')]);
    expect(code).toBe(1);
    expect(err).toContain(hint);
  });

  it('never prints what looks like a secret', async () => {
    await open();
    const { err } = await append('--detail', `note=${'c0ffee00'.repeat(8)}`);
    expect(err).not.toContain('c0ffee');
  });

  it('begins a trail only with trail.opened, and leaves no file behind when refused', async () => {
    expect((await append()).err).toContain('no such file');
    expect(
      (await run(['append', '--action', 'trail.opened', ...WHO, '--witness', 'x', at('trail.jsonl')])).code,
    ).toBe(1);
    expect(() => readFileSync(at('trail.jsonl'))).toThrow('ENOENT');
  });

  it('does not append to a torn or damaged trail', async () => {
    const text = toText(trail(3));
    writeFileSync(at('trail.jsonl'), text.slice(0, -9));
    expect((await append()).err).toContain('the last line has no end');
    writeFileSync(at('trail.jsonl'), text.replace(/"sequence":3/, '"sequence":4'));
    expect((await append()).err).toContain('last line: edit:');
  });

  it('keeps drills apart from real trails', async () => {
    await open();
    const drill = await run(['append', '--action', 'drill.started', ...WHO, at('trail.jsonl')], {
      SSS_TEST: '1',
    });
    expect(drill.err).toContain('a record of mode drill in a trail of mode real');
    const real = await run(['append', '--action', 'trail.opened', ...WHO, '--mode', 'real', at('x')], {
      SSS_TEST: '1',
    });
    expect(real.err).toContain('--mode real is refused under SSS_TEST=1');
  });
});

describe('heads, rotation, recovery', () => {
  it('prints a head whose words verify', async () => {
    await open();
    await append();
    const { out } = await run(['head', at('trail.jsonl')]);
    const [head = '', ...words] = out.trim().split('\n');
    expect(words).toEqual(headWords(head.split(':')[1] ?? ''));
    for (const known of [words.join('\n'), out]) {
      const verified = await run(['verify', '--head', known, at('trail.jsonl')]);
      expect(verified).toMatchObject({ code: 0 });
    }
    const wrong = await run([
      'verify',
      '--head',
      words.join(' ').split(' ').toReversed().join(' '),
      at('trail.jsonl'),
    ]);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('wrong place') });
  });

  it('continues a trail in a new file', async () => {
    await open();
    await append();
    const rotated = await run(['rotate', '--out', at('next.jsonl'), ...WHO, at('trail.jsonl')]);
    expect(rotated.out).toContain('record 3, trail.rotated');
    await run(['append', '--action', 'provider.checked', ...WHO, at('next.jsonl')]);
    expect(await run(['verify', at('trail.jsonl'), at('next.jsonl')])).toMatchObject({ code: 4 });
    const [head] = (await run(['head', at('trail.jsonl'), at('next.jsonl')])).out.split('\n');
    const known = ['verify', '--head', head ?? '', at('trail.jsonl'), at('next.jsonl')];
    expect(await run(known)).toMatchObject({ code: 0, out: expect.stringMatching(/^VERIFIED: 4 records/) });
    // With the head alone, but without the file before, it is no pass.
    expect(await run(known.toSpliced(3, 1))).toMatchObject({ code: 4 });
    // A record in the old file would fork the trail.
    const old = readFileSync(at('trail.jsonl'));
    expect(await append()).toMatchObject({ code: 1, err: expect.stringContaining('takes no more records') });
    expect(readFileSync(at('trail.jsonl'))).toEqual(old);
    const turned = await run(['verify', at('next.jsonl'), at('trail.jsonl')]);
    expect(turned).toMatchObject({
      code: 4,
      out: expect.stringContaining('UNVERIFIABLE: 4 records, 1 to 4, sound as far as it goes.'),
    });
    expect(turned.out).toContain('Not checked: whether records were cut off at the end');
    expect((await run(['verify', at('next.jsonl')])).out).toContain('Not checked: records 1 to 2');
    expect((await run(['rotate', '--out', at('next.jsonl'), ...WHO, at('trail.jsonl')])).err).toContain(
      'exists already',
    );
  });

  it('cuts a torn line off, keeps it, and says so in the trail', async () => {
    const text = toText(trail(3));
    writeFileSync(at('trail.jsonl'), text.slice(0, -40));
    const recovered = await run(['recover', ...WHO, '--time', '2026-11-23T09:00:00.000Z', at('trail.jsonl')]);
    expect(recovered).toMatchObject({ code: 0, err: '' });
    expect(verifyFiles([at('trail.jsonl')])).toMatchObject({ ok: true, records: 3 });
    const kept = readFileSync(at('trail.jsonl.torn-3'), 'utf8');
    expect(text).toContain(kept);
    expect(readFileSync(at('trail.jsonl'), 'utf8')).toContain(`"bytes":${Buffer.byteLength(kept)}`);
    expect((await run(['recover', ...WHO, at('trail.jsonl')])).err).toContain('nothing is torn');
    writeFileSync(at('trail.jsonl'), `${text}garbage`);
    expect((await run(['recover', ...WHO, at('trail.jsonl')])).err).toContain('tail:');
  });
});

describe('verify', () => {
  const text = toText(trail(5));

  it.each([
    ['an edit', text.replace('"minutes":3', '"minutes":4'), ':3: edit:'],
    ['a picture', '\u0089PNG\r\n\u001a\n', ':1: '],
    ['nothing', '', ': empty: holds no record'],
    ['zeros', '\0'.repeat(10_000_000), ':1: too-long:'],
    ['a torn end', text.slice(0, -1), ':5: torn:'],
  ])('names %s', async (_what, content, message) => {
    writeFileSync(at('trail.jsonl'), content);
    const { code, err, out } = await run(['verify', at('trail.jsonl')]);
    expect(err).toContain(message);
    expect(err.trim().split('\n').length).toBeLessThanOrEqual(2);
    expect({ code, out }).toEqual({ code: 1, out: '' });
  });

  it('notices a truncation against a head', async () => {
    const all = trail(5);
    writeFileSync(at('trail.jsonl'), toText(all.slice(0, 4)));
    const digest = all[4]?.event.digest;
    const { code, err } = await run(['verify', '--head', `5:${digest}`, at('trail.jsonl')]);
    expect(code).toBe(1);
    expect(err).toContain(':4: truncated: the trail ends with record 4');
  });

  it('prints JSON on request, also when the trail is bad', async () => {
    writeFileSync(at('trail.jsonl'), text.slice(0, -1));
    const { code, out } = await run(['verify', '--json', at('trail.jsonl')]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false, kind: 'torn', line: 5 });
  });

  it.each([
    [['verify'], 'TRAIL… is missing'],
    [['verify', '/'], 'is a directory'],
    [['verify', '/does/not/exist'], 'no such file'],
    [['verify', '--head', 'abc', '/x'], '--head: the head is neither'],
    [['verfy'], 'unknown command audit verfy'],
    [['verify', '--frobnicate', 'x'], 'unknown option --frobnicate'],
  ])('answers %j with one line', async (args, message) => {
    const { code, err } = await run(args);
    expect(code).toBeGreaterThan(1);
    expect(err).toContain(message);
  });

  it.each(AUDIT_COMMANDS.map((command) => command.name.replace('audit ', '')))(
    'explains %s',
    async (name) => {
      const { code, out } = await run([name, '--help']);
      expect(code).toBe(0);
      expect(out).toContain(`sss audit ${name}`);
    },
  );
});

describe('ledger', () => {
  const people = (...ids: string[]) => ids.flatMap((id) => ['--person', id]);

  it('lists everybody, and says that nobody reaches M', async () => {
    const { code, out, err } = await run(['ledger', exampleDeployment]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('ana: generation 1: shard 1, as custodian; may come to hold 1 more\n');
    expect(out.endsWith('Nobody reaches 3.\n')).toBe(true);
  });

  it('adds up what people have held together, and fails when they reach M', async () => {
    const two = await run(['ledger', ...people('ana', 'bruno'), exampleDeployment]);
    expect(two).toMatchObject({ code: 0 });
    expect(two.out).toContain('Together: generation 1: shards 1, 2: below 3.');
    const three = people('ana', 'bruno', 'chiara', 'nadia');
    const many = await run(['ledger', ...three, exampleDeployment]);
    expect(many).toMatchObject({ code: 1 });
    expect(many.out).toContain('Together: generation 1: shards 1, 2, 3: reaches 3.');
    expect(many.out).toContain('nadia: has never held a shard\n');
  });

  it.each([
    [['ledger'], 'DEPLOYMENT is missing'],
    [['ledger', ...people('nobody'), exampleDeployment], 'nobody is not among the people'],
    [['ledger', '/does/not/exist'], 'cannot be read (ENOENT)'],
    [['ledger', 'package.json'], 'package.json'],
  ])('refuses %j with one line', async (args, message) => {
    const { code, err } = await run(args);
    expect(code).toBeGreaterThan(1);
    expect(err).toContain(message);
    expect(err).toMatch(/^sss: error: [^\n]+\n(?:sss: hint: [^\n]+\n)?$/);
  });
});

describe('custody', () => {
  const custody = ['custody', '--deployment', exampleDeployment];
  const entry = (shard: number, duty: string, more = '') =>
    `  - { shard: ${shard}, generation: 1, duty: ${duty}, date: 2026-11-01, asExpected: true${more} }\n`;
  const full = `attestations:\n${[1, 2, 3, 4, 5].flatMap((n) => [entry(n, 'proof'), entry(n, 'call')]).join('')}${entry(5, 'attestation')}`;

  it('reports counts and dates, and writes a calendar', async () => {
    writeFileSync(at('a.yaml'), full);
    const args = [...custody, '--today', '2026-11-23', '--calendar', at('c.ics'), at('a.yaml')];
    const { code, out, err } = await run(args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('5 of 5 shards healthy, 3 needed, 2 to spare. State GREEN.');
    expect(readFileSync(at('c.ics'), 'utf8')).toContain('BEGIN:VCALENDAR');
    const late = await run([...custody, '--today', '2027-06-30', at('a.yaml')]);
    expect(late).toMatchObject({ code: 1, out: expect.stringContaining('0 of 5 shards healthy') });
  });

  it('tells nothing from entries of the example, and does not end well', async () => {
    writeFileSync(at('a.yaml'), `example: true\n${full}${entry(9, 'proof')}`);
    const { code, out } = await run([...custody, '--today', '2026-11-23', at('a.yaml')]);
    expect(code).toBe(1);
    expect(out).toContain('Example entries attest nothing: H is not known.');
    expect(out).not.toMatch(/GREEN|BLACK|healthy/);
  });

  it.each([
    ['attestations: [', 'is not YAML'],
    ['x: 1', 'attestations'],
    [`attestations:\n${entry(1, 'visit')}`, 'entry 1: duty'],
    [`attestations:\n${entry(9, 'proof')}`, 'names shard 9'],
    ['\u0000\u0089PNG', ''],
  ])('refuses %j with one line', async (text, message) => {
    writeFileSync(at('a.yaml'), text);
    const { code, err } = await run([...custody, '--today', '2026-11-23', at('a.yaml')]);
    expect(code).toBeGreaterThan(1);
    expect(err).toContain(message);
    expect(err).toMatch(/^sss: error: .+\nsss: hint: .+\n$/);
  });
});

describe('reconcile', () => {
  const entry = {
    eventTime: '2026-11-23T08:00:01Z',
    eventSource: 'kms.amazonaws.com',
    eventName: 'Decrypt',
    requestID: '',
    resources: [{ ARN: 'arn:aws:kms:us-east-1:111122223333:key/x' }],
  };
  const sealed = trail(3);
  const last = sealed.at(-1)?.event;
  const known = ['--head', `${last?.sequence}:${last?.digest}`];
  const given = (entries: object[], more: string[] = known) => {
    writeFileSync(at('trail.jsonl'), toText(sealed));
    writeFileSync(at('cloudtrail.json'), JSON.stringify({ Records: entries }));
    return run(['reconcile', '--log', at('cloudtrail.json'), ...more, at('trail.jsonl')]);
  };
  const own = sealed
    .filter(({ event }) => event.action === 'shard.unwrapped')
    .map(({ event }) => ({ ...entry, eventTime: event.time, requestID: event.requestId }));

  it('reads an export and a trail, and passes only what it could check whole', async () => {
    const whole = await given(own);
    // No period: nobody knows which days are missing.
    expect(whole).toMatchObject({
      code: 4,
      err: '',
      out: expect.stringMatching(/^UNVERIFIABLE: 2 uses .*2 matched/),
    });
    expect(await given(own.slice(1))).toMatchObject({
      code: 1,
      out: expect.stringContaining('has no entry in the log of aws-kms'),
    });
    expect(await given([...own, entry])).toMatchObject({
      code: 1,
      out: expect.stringContaining('has no record in the trail'),
    });
    expect((await given(own, [])).out).toContain('no head was given');
  });

  it('refuses in one line what it cannot read', async () => {
    expect(await given(own, ['--period', '2026-Q7'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('wanted a period'),
    });
    expect(await given(own, ['--minutes', 'x'])).toMatchObject({ code: 2 });
    expect(await run(['reconcile', '--log', at('none.json'), at('trail.jsonl')])).toMatchObject({ code: 3 });
    writeFileSync(at('trail.jsonl'), toText(sealed).replace('"minutes":3', '"minutes":4'));
    expect(await run(['reconcile', '--log', at('cloudtrail.json'), at('trail.jsonl')])).toMatchObject({
      code: 1,
      err: expect.stringContaining('FAILED: '),
    });
  });
});
