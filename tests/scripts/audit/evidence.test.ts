/** The evidence pack: same bytes twice, digests that sha256sum accepts, no shard in it; and the archive format against two readers. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evidencePack } from '../../../scripts/audit/evidence';
import { tarOf } from '../../../scripts/audit/ustar';
import { untar } from '../../../scripts/common/tar';
import { formatHead, headWords } from '../../../src/audit/head';
import { parsePeriod } from '../../../src/audit/period';
import type { Results } from '../../../src/procedure/results/drill-results';
import { toText, trail } from '../../audit/trails';
import { exampleRoot } from '../../example';

const root = mkdtempSync(path.join(tmpdir(), 'evidence pack '));
const project = exampleRoot();
afterAll(() => rmSync(root, { recursive: true }));

const git = (...args: string[]) =>
  execFileSync('git', ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    stdio: 'pipe',
  });

// A small project of its own: the pack must not depend on what lies in this one's reports.
const PARTS = [
  'docs/_partials',
  'docs/_providers',
  'docs/emergency/unseal.mdx',
  'docs/introduction/index.mdx',
  'deployment.yaml',
  'static/schemas',
];
beforeAll(() => {
  for (const part of PARTS) cpSync(path.join(project, part), path.join(root, part), { recursive: true });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '-m', 'x');
});

describe('evidence pack', () => {
  it('has the same bytes twice, and says what is missing', () => {
    const [one, two] = [evidencePack(root), evidencePack(root)];
    expect(one.bytes.equals(two.bytes)).toBe(true);
    const missing = [
      'latest drill',
      'results of the tests',
      'mutation score',
      'exercise reports',
      'printed edition',
    ];
    expect(one.missing.map(({ part }) => part)).toEqual(missing);
    expect(one.name).toMatch(/^masterkey-evidence-[0-9a-f]{12}\.tar$/);
  });

  it('unpacks with tar, and sha256sum accepts every file', () => {
    const out = path.join(root, 'unpacked');
    mkdirSync(out);
    writeFileSync(path.join(root, 'pack.tar'), evidencePack(root).bytes);
    execFileSync('tar', ['-xf', path.join(root, 'pack.tar'), '-C', out]);
    execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: out });
    const listed = readFileSync(path.join(out, 'SHA256SUMS'), 'utf8').trim().split('\n');
    const names = listed.map((line) => line.slice(66));
    expect(names).toEqual(
      expect.arrayContaining([
        'MANIFEST.json',
        'control-map.csv',
        'deployment.yaml',
        'oscal-component-definition.json',
        'runbook/emergency/unseal.mdx',
        'procedures/procedure-emergency-unseal.json',
        'schemas/audit-event.schema.json',
      ]),
    );
    expect(readFileSync(path.join(out, 'runbook/introduction/index.mdx'), 'utf8')).not.toContain('{{');
  });

  it('says what the drill did not run, and which pages it ran as they no longer are', () => {
    const step = {
      id: 'UNS-04',
      file: 'docs/emergency/unseal.mdx',
      line: 1,
      kind: 'command',
      rung: 1,
    } as const;
    const scenario = {
      id: 'emergency/unseal/1-2-3',
      title: 'x',
      pages: ['docs/emergency/unseal.mdx'],
      faults: {},
      targetMinutes: null,
    };
    const time = { started: '2026-11-23T10:00:00.000Z', milliseconds: 1 };
    const ran = { ...step, milliseconds: 1, minutes: 1, exit: 0, verdict: 'passed' } as const;
    const page = (sha256: string): Results => ({
      format: 'tabletop-results/1',
      kind: 'automated drill',
      commit: 'none',
      dirty: true,
      ...time,
      node: 'v20.19.0',
      tools: [],
      pages: [{ file: 'docs/emergency/unseal.mdx', sha256 }],
      planSha256: '0'.repeat(64),
      scenarios: [
        {
          ...scenario,
          ...time,
          expect: 'recovered',
          steps: [{ ...ran, message: '' }],
          problems: [],
          verdict: 'passed',
        },
      ],
      totals: { passed: 1, failed: 0, steps: 1, commands: 1 },
      coverage: { outages: { drilled: 0, equivalent: 0, total: 0 }, steps: { executed: 0, total: 0 } },
    });
    const drillOf = (results: Results) => {
      mkdirSync(path.join(root, 'reports/tabletop'), { recursive: true });
      writeFileSync(path.join(root, 'reports/tabletop/results.json'), JSON.stringify(results));
      return evidencePack(root).drill;
    };
    const drill = drillOf(page('0'.repeat(64)));
    expect(drill?.notRun).toContain('emergency/unseal/1-2-4');
    expect(drill?.notRun).not.toContain('emergency/unseal/1-2-3');
    expect(drill?.changedPages).toEqual(['docs/emergency/unseal.mdx']);
    const text = readFileSync(path.join(root, 'unpacked/runbook/emergency/unseal.mdx'), 'utf8').slice(0, -1);
    const digest = createHash('sha256').update(text).digest('hex');
    expect(drillOf(page(digest))?.changedPages).toEqual([]);
    rmSync(path.join(root, 'reports'), { recursive: true });
  });

  const tested = {
    format: 'test-results/1',
    commit: 'abc',
    dirty: false,
    started: '2026-11-23T10:00:00.000Z',
    files: [
      { file: 'tests/a.test.ts', passed: 3, failed: 0, skipped: 2 },
      { file: 'tests/b.test.ts', passed: 4, failed: 1, skipped: 0 },
    ],
  };

  it.each([
    ['reports/tests/results.json', '{', 'is not JSON'],
    ['reports/tests/results.json', '{}', 'format: '],
    ['reports/tabletop/results.json', '[]', 'top: '],
  ])('refuses a %s that is none, with one line: %s', (name, text, message) => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
    let said = '';
    try {
      evidencePack(root);
    } catch (error) {
      said = (error as Error).message;
    }
    rmSync(path.join(root, 'reports'), { recursive: true });
    expect(said).toContain(`${name}: ${message}`);
    expect(said).not.toContain('\n');
  });

  it('takes every report and no log, and then misses nothing', () => {
    const texts = {
      'reports/tabletop/mutation.json': '{}',
      'reports/tabletop/exercise/2026-11-23T100000-down.json': '{}',
      'reports/tabletop/notes.log': 'x',
      'reports/tests/results.json': JSON.stringify(tested),
      'print/a4/runbook.pdf': '%PDF-1.7',
    };
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    }
    const { missing, bytes, tests } = evidencePack(root);
    expect(tests).toMatchObject({ commit: 'abc', passed: 7, failed: 1, skipped: 2, ofThisCommit: false });
    expect(missing.map(({ part }) => part)).toEqual(['latest drill']);
    const names = untar(bytes).map(({ name }) => name);
    expect(names).toContain('tabletop/exercise/2026-11-23T100000-down.json');
    expect(names.filter((name) => name.endsWith('.log'))).toEqual([]);
    for (const folder of ['reports', 'print']) rmSync(path.join(root, folder), { recursive: true });
  });

  it('belongs to a commit', () => {
    const alone = mkdtempSync(path.join(tmpdir(), 'no repository '));
    expect(() => evidencePack(alone)).toThrow('the project has no commit');
    rmSync(alone, { recursive: true });
  });

  it('refuses a pack that would hold a shard', () => {
    mkdirSync(path.join(root, 'print'));
    writeFileSync(path.join(root, 'print/sheet.txt'), `x mks1${'qpzry9x8gf2tvdw0'.repeat(5)}`);
    expect(() => evidencePack(root)).toThrow('print/sheet.txt: holds text that looks like a shard');
    rmSync(path.join(root, 'print'), { recursive: true });
  });
});

describe('ustar', () => {
  it('gives back every file, also through the other reader', () => {
    const name = fc.stringMatching(/^[a-z0-9-]{1,30}(\/[a-z0-9-]{1,30}){0,2}$/);
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.uint8Array({ maxLength: 1200 }), { noNullPrototype: true }),
        (given) => {
          const files = new Map(Object.entries(given));
          const back = untar(tarOf(files, 1_790_000_000));
          expect(new Map(back.map((file) => [file.name, Uint8Array.from(file.bytes)]))).toEqual(
            new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('divides long paths, and refuses what does not fit', () => {
    const long = `${'folder-'.repeat(15)}/${'name-'.repeat(15)}`;
    const archive = path.join(root, 'long.tar');
    writeFileSync(archive, tarOf(new Map([[long, new Uint8Array([1])]]), 0));
    expect(execFileSync('tar', ['-tf', archive], { encoding: 'utf8' }).trim()).toBe(long);
    expect(() => tarOf(new Map([['x'.repeat(101), new Uint8Array()]]), 0)).toThrow('too long');
  });
});

describe('the records of a period', () => {
  const records = mkdtempSync(path.join(tmpdir(), 'records of a period '));
  afterAll(() => rmSync(records, { recursive: true }));
  const put = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(records, name)), { recursive: true });
    writeFileSync(path.join(records, name), text);
  };
  const ask = () => evidencePack(root, { period: parsePeriod('2026-11'), records, today: '2026-12-15' });
  const told = () => {
    const { period } = ask();
    return { standing: period?.standing, said: [...(period?.wrong ?? []), ...(period?.missing ?? [])] };
  };
  const lines = trail(4);
  const last = lines.at(-1)?.event;
  if (last === undefined) throw new RangeError('no record');
  const head = `${[formatHead(last), ...headWords(last.digest)].join('\n')}\n`;

  it('say that there are none', () => {
    const { standing, said } = told();
    expect(standing).toBe('UNVERIFIABLE');
    expect(said).toEqual(
      expect.arrayContaining([
        'trail/: no trail (*.jsonl)',
        'drills/: no trail (*.jsonl)',
        'Shard 1: Proof: never',
      ]),
    );
  });

  it('name the head, the log and the days that are missing, and no longer when they are there', () => {
    put('trail/trail.jsonl', toText(lines));
    const noHead = expect.stringContaining('no head was given');
    const noLog = 'logs/: no Recovery Log of 2026-11-23, when UNS was followed';
    expect(told().said).toEqual(expect.arrayContaining([noHead, noLog]));
    put('trail/head.txt', head);
    put(
      'logs/recovery.json',
      JSON.stringify({ form: 'recovery-log', sections: { procedure: { date: '2026-11-23' } } }),
    );
    const { standing, said } = told();
    expect(standing).toBe('UNVERIFIABLE');
    expect(said).not.toContainEqual(noHead);
    expect(said).not.toContain(noLog);
    expect(said).toContain('Head handed over: no trail.anchored in 2026-11-01 to 2026-11-30');
  });

  it('lie in the pack, which is the same twice', () => {
    const [one, two] = [ask(), ask()];
    expect(one.bytes.equals(two.bytes)).toBe(true);
    expect(one.name).toMatch(/-2026-11\.tar$/);
    const files = untar(one.bytes).map(({ name }) => name);
    expect(files).toEqual(
      expect.arrayContaining(['PERIOD.json', 'records/trail/trail.jsonl', 'records/trail/head.txt']),
    );
  });

  it('fail when the trail does not verify, whatever else is there', () => {
    put('trail/trail.jsonl', toText(lines).replace('"minutes":3', '"minutes":4'));
    const { standing, said } = told();
    expect(standing).toBe('FAILED');
    expect(said[0]).toMatch(/^trail\/: FAILED: trail\.jsonl:3: edit: /);
  });
});
