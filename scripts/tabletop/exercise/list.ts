/** The list of exercises that the exercise kit shows, from the pages themselves: nobody types it. */
import type { Procedure } from '../../../src/procedure/compile';
import { isEmergency } from './choice';

export const LIST = 'docs/_partials/exercises.mdx';

const nameIn = (file: string) => file.replace(/^docs\/[^/]+\/|\.mdx?$/g, '');

/** The number of the emergency, or the prefix of the page: the same for every deployment, and the order of the rows. */
const numberOf = ({ page }: Procedure) => /^S\d\d/.exec(page.title)?.[0] ?? page.prefix ?? '';

/** The table, with the condition of each page: one that does not belong to a deployment cannot be played there. */
export function exerciseList(procedures: readonly Procedure[]): string {
  const rows = procedures
    .filter((procedure) => isEmergency(procedure) && procedure.page.drill?.world === 'fixture')
    .sort((a, b) => (numberOf(a) < numberOf(b) ? -1 : 1))
    .map((procedure) => {
      const { file, page } = procedure;
      const does = page.drill?.expect === 'recovered' ? 'brings the key back' : 'repairs';
      const row = `| \`${nameIn(file)}\` | [${numberOf(procedure)}](${file.replace(/^docs\//, '../')}) | ${does} |`;
      return page.applies === undefined ? row : `<When where="${page.applies}">\n${row}\n</When>`;
    });
  return `| Name of the exercise | Page | The team |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}
