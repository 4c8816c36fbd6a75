/** Tables of the image for the audit page: what is in it and why, from recipe and lock. Pure. */
import type { ImageLock } from './lock';
import type { Recipe } from './recipe';
import { reasonsIn } from './sbom';

const table = (heads: readonly string[], rows: readonly (readonly string[])[]) =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const code = (text: string) => `\`${text}\``;

const PACKAGE_HEADS = ['Package', 'Version', 'What it is for', 'Licenses'];

/** Of the packages that need another one, so many are named. */
const SHOWN = 3;

/** The partials of the page, by name. */
export function imageTables(recipe: Recipe, lock: ImageLock): Readonly<Record<string, string>> {
  const versionOf = (name: string) => lock.packages.find((each) => each.name === name)?.version ?? '';
  const asked = reasonsIn(recipe);
  const room = lock.packages.filter(({ use }) => use.includes('room'));
  const kernel = lock.packages.filter(({ use }) => use.includes('kernel'));
  const licensesOf = (name: string) => {
    const { licenses = [] } = lock.packages.find((each) => each.name === name) ?? {};
    return licenses.length > 0 ? licenses.map(code).join(', ') : 'see its copyright file';
  };
  const neededBy = (name: string) => {
    const all = room.filter(({ needs }) => needs.includes(name)).map((each) => code(each.name));
    const [shown, others] = [all.slice(0, SHOWN), all.length - SHOWN];
    return `needed by ${shown.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
  };
  type Reasons = readonly { readonly name: string; readonly why: string }[];
  const reasons = (list: Reasons) => list.map(({ name, why }) => [code(name), why]);
  const packages = (list: Reasons) =>
    list.map(({ name, why }) => [code(name), code(versionOf(name)), why, licensesOf(name)]);
  return {
    packages: table(
      PACKAGE_HEADS,
      packages([
        ...recipe.packages,
        ...kernel.map(({ name }) => ({
          name,
          why: 'the kernel, signed by Debian; of its modules only those below',
        })),
        ...recipe.boot,
      ]),
    ),
    needed: table(
      PACKAGE_HEADS,
      packages(
        room.filter(({ name }) => !asked.has(name)).map(({ name }) => ({ name, why: neededBy(name) })),
      ),
    ),
    'left-out': table(['Package', 'Why it is not unpacked'], reasons(recipe.left_out)),
    removed: table(
      ['Path', 'Why it is taken out'],
      recipe.remove.map(({ path, except, why }) => [
        `${code(path)}${except === undefined ? '' : `, but ${code(except)}`}`,
        why,
      ]),
    ),
    modules: table(['Module', 'Why'], reasons(recipe.modules)),
    options: table(
      ['Option or setting', 'Why'],
      [
        ...recipe.kernel.options.map(({ option, why }) => [code(option), why]),
        ...recipe.settings.map(({ set, why }) => [code(set), why]),
      ],
    ),
    tools: table(PACKAGE_HEADS, packages(recipe.tools)),
  };
}

/** Where the partials lie. */
export const TABLES = 'docs/audit/_room-image.mdx';

/** The file of partials. */
export const imageTablesText = (recipe: Recipe, lock: ImageLock): string =>
  Object.entries(imageTables(recipe, lock))
    .map(([name, text]) => `<Partial name="${name}">\n\n${text}\n\n</Partial>\n`)
    .join('\n');
