/** What keeps the adopter's own pages, in `docs/local/`, apart from those of the project, so that no update brings what one of them has. */
import type { Problem } from '../../deployment/problem';
import type { Page } from '../steps/page';

/** Folder of the adopter's own pages. The project has none there. */
export const ownPages = 'docs/local/';

/** Own pages number their emergencies from S90 on, and their steps with a prefix that begins with X; no other page does. */
const ownScenario = /^S9\d /;

const isOwn = (file: string): boolean => file.startsWith(ownPages);

/** Whether the adopter has pages of its own, among these files. */
export const hasOwnPages = (files: readonly string[]): boolean => files.some(isOwn);

/** What breaks the rules of own pages, one problem each. */
export function ownPageProblems(
  procedures: readonly { readonly file: string; readonly page: Pick<Page, 'prefix' | 'sidebar_label'> }[],
): Problem[] {
  const problems = procedures.flatMap(({ file, page: { prefix, sidebar_label: label = '' } }) => {
    const at = (message: string): Problem => ({ file, line: 1, rule: 'OWN', message });
    const found: Problem[] = [];
    if (prefix !== undefined && prefix.startsWith('X') !== isOwn(file))
      found.push(
        at(
          isOwn(file)
            ? `prefix ${prefix}: wanted one that begins with X, as pages in ${ownPages} have, so that no update brings the same`
            : `prefix ${prefix}: begins with X, which is kept for pages in ${ownPages}`,
        ),
      );
    if (/^S\d\d /.test(label) && ownScenario.test(label) !== isOwn(file))
      found.push(
        at(
          isOwn(file)
            ? `sidebar_label "${label}": wanted S90 to S99, as pages in ${ownPages} have, so that no update brings the same`
            : `sidebar_label "${label}": S90 to S99 are kept for pages in ${ownPages}`,
        ),
      );
    return found;
  });
  const first = procedures.find(({ file }) => isOwn(file));
  if (first && !procedures.some(({ file }) => file === `${ownPages}index.mdx`))
    problems.push({
      file: first.file,
      line: 1,
      rule: 'OWN',
      message: `wanted ${ownPages}index.mdx beside it, the page that opens the chapter of own pages`,
    });
  return problems;
}
