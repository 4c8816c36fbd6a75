/** Writes the list of exercises that the exercise kit shows, from the pages themselves: nobody types it. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadDeployment } from '../../../src/deployment/load';
import type { Procedure } from '../../../src/procedure/compile';
import { loadProcedures } from '../../../src/procedure/load';
import { printOut } from '../../common/terminal';
import { isEmergency } from './exercise';

export const LIST = 'docs/_partials/exercises.mdx';

const nameIn = (file: string) => file.replace(/^docs\/[^/]+\/|\.mdx?$/g, '');

/** The table, with the condition of each page: one that does not belong to a deployment cannot be played there. */
export function exerciseList(procedures: readonly Procedure[]): string {
  const rows = procedures
    .filter((procedure) => isEmergency(procedure) && procedure.page.drill?.world === 'fixture')
    .sort((a, b) => (a.page.title < b.page.title ? -1 : 1))
    .map(({ file, page }) => {
      const does = page.drill?.expect === 'recovered' ? 'brings the key back' : 'repairs';
      const number = /^S\d\d/.exec(page.title)?.[0] ?? page.prefix;
      const row = `| \`${nameIn(file)}\` | [${number}](${file.replace(/^docs\//, '../')}) | ${does} |`;
      return page.applies === undefined ? row : `<When where="${page.applies}">\n${row}\n</When>`;
    });
  return `| Name of the exercise | Page | The team |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

if (require.main === module) {
  const root = resolve(__dirname, '../../..');
  const deployment = loadDeployment(join(root, 'deployment.yaml'));
  writeFileSync(join(root, LIST), exerciseList(loadProcedures(root, deployment)));
  printOut(`${LIST}: written\n`);
}
