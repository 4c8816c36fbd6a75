/** Tables of the image for the audit page: what is in it and why, from recipe and lock. Pure. */
import type { ImageLock } from './lock';
import type { Recipe } from './recipe';

const table = (heads: readonly string[], rows: readonly (readonly string[])[]) =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const code = (text: string) => `\`${text}\``;

/** The partials of the page, by name. */
export function imageTables(recipe: Recipe, lock: ImageLock): Readonly<Record<string, string>> {
  const versionOf = (name: string) => lock.packages.find((each) => each.name === name)?.version ?? '';
  const asked = new Map(
    [...recipe.packages, ...recipe.boot, ...recipe.tools].map(({ name, why }) => [name, why]),
  );
  const room = lock.packages.filter(({ use }) => use.includes('room'));
  const kernel = lock.packages.filter(({ use }) => use.includes('kernel'));
  const reasons = (list: readonly { readonly name: string; readonly why: string }[], versions: boolean) =>
    list.map(({ name, why }) => [code(name), ...(versions ? [code(versionOf(name))] : []), why]);
  return {
    packages: table(
      ['Package', 'Version', 'Why'],
      [
        ...reasons(recipe.packages, true),
        ...kernel.map(({ name, version }) => [
          code(name),
          code(version),
          'the kernel, signed by Debian; of its modules only those below',
        ]),
        ...reasons(recipe.boot, true),
      ],
    ),
    needed: table(
      ['Package', 'Version', 'SHA-256'],
      room
        .filter(({ name }) => !asked.has(name))
        .map(({ name, version, sha256 }) => [code(name), code(version), code(sha256.slice(0, 16))]),
    ),
    'left-out': table(['Package', 'Why it is not unpacked'], reasons(recipe.left_out, false)),
    removed: table(
      ['Path', 'Why it is taken out'],
      recipe.remove.map(({ path, except, why }) => [
        `${code(path)}${except === undefined ? '' : `, but ${code(except)}`}`,
        why,
      ]),
    ),
    modules: table(['Module', 'Why'], reasons(recipe.modules, false)),
    options: table(
      ['Option or setting', 'Why'],
      [
        ...recipe.kernel.options.map(({ option, why }) => [code(option), why]),
        ...recipe.settings.map(({ set, why }) => [code(set), why]),
      ],
    ),
    tools: table(['Package', 'Version', 'Why'], reasons(recipe.tools, true)),
  };
}

/** Where the partials lie. */
export const TABLES = 'docs/audit/_room-image.mdx';

/** The file of partials. */
export const imageTablesText = (recipe: Recipe, lock: ImageLock): string =>
  Object.entries(imageTables(recipe, lock))
    .map(([name, text]) => `<Partial name="${name}">\n\n${text}\n\n</Partial>\n`)
    .join('\n');
