/** `npm run upgrade-check [REF]`: which steps of which procedures change with a release, so that these are approved anew. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadApprovals } from '../src/deployment/load';
import { InvalidInput } from '../src/deployment/problem';
import { printError, printOut } from './common/terminal';
import { compareEditions } from './upgrade/compare';
import { editionOfFolder } from './upgrade/edition';
import { editionOfTree, git, treeOf, UpgradeError } from './upgrade/folders';
import { comparisonLines, releaseNotes } from './upgrade/report';

const help = `npm run upgrade-check -- [REF] [options]

Compares the pages of this folder with those of a release, by their compiled steps, for the present deployment.yaml.

  REF        a commit, tag or branch; default: upstream/main
             one that is not merged yet: what changes with the merge; one that is: what has changed since
  --notes    the same as release notes by procedure, in Markdown
  --help     this text

The pages of REF are compiled by the code of REF: look at what you fetched before you compare it, as before a merge.

Example:
  git fetch upstream && npm run upgrade-check upstream/main
`;

function compare(root: string, ref: string, notes: boolean): void {
  const named = git(root, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  if (!named.ok)
    throw new UpgradeError(
      `there is no commit "${ref}"`,
      'name one that is here, or fetch it: git remote add upstream URL; git fetch upstream --tags',
    );
  const short = named.out.slice(0, 12);
  const merged = !git(root, ['merge-base', '--is-ancestor', ref, 'HEAD']).ok;
  const other = editionOfTree(root, treeOf(root, ref, merged), ref);
  const here = editionOfFolder(root);
  const changes = merged ? compareEditions(here, other) : compareEditions(other, here);
  if (notes) {
    printOut(releaseNotes(changes));
    return;
  }
  printOut(
    merged
      ? `upgrade-check: what changes here when ${ref} (${short}) is merged\n`
      : `upgrade-check: what has changed here since ${ref} (${short})\n`,
  );
  if (merged && git(root, ['status', '--porcelain', '--', 'docs']).out !== '')
    printError(
      'upgrade-check: warning: docs/ has uncommitted changes, which no merge has; they are told as reverted\n',
    );
  printOut(`${comparisonLines(changes, loadApprovals(root)).join('\n')}\n`);
}

function main(argv: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { notes: { type: 'boolean', default: false }, help: { type: 'boolean' } },
  });
  if (values.help) {
    printOut(help);
    return;
  }
  const [ref = 'upstream/main', ...more] = positionals;
  if (more.length > 0)
    throw new UpgradeError(`one REF is enough; found ${positionals.join(' ')}`, 'see --help');
  compare(resolve(__dirname, '..'), ref, values.notes);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  const known = error instanceof UpgradeError || error instanceof InvalidInput;
  if (!known && !(error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) throw error;
  const more = error instanceof UpgradeError ? error.more : [];
  const hint =
    error instanceof UpgradeError ? error.hint : 'npm run upgrade-check -- --help shows what there is';
  const lines = [...(error as Error).message.split('\n'), ...more];
  printError(lines.map((line) => `upgrade-check: error: ${line}\n`).join(''));
  printError(`upgrade-check: hint: ${hint}\n`);
  process.exitCode = 1;
}
