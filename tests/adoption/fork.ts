/** A fork as an adopter has it: with a deployment, pages, a provider, decisions and approvals of its own, and with git as its only link to the project. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

export const project = resolve(__dirname, '../..');

/** One run of a program in a folder. */
export function run(folder: string, program: string, ...words: string[]) {
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  });
  return { code: status, out: `${stdout}\n${stderr}` };
}

/** A script of the folder's own. */
export const script = (folder: string, ...words: string[]) =>
  run(folder, process.execPath, join(project, 'node_modules/tsx/dist/cli.mjs'), ...words);

/** Git, as somebody. Throws what it says when it fails. */
export function git(folder: string, ...words: string[]): string {
  const who = [
    '-c',
    'user.name=Adopter',
    '-c',
    'user.email=adopter@example.com',
    '-c',
    'init.defaultBranch=main',
  ];
  const { code, out } = run(folder, 'git', ...who, ...words);
  if (code !== 0) throw new Error(`git ${words.join(' ')}: ${out}`);
  return out.trim();
}

/** Changes a file that is there: `from` must stand in it. */
export function edit(folder: string, file: string, from: string, to: string): void {
  const text = readFileSync(join(folder, file), 'utf8');
  if (!text.includes(from)) throw new RangeError(`${file} has no "${from}"`);
  writeFileSync(join(folder, file), text.replace(from, to));
}

export function commit(folder: string, message: string): void {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', message);
}

/** The project as its files are now, as a repository with one commit. */
export function makeUpstream(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const { out } = run(project, 'git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
  for (const file of out.trim().split('\0').filter(Boolean))
    if (existsSync(join(project, file))) cpSync(join(project, file), join(folder, file));
  git(folder, 'init', '--quiet');
  commit(folder, 'The project');
}

/** The words of a provider that is copied as somebody's own, in the order in which they are replaced. */
const renamed: readonly [RegExp, string][] = [
  [/azure-key-vault/g, 'acme-vault'],
  [/azureKeyVault/g, 'acmeVault'],
  [/azure/g, 'acme'],
  [/Azure/g, 'Acme'],
  [/\baz\b/g, 'acmekv'],
];
const acme = (text: string): string => renamed.reduce((made, [from, to]) => made.replace(from, to), text);

/** Copies a file under the names of the own provider; `deeper` is how its imports reach what is above. */
function copied(folder: string, from: string, to: string, deeper: readonly [RegExp, string][] = []): void {
  const text = deeper.reduce(
    (made, [pattern, path]) => made.replace(pattern, path),
    acme(readFileSync(join(folder, from), 'utf8')),
  );
  mkdirSync(join(folder, to, '..'), { recursive: true });
  writeFileSync(join(folder, to), text);
}

/** Adds a provider that the project does not have, where an adopter's own belong. */
function addProvider(folder: string): void {
  const fields = 'src/deployment/providers';
  for (const part of ['', '.permissions', '.regions'])
    copied(folder, `${fields}/azure-key-vault${part}.ts`, `${fields}/local/acme-vault${part}.ts`, [
      [/'\.\/(?!acme)/g, "'../"],
    ]);
  copied(folder, 'docs/_providers/azure-key-vault.mdx', 'docs/_providers/acme-vault.mdx');
  for (const name of readdirSync(join(folder, 'scripts/providers/azure-key-vault')))
    copied(
      folder,
      `scripts/providers/azure-key-vault/${name}`,
      `scripts/providers/local/acme-vault/${acme(name)}`,
      [[/'\.\.\//g, "'../../"]],
    );
  edit(folder, `${fields}/local/rows.ts`, '= {}', "= { 'acme-vault': acmeVault }");
  edit(folder, `${fields}/local/rows.ts`, '/**', "import { acmeVault } from './acme-vault';\n\n/**");
  edit(folder, 'scripts/providers/local/rows.ts', '= {}', "= { 'acme-vault': acmeVault }");
  edit(
    folder,
    'scripts/providers/local/rows.ts',
    '/**',
    "import { acmeVault } from './acme-vault/stand-in';\n\n/**",
  );
}

/** Clones the project and makes the clone somebody's. */
export function makeFork(upstream: string, folder: string): void {
  git(upstream, 'clone', '--quiet', upstream, folder);
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  addProvider(folder);
  copied(folder, 'tests/fixtures/deployments/azure.yaml', 'deployment.yaml');
  edit(folder, 'deployment.yaml', 'Example Ledger Ltd', 'Harbor Savings Bank');
  writeFileSync(join(folder, 'attestations.yaml'), 'attestations: []\n');
  writeFileSync(
    join(folder, 'decisions.yaml'),
    'decisions:\n  - { proposal: P8, decided: 10 days, by: Ana Example, date: 2026-11-23 }\n',
  );
  writeFileSync(
    join(folder, 'approvals.yaml'),
    'approvals:\n  - { page: docs/emergency/unseal.mdx, edition: "0123456789abcdef", by: Bruno Example, date: 2026-11-23 }\n',
  );
  cpSync(join(project, 'tests/fixtures/fork'), join(folder, 'docs/local'), { recursive: true });
  // Its own TEST set has other shards, and fewer: what the project changes in its own must not come back.
  rmSync(join(folder, 'tests/fixtures/tabletop/world/vault.json'));
  renameSync(
    join(folder, 'tests/fixtures/tabletop/world/azure.json'),
    join(folder, 'tests/fixtures/tabletop/world/acme.json'),
  );
  writeFileSync(join(folder, 'tests/fixtures/tabletop/registry.json'), '{"rows": "of the fork"}\n');
  const { code, out } = script(folder, 'scripts/generate.ts');
  if (code !== 0) throw new Error(out);
  commit(folder, 'Ours');
}
