/** `npm run check [PAGE ...]`: compiles and lints pages, and prints what the drill would run with them. Nothing is executed. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { InvalidInput } from '../src/deployment/problem';
import { errorLines } from './common/problems';
import { printError, printOut } from './common/terminal';
import { pagesNamed, plannedWith, problemsOf } from './docs/check';
import { readSetting } from './tabletop/plan/setting';

const help = `npm run check -- [PAGE ...]

Compiles and lints pages without running anything, and prints what the drill would run with those that are named.

  PAGE           a file of docs/, a partial, or the end of a page's name: unseal, docs/_partials/wrap-shard.mdx
  --root FOLDER  another project: the folder of its deployment.yaml and docs/
  --help         this text

Example:
  npm run check unseal
`;

function main(argv: string[]): number {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { root: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    printOut(help);
    return 0;
  }
  const root = resolve(values.root ?? resolve(__dirname, '..'));
  const setting = readSetting(root);
  const named = positionals.flatMap((name) => pagesNamed(setting.procedures, name));
  const pages = named.length === 0 ? setting.procedures : named;
  const problems = problemsOf(root, setting.procedures, pages);
  for (const problem of problems) printError(`check: error: ${problem}\n`);
  if (named.length > 0) printOut(plannedWith(setting, named));
  const steps = new Set(pages.flatMap(({ steps: own }) => own.map(({ id }) => id))).size;
  printOut(
    `${pages.length} ${pages.length === 1 ? 'page' : 'pages'}, ${steps} steps, ${problems.length} problems\n`,
  );
  return problems.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  printError(errorLines('check', error));
  process.exitCode = error instanceof InvalidInput ? 1 : 2;
}
