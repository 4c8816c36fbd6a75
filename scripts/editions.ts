/** `npm run editions`: records the pages as they are now, so that whoever holds an older print can be told what has changed. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { editionsFile, recorded, writeEditions } from '../src/audit/editions';
import { loadDeployment } from '../src/deployment/load';
import { InvalidInput } from '../src/deployment/problem';
import { loadProcedures } from '../src/procedure/load';
import { loadEditions, presentEdition } from '../src/site/editions';
import { readRelease } from '../src/site/release';
import { printError, printOut } from './common/terminal';

/** Records the edition of a project's folder. @returns how many pages are others than they were recorded last. */
export function recordEdition(root: string, date: string): number {
  const before = loadEditions(root);
  const pages = presentEdition(loadProcedures(root, loadDeployment(join(root, 'deployment.yaml'))));
  const after = recorded(before, pages, { date, version: readRelease(root).version });
  if (after === before) return 0;
  writeFileSync(join(root, editionsFile), writeEditions(after));
  return Object.keys(after.at(-1)?.pages ?? {}).length;
}

function main(words: readonly string[]): number {
  if (words.length > 0) {
    printError(`editions: error: found ${words.join(' ')}; wanted no argument\n`);
    return 2;
  }
  try {
    const count = recordEdition(resolve(__dirname, '..'), new Date().toISOString().slice(0, 10));
    printOut(
      count === 0
        ? 'editions: every page is as it was recorded last\n'
        : `editions: ${count} ${count === 1 ? 'page' : 'pages'} recorded in ${editionsFile}\n`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    printError(`${error.message}\n`);
    return 1;
  }
}

if (require.main === module) process.exitCode = main(process.argv.slice(2));
