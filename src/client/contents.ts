/** Marks in the list of sections the one that is being read. */
import { watchReached } from './reading';

/** Part of the window in which a section that is read begins: of two close headings the first is read. */
const SHARE = 0.17;

/** Watches the headings that the list names. */
export function watchContents(): void {
  const links = new Map<Element, HTMLAnchorElement>();
  for (const link of document.querySelectorAll<HTMLAnchorElement>('#contents a')) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading !== null) links.set(heading, link);
  }
  const headings = [...links.keys()];
  watchReached(headings, SHARE, (reached) => {
    const here = headings.findLast((heading) => reached.has(heading));
    for (const [heading, link] of links) {
      if (heading === here) link.setAttribute('aria-current', 'location');
      else link.removeAttribute('aria-current');
    }
  });
}
