/** Living with the project: a fork with pages, a provider and files of its own takes an update with git alone, and everything of it still works. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commit, edit, git, makeFork, makeUpstream, run, script } from './fork';

const folder = mkdtempSync(join(tmpdir(), 'an update '));
const upstream = join(folder, 'project');
const fork = join(folder, 'fork');
const text = (file: string) => readFileSync(join(fork, file), 'utf8');

/** What the fork has made its own, and how it was before the update. */
const own = [
  'deployment.yaml',
  'attestations.yaml',
  'decisions.yaml',
  'approvals.yaml',
  'docs/local/lost-badge.mdx',
  'docs/_providers/acme-vault.mdx',
  'src/deployment/providers/local/rows.ts',
  'scripts/providers/local/rows.ts',
  'tests/fixtures/tabletop/registry.json',
];
const before = new Map<string, string>();

beforeAll(() => {
  makeUpstream(upstream);
  makeFork(upstream, fork);
  for (const file of own) before.set(file, text(file));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A release that touches whatever an adopter could have touched too: pages, both lists of providers, every file that is both's. */
function release(): void {
  const add = (file: string, more: string) =>
    writeFileSync(join(upstream, file), `${readFileSync(join(upstream, file), 'utf8')}${more}`);
  edit(upstream, 'docs/emergency/unseal.mdx', '\n## ', '\nRead the whole page once before you begin.\n\n## ');
  edit(
    upstream,
    'docs/emergency/unseal.mdx',
    'Write their numbers on the sheet.',
    'Write their numbers on the sheet, one a line.',
  );
  edit(upstream, 'src/deployment/providers/registry.ts', '  paper,\n', '  paper,\n  // A provider more.\n');
  edit(
    upstream,
    'scripts/providers/stand-ins.ts',
    "'pkcs11-hsm': pkcs11Hsm,\n",
    "'pkcs11-hsm': pkcs11Hsm,\n  // One more.\n",
  );
  edit(
    upstream,
    'static/schemas/deployment.schema.json',
    'Subscription of the vault',
    'The subscription of the vault',
  );
  edit(upstream, 'deployment.yaml', 'organization: ', 'organization: New ');
  edit(upstream, 'attestations.yaml', 'true', 'false');
  edit(upstream, 'tests/fixtures/tabletop/registry.json', '\n', '\n\n');
  add('README.md', '\nMore.\n');
  add('CHANGELOG.md', '\nMore.\n');
  git(upstream, 'rm', '--quiet', 'SECURITY.md');
  commit(upstream, 'A release');
}

describe('an update', () => {
  it('merges without a conflict, keeps what is the fork’s, and brings what is the project’s', () => {
    release();
    git(fork, 'fetch', '--quiet', 'origin');
    const { code, out } = script(fork, 'scripts/upgrade-check.ts', 'origin/main');
    expect(code, out).toBe(0);
    expect(out).toContain('what changes here when origin/main (');
    expect(out).toMatch(
      /^docs\/emergency\/unseal\.mdx: .*: changed\n {2}changed {2}UNS-02 {2}instruction\n/m,
    );
    // Its own pages are in the merge as they are here.
    expect(out).not.toContain('docs/local');
    expect(out.trimEnd().split('\n').at(-1)).toBe(
      '1 page with 1 changed step, 0 new, 0 gone, 0 in text alone',
    );
    // Without the driver that .gitattributes names, the files that both have changed are in conflict.
    expect(run(fork, 'git', 'merge-tree', '--write-tree', '--name-only', 'HEAD', 'origin/main').out).toMatch(
      /^deployment\.yaml$/m,
    );
    git(fork, '-c', 'merge.ours.driver=true', 'merge', '--quiet', '--no-edit', 'origin/main');
    expect(git(fork, 'status', '--porcelain')).toBe('');
    for (const file of own) expect(text(file), file).toBe(before.get(file));
    expect(text('docs/emergency/unseal.mdx')).toContain('Read the whole page once');
    expect(text('src/deployment/providers/registry.ts')).toContain('A provider more');
    expect(existsSync(join(fork, 'SECURITY.md'))).toBe(false);
    expect(script(fork, 'scripts/upgrade-check.ts', 'HEAD~1', '--notes').out).toContain(
      '(`docs/emergency/unseal.mdx`)\n  - changed UNS-02: instruction',
    );
    // The next update starts from here.
    expect(git(fork, 'merge-base', 'HEAD', 'origin/main')).toBe(git(upstream, 'rev-parse', 'HEAD'));
  });

  it('that is in conflict with what the fork has edited is told by its files', () => {
    git(fork, 'checkout', '--quiet', '-b', 'edited', 'HEAD~1');
    edit(fork, 'docs/emergency/unseal.mdx', 'Write their numbers on the sheet.', 'Write them on the wall.');
    commit(fork, 'An edit of a page of the project');
    const { code, out } = script(fork, 'scripts/upgrade-check.ts', 'origin/main');
    expect(code).toBe(1);
    expect(out.trim().split('\n').slice(0, 2)).toEqual([
      'upgrade-check: error: origin/main and this branch have changed the same lines',
      'upgrade-check: error: conflict: docs/emergency/unseal.mdx',
    ]);
    git(fork, 'checkout', '--quiet', 'main');
  });

  it('leaves own pages and the own provider compiled and planned', () => {
    const made = script(fork, 'scripts/generate.ts');
    expect(made.code, made.out).toBe(0);
    expect(text('static/schemas/deployment.schema.json')).toContain('acme-vault');
    const { code, out } = script(fork, 'scripts/tabletop/main.ts', 'list');
    expect(code, out.slice(-2000)).toBe(0);
    expect(out).toMatch(/^local\/lost-badge/m);
  });

  it('drills the own page and unseals with the own provider', () => {
    rmSync(join(fork, 'tests/fixtures/tabletop'), { recursive: true });
    const made = script(fork, 'scripts/tabletop/main.ts', 'fixture');
    expect(made.code, made.out.slice(-3000)).toBe(0);
    const own = ['--only', 'local/', '--only', 'emergency/unseal/1-2'];
    const { code, out } = script(fork, 'scripts/tabletop/main.ts', ...own);
    expect(out.trimEnd().split('\n').at(-1), out.slice(-3000)).toBe('2 passed, 0 failed');
    expect(out).toContain('local/lost-badge');
    expect(code).toBe(0);
  });

  it('shows own pages in the menu, among the emergencies, in the search and in the sitemap', () => {
    const { code, out } = script(fork, 'scripts/build.ts');
    expect(code, out.slice(-3000)).toBe(0);
    const built = (file: string) => readFileSync(join(fork, 'build', file), 'utf8');
    const unseal = built('emergency/unseal/index.html');
    expect(unseal).toMatch(/href="[./]*local\/lost-badge\/index\.html"[^>]*>\s*S90 Lost badge/);
    expect(unseal).toMatch(/href="[./]*local\/index\.html"[^>]*>\s*Own pages/);
    expect(unseal).toContain('P8: 10 days');
    expect(unseal).toContain(
      'Not yet approved in this edition; 0123456789abcdef was, by Bruno Example on 2026-11-23',
    );
    expect(out).toMatch(
      /build: warning: approvals\.yaml:2: STALE: docs\/emergency\/unseal\.mdx was approved by Bruno Example on 2026-11-23 as 0123456789abcdef, and is [0-9a-f]{16} now/,
    );
    expect(unseal).toContain('acmekv keyvault key decrypt');
    expect(built('sitemap.xml')).toContain('/local/lost-badge/');
    expect(built('404.html')).toContain('Own pages');
    expect(built('search-index.js')).toMatch(/local\/lost-badge/);
    expect(built('local/lost-badge/index.html')).toContain('id="XBL-01"');
  });
});
