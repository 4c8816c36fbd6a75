/** Where the time of the tests goes: suites and files by seconds of CPU, of the last `npm test`, or of files that are run now. */
import { join, resolve } from 'node:path';
import { costLines, costsFile, readSuiteCosts } from '../common/costs';
import { runVitest } from '../common/run';
import { printError, printOut } from '../common/terminal';

const ROOT = resolve(__dirname, '../..');
const projects = ['unit', 'components', 'site', 'adoption', 'commands'] as const;

/** The project of a file of tests, by its folder. */
const projectOf = (file: string) => projects.find((name) => file.includes(`tests/${name}/`)) ?? 'unit';

async function main(files: readonly string[]): Promise<void> {
  if (files.length > 0) {
    const asked = [...new Set(files.map(projectOf))];
    const { result, costs } = await runVitest(asked, files, { name: 'bench' });
    const sum = (of: 'wall' | 'cpu') => costs.reduce((all, one) => all + one[of], 0);
    printOut(`\n${costLines([{ suite: 'these', wall: sum('wall'), cpu: sum('cpu'), files: costs }])}`);
    if (result.tally.failed > 0) process.exitCode = 1;
    return;
  }
  const costs = readSuiteCosts(ROOT);
  if (costs.length > 0) printOut(costLines(costs));
  else {
    printError(`bench: error: there is no ${join(ROOT, costsFile)}\n`);
    printError('bench: hint: "npm test" writes it; or name files of tests, which are run then\n');
    process.exitCode = 1;
  }
}

void main(process.argv.slice(2));
