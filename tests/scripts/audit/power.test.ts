/** A trail keeps one sound end: by whatever name it is reached, wherever its writer is killed, whatever the clock says. */
import { execFileSync, spawn } from 'node:child_process';
import nodeFs, * as fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyFiles } from '../../../scripts/sss/audit/trail-file';
import { main } from '../../../scripts/sss/main';
import { toText, trail } from '../../audit/trails';

const folder = fs.mkdtempSync(path.join(tmpdir(), 'power-'));
const program = path.join(folder, 'sss-audit.cjs');
let turn = 0;
let at = (name: string) => name;

/** Appends ten records at once to the file that it is given, and prints how many stand in it. */
const WRITER = `
import { withLock } from './lock';
import { appendRecord } from './trail-file';
const [file] = process.argv.slice(2);
const base = { actor: 'ada', actorRole: 'operator', clockOffsetMs: 0, clockSource: 'ntp', mode: 'real', outcome: 'ok' };
const one = () => withLock(file, () =>
  appendRecord(file, { ...base, action: 'provider.checked', time: new Date().toISOString() }));
Promise.allSettled(Array.from({ length: 10 }, one)).then((all) =>
  process.stdout.write(String(all.filter(({ status }) => status === 'fulfilled').length)));
`;

beforeAll(async () => {
  await build({
    stdin: { contents: WRITER, resolveDir: path.resolve('scripts/sss/audit'), loader: 'ts' },
    bundle: true,
    platform: 'node',
    outfile: program,
    logLevel: 'silent',
  });
});
beforeEach(() => {
  const own = path.join(folder, String(turn++));
  fs.mkdirSync(own);
  at = (name) => path.join(own, name);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const WHO = ['--actor', 'ines-example', '--actor-role', 'log-custodian'];

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const code = await main(['audit', ...args], {
    env: {},
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}
const append = (file: string, ...more: string[]) =>
  run('append', '--action', 'provider.checked', ...WHO, ...more, file);

const CHANGES = [
  'openSync',
  'writeSync',
  'fsyncSync',
  'renameSync',
  'rmSync',
  'unlinkSync',
  'fchmodSync',
  'ftruncateSync',
] as const;

/** Runs a command, and stops it before its file operation of this number as a kill does: nothing works after that. Tells whether it came to its end. */
async function stoppedBefore(step: number, file: string, ...args: string[]): Promise<boolean> {
  const originals = CHANGES.map((name) => [name, nodeFs[name]] as const);
  let left = step;
  for (const [name, original] of originals) {
    const stopping = (...words: never[]) => {
      if (left-- <= 0) throw new Error('killed');
      return (original as (...all: never[]) => unknown)(...words);
    };
    Object.assign(nodeFs, { [name]: stopping });
  }
  syncBuiltinESMExports();
  try {
    await run(...args);
  } catch {
    // Where nothing works, not even the report does.
  } finally {
    Object.assign(nodeFs, Object.fromEntries(originals));
    syncBuiltinESMExports();
  }
  const { dev, ino } = fs.statSync(file, { bigint: true });
  // The next writer takes the locks of one that is gone; this process is not.
  for (const lock of [`${file}.lock`, `/tmp/masterkey-trail-${dev}-${ino}.lock`])
    fs.rmSync(lock, { force: true });
  return left >= 0;
}

describe('names', () => {
  it('one trail comes out of ten appends at once through each of its names', {
    timeout: 120_000,
  }, async () => {
    fs.mkdirSync(at('a'));
    fs.mkdirSync(at('b'));
    const file = at('a/trail.jsonl');
    fs.writeFileSync(file, toText(trail(1)));
    fs.symlinkSync(file, at('b/link.jsonl'));
    fs.linkSync(file, at('b/hard.jsonl'));
    fs.symlinkSync(at('a'), at('folder'));
    const names = [
      'a/trail.jsonl',
      'b/link.jsonl',
      'b/hard.jsonl',
      'folder/trail.jsonl',
      './b/../a/./trail.jsonl',
    ];
    const ended = names.map((name) => {
      const child = spawn(process.execPath, [program, name], { cwd: at('.') });
      let written = '';
      child.stdout.on('data', (chunk) => {
        written += chunk;
      });
      return new Promise<number>((resolve) => child.on('close', () => resolve(Number(written))));
    });
    const written = (await Promise.all(ended)).reduce((sum, count) => sum + count, 0);
    // On a busy machine one may wait longer than a writer waits: it is told so, and has written nothing.
    expect(written).toBeGreaterThan(20);
    expect(verifyFiles([file])).toMatchObject({ ok: true, records: 1 + written });
    expect(fs.readdirSync(at('a'))).toEqual(['trail.jsonl']);
  });

  it.skipIf(process.getuid?.() !== 0)('a file that is mounted a second time has the same lock', async () => {
    fs.writeFileSync(at('trail.jsonl'), toText(trail(1)));
    fs.writeFileSync(at('bound.jsonl'), '');
    try {
      execFileSync('mount', ['--bind', at('trail.jsonl'), at('bound.jsonl')], { stdio: 'ignore' });
    } catch {
      return;
    }
    try {
      const { withLock } = await import('../../../scripts/sss/audit/lock');
      let inside = 0;
      const enter = (name: string) => withLock(at(name), () => expect(++inside + --inside).toBe(1));
      await Promise.all([enter('trail.jsonl'), enter('bound.jsonl')]);
      await Promise.all([append(at('trail.jsonl')), append(at('bound.jsonl'))]);
      expect(verifyFiles([at('trail.jsonl')])).toMatchObject({ ok: true, records: 3 });
    } finally {
      execFileSync('umount', [at('bound.jsonl')]);
    }
  });
});

describe('a rotation', () => {
  it('leaves one end of the trail, wherever it is killed', { timeout: 300_000 }, async () => {
    let step = 0;
    for (let done = false; !done; step++) {
      const [old, next] = [at(`old-${step}.jsonl`), at(`next-${step}.jsonl`)];
      fs.writeFileSync(old, toText(trail(2)));
      const rotate = ['rotate', '--out', next, ...WHO, old];
      done = await stoppedBefore(step, old, ...rotate);
      // Somebody appends first, whether or not the rotation has begun.
      const wrote = await append(old);
      const other = await run('rotate', '--out', at(`other-${step}.jsonl`), ...WHO, old);
      if (!fs.existsSync(at(`other-${step}.jsonl`))) {
        expect(other.code, `step ${step}`).not.toBe(0);
        // Stopped after the last act, it is done, and only its report is lost.
        if (fs.existsSync(`${old}.rotating`)) expect((await run(...rotate)).code, `step ${step}`).toBe(0);
        expect((await append(old)).code).toBe(1);
        expect((await append(next)).code).toBe(0);
        expect(verifyFiles([old, next]), `step ${step}`).toMatchObject({
          ok: true,
          records: wrote.code === 0 ? 5 : 4,
        });
      } else {
        // The killed run had changed nothing yet.
        expect(wrote.code).toBe(0);
        expect(fs.existsSync(next)).toBe(false);
        expect(verifyFiles([old, at(`other-${step}.jsonl`)])).toMatchObject({ ok: true, records: 4 });
      }
      expect(fs.existsSync(`${old}.rotating`)).toBe(false);
    }
    expect(step).toBeGreaterThan(8);
  });

  it('is not done twice', async () => {
    fs.writeFileSync(at('old.jsonl'), toText(trail(2)));
    expect((await run('rotate', '--out', at('next.jsonl'), ...WHO, at('old.jsonl'))).code).toBe(0);
    const again = await run('rotate', '--out', at('other.jsonl'), ...WHO, at('old.jsonl'));
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('was rotated already') });
    expect(fs.existsSync(at('other.jsonl'))).toBe(false);
  });
});

describe('a torn end', () => {
  const text = toText(trail(3));
  const lines = text.split(/(?<=\n)/);

  it.each([
    ['half a line', text.slice(0, -40), 2],
    ['a line without its newline', text.slice(0, -1), 2],
    ['4,096 zeros', text + '\0'.repeat(4096), 3],
    ['half a line and a block of zeros', text.slice(0, -100) + '\0'.repeat(4096), 2],
    ['300,000 zeros', text + '\0'.repeat(300_000), 3],
    ['a last line twice', text + lines[2], 3],
  ])('is recovered, and append says how: %s', async (_what, content, left) => {
    fs.writeFileSync(at('trail.jsonl'), content);
    const refused = await append(at('trail.jsonl'));
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('sss audit recover') });
    const { code, err } = await run('recover', ...WHO, at('trail.jsonl'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(verifyFiles([at('trail.jsonl')])).toMatchObject({ ok: true, records: left + 1 });
    const kept = fs.readdirSync(at('.')).find((name) => name.includes('.torn-'));
    expect(content.endsWith(fs.readFileSync(at(kept ?? ''), 'utf8'))).toBe(true);
    expect((await append(at('trail.jsonl'))).code).toBe(0);
  });

  it.each([
    ['text', `${text}hello`],
    ['text and zeros', `${text}hello${'\0'.repeat(4096)}`],
    ['zeros between records', `${lines[0]}${'\0'.repeat(4096)}\n${lines[1]}`],
    ['an older line again', text + lines[1]],
    ['a record of another chain', `${text}${lines[2]?.slice(0, -9)}`],
  ])('is told from tampering: neither append nor recover takes %s', async (_what, content) => {
    fs.writeFileSync(at('trail.jsonl'), content);
    const recovered = await run('recover', ...WHO, at('trail.jsonl'));
    expect(recovered.code).toBe(1);
    expect(recovered.err).toContain('S27');
    expect(fs.readFileSync(at('trail.jsonl'), 'utf8')).toBe(content);
    expect((await append(at('trail.jsonl'))).err).not.toContain('sss audit recover');
  });

  it('is recovered once, wherever the recovery is killed', { timeout: 300_000 }, async () => {
    let step = 0;
    for (let done = false; !done; step++) {
      const file = at(`trail-${step}.jsonl`);
      fs.writeFileSync(file, `${text}${'\0'.repeat(4096)}`);
      done = await stoppedBefore(step, file, 'recover', ...WHO, file);
      if (!done) {
        const again = await run('recover', ...WHO, file);
        const isDone = again.err.includes('nothing is torn');
        expect(again.code === 0 || isDone, `step ${step}: ${again.err}`).toBe(true);
      }
      expect(verifyFiles([file]), `step ${step}`).toMatchObject({ ok: true, records: 4 });
      expect(fs.readFileSync(file, 'utf8')).toContain('"action":"trail.recovered"');
      expect(fs.readFileSync(`${file}.torn-4`)).toHaveLength(4096);
    }
    expect(step).toBeGreaterThan(8);
  });
});

describe('clocks', () => {
  const ahead = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();

  it.each([
    ['the year 9999', '9999-12-31T23:59:59.999Z'],
    ['an hour ahead', ahead(3_600_000)],
    ['six minutes ahead', ahead(360_000)],
  ])('a time in the future is refused: %s', async (_what, time) => {
    fs.writeFileSync(at('trail.jsonl'), toText(trail(2)));
    const before = fs.readFileSync(at('trail.jsonl'));
    const { code, err } = await append(at('trail.jsonl'), '--time', time);
    expect(code).toBe(1);
    expect(err).toContain("the time lies ahead of this machine's clock");
    expect(fs.readFileSync(at('trail.jsonl'))).toEqual(before);
    expect(
      (await run('append', '--action', 'trail.opened', ...WHO, '--time', time, at('new.jsonl'))).code,
    ).toBe(1);
    expect(fs.existsSync(at('new.jsonl'))).toBe(false);
  });

  it.each([
    ['a leap second', '2026-12-31T23:59:60.000Z'],
    ['another time zone', '2026-11-23T10:00:00.000+02:00'],
    ['no time zone', '2026-11-23T10:00:00.000'],
  ])('%s is refused with what is wanted', async (_what, time) => {
    fs.writeFileSync(at('trail.jsonl'), toText(trail(2)));
    const { code, err } = await append(at('trail.jsonl'), '--time', time);
    expect(code).toBe(1);
    expect(err).toContain('wanted UTC with milliseconds');
    expect(err).toContain('sss: hint: ');
  });

  it('a trail whose last record lies in the future says so, and goes on in a new file', async () => {
    const records = trail(2);
    const { headOf, seal } = await import('../../../src/audit/chain');
    const { draft } = await import('../../audit/trails');
    const last = records.at(-1);
    if (last === undefined) throw new Error('no trail');
    const wrong = seal(draft(3, { time: '9999-12-31T23:59:59.999Z' }), headOf(last.event));
    fs.writeFileSync(at('trail.jsonl'), toText([...records, wrong]));
    const verified = await run('verify', at('trail.jsonl'));
    expect(verified).toMatchObject({
      code: 1,
      err: expect.stringContaining(':3: future: the time 9999-12-31'),
    });
    const refused = await append(at('trail.jsonl'));
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('S27') });
    const rotated = await run('rotate', '--out', at('next.jsonl'), ...WHO, at('trail.jsonl'));
    expect(rotated).toMatchObject({ code: 0, err: expect.stringContaining('warning: ') });
    expect((await append(at('next.jsonl'))).code).toBe(0);
    expect(verifyFiles([at('next.jsonl')])).toMatchObject({ ok: true, records: 2, first: 4 });
  });
});
