/** The two editions that are compared, each compiled by its own code: this folder, and a commit or what a merge with it gives. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { decisionsFile } from '../../src/deployment/decisions';
import type { ComparedPage } from './edition';

/** Something that the user can do something about. */
export class UpgradeError extends Error {
  constructor(
    message: string,
    readonly hint: string,
    /** Further lines, each of its own. */
    readonly more: readonly string[] = [],
  ) {
    super(message);
  }
}

/** Runs git in a folder. */
export function git(root: string, words: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync('git', ['-C', root, ...words], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 26,
  });
  return { ok: status === 0, out: (stdout ?? '').trim(), error: (stderr ?? '').trim() };
}

/** The tree of a commit, or of what a merge of HEAD with it gives. Throws UpgradeError where they conflict. */
export function treeOf(root: string, ref: string, merged: boolean): string {
  if (!merged) return git(root, ['rev-parse', `${ref}^{tree}`]).out;
  // As CONTRIBUTING.md merges: of the files that .gitattributes names, the adopter's stay.
  const words = [
    '-c',
    'merge.ours.driver=true',
    'merge-tree',
    '--write-tree',
    '--name-only',
    '--no-messages',
  ];
  const { ok, out, error } = git(root, [...words, 'HEAD', ref]);
  const [tree = '', ...conflicts] = out.split('\n');
  if (ok) return tree;
  if (!/^[0-9a-f]{40,64}$/.test(tree))
    throw new UpgradeError(
      `git cannot merge ${ref}: ${error.split('\n')[0] ?? ''}`,
      'git 2.38 or later is needed; otherwise merge in a branch, and compare with the commit before',
    );
  throw new UpgradeError(
    `${ref} and this branch have changed the same lines`,
    'merge in a branch, mend these files, and compare with the commit before: npm run upgrade-check HEAD~1',
    conflicts.filter(Boolean).map((file) => `conflict: ${file}`),
  );
}

/** Writes the files of a tree into a folder, with the packages of this one and the present deployment. */
function checkOut(root: string, tree: string, folder: string): void {
  const env = { GIT_INDEX_FILE: join(folder, 'index') };
  const files = join(folder, 'files');
  mkdirSync(files);
  const steps = [
    ['read-tree', tree],
    ['checkout-index', '--all', '--quiet', `--prefix=${files}/`],
  ];
  for (const words of steps) {
    const { ok, error } = git(root, words, env);
    if (!ok) throw new UpgradeError(`git ${words[0]}: ${error.split('\n')[0]}`, 'look at it with git fsck');
  }
  for (const name of ['deployment.yaml', decisionsFile])
    if (existsSync(join(root, name))) copyFileSync(join(root, name), join(files, name));
    else rmSync(join(files, name), { force: true });
  // All packages but the cache in which this edition keeps what it has compiled.
  mkdirSync(join(files, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules')).filter((one) => !one.startsWith('.')))
    symlinkSync(join(root, 'node_modules', name), join(files, 'node_modules', name));
}

const compiled = (root: string, program: string, folder: string) =>
  spawnSync(process.execPath, [join(root, 'node_modules/tsx/dist/cli.mjs'), program, folder], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });

/** Compiles a tree for the deployment of this folder. Throws UpgradeError when it does not compile. */
export function editionOfTree(root: string, tree: string, ref: string): ComparedPage[] {
  const folder = mkdtempSync(join(tmpdir(), 'runbook-upgrade-'));
  try {
    checkOut(root, tree, folder);
    const files = join(folder, 'files');
    // The same comparison on both sides; where its imports are not found there, the one that came with the code.
    const own = join(files, 'scripts/upgrade/edition.ts');
    const present = join(files, 'scripts/upgrade/present-edition.ts');
    mkdirSync(dirname(present), { recursive: true });
    copyFileSync(join(__dirname, 'edition.ts'), present);
    const first = compiled(root, present, files);
    const isForeign = first.status !== 0 && /Cannot find module|is not a function/.test(first.stderr);
    const { status, stdout, stderr } = isForeign && existsSync(own) ? compiled(root, own, files) : first;
    if (status === 0) return JSON.parse(stdout) as ComparedPage[];
    const lines = stderr.split('\n').filter((line) => /^\S+:\d+: [A-Z-]+\d*: /.test(line));
    throw new UpgradeError(
      `the pages of ${ref} do not compile for the present deployment.yaml`,
      lines.length > 0
        ? 'each line names the file, the line and the rule'
        : `its code fails here: ${
            stderr
              .trim()
              .split('\n')
              .find((line) => /error/i.test(line)) ?? 'no message'
          }`,
      lines,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
