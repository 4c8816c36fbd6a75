/** Which pages stand in the menu of a chapter, and in which order. */

interface Entry {
  readonly type: string;
  readonly id?: string;
  readonly label?: string;
}

interface Doc {
  readonly id: string;
  readonly frontMatter: Readonly<Record<string, unknown>>;
}

const scenario = /^S\d\d /;

/**
 * The pages of a chapter without its index page, which the chapter's own link opens. A page of another chapter that is
 * an emergency too (`emergency: true`, checked in src/procedure/steps/page.ts) stands among the emergencies as a link, in the
 * order of their ids.
 * @param docs All pages of this deployment.
 */
export function menuOf<Item extends Entry>(
  folder: string,
  items: readonly Item[],
  docs: readonly Doc[],
): (Item | { type: 'ref'; id: string })[] {
  const menu: (Item | { type: 'ref'; id: string })[] = items.filter(
    ({ type, id }) => type !== 'doc' || id !== `${folder}/index`,
  );
  if (folder !== 'emergency') return menu;
  const others = docs.flatMap(({ id, frontMatter: { emergency, sidebar_label: label } }) =>
    emergency === true ? [{ id, label: String(label) }] : [],
  );
  for (const { id, label } of others.sort((a, b) => (a.label < b.label ? -1 : 1))) {
    const after = menu.findIndex((item) => {
      const other = 'label' in item ? (item.label ?? '') : '';
      return scenario.test(other) && other > label;
    });
    menu.splice(after < 0 ? menu.length : after, 0, { type: 'ref', id });
  }
  return menu;
}
