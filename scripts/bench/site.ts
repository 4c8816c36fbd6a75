/** Whether a cold build takes twice as long for twice as many pages: copies of one page are added to a copy of the project. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { growth } from './growth';

const ROOT = resolve(__dirname, '../..');
const PARTS = [
  'attestations.yaml',
  'deployment.yaml',
  'docs',
  'docusaurus.config.ts',
  'package.json',
  'scripts',
  'sidebars.ts',
  'src',
  'static',
  'tsconfig.json',
];
/** A page of prose with tables. */
const PAGE = 'docs/introduction/threat-model.mdx';
/** The menu of a page lists its whole chapter; nobody reads one of 800 pages, whose menus alone would be 640,000 links. */
const CHAPTER = 50;

/** Seconds of a cold build with so many pages more. */
function build(added: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'site-bench-'));
  try {
    for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const page = readFileSync(join(ROOT, PAGE), 'utf8')
      .replace(/^(?:sidebar_\w+|slug): .*\n/gm, '')
      .replace(/\]\((?=[\w.]+[^:)]*\.mdx)/g, '](../');
    for (let n = 1; n <= added; n += 1) {
      const text = page.replace(/^title: .*$/m, `title: Page ${n} of the benchmark`);
      const chapter = join(folder, `docs/introduction/benchmark-${Math.ceil(n / CHAPTER)}`);
      mkdirSync(chapter, { recursive: true });
      writeFileSync(join(chapter, `page-${n}.mdx`), text);
    }
    const tsx = createRequire(__filename).resolve('tsx/cli');
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [tsx, 'scripts/build.ts'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      maxBuffer: 1 << 26,
    });
    if (status !== 0) throw new RangeError(`the site does not build\n${stderr.slice(-2000)}`);
    return (performance.now() - start) / 1000;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  const measured: [number, number][] = [];
  const none = build(0);
  process.stdout.write(`the runbook itself: ${none.toFixed(1)} s; beyond that:\n`);
  for (const added of process.argv.slice(2).map(Number)) {
    measured.push([added, build(added) - none]);
    process.stdout.write(growth('pages', measured));
  }
} catch (error) {
  process.stderr.write(`site: error: ${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exitCode = 1;
}
