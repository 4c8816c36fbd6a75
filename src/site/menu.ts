/** Which pages stand in the menu of a chapter, and in which order. */

interface Entry {
  readonly type: string;
  readonly id?: string;
  readonly label?: string;
}

/** A scenario whose page belongs to another chapter stands among the emergencies too, as a link in the order of the ids. */
const ELSEWHERE = { id: 'lifecycle/replace-shard', scenario: 'S06' };

/**
 * The pages of a chapter without its index page, which the chapter's own link opens.
 * `docs` are all pages of this deployment.
 */
export function menuOf<Item extends Entry>(
  folder: string,
  items: readonly Item[],
  docs: readonly { readonly id: string }[],
): (Item | { type: 'ref'; id: string })[] {
  const pages = items.filter(({ type, id }) => type !== 'doc' || id !== `${folder}/index`);
  if (folder !== 'emergency' || !docs.some(({ id }) => id === ELSEWHERE.id)) return pages;
  const after = pages.findIndex(({ label = '' }) => /^S\d\d /.test(label) && label > ELSEWHERE.scenario);
  const at = after < 0 ? pages.length : after;
  return [...pages.slice(0, at), { type: 'ref', id: ELSEWHERE.id }, ...pages.slice(at)];
}
