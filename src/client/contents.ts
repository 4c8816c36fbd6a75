/** Marks in the list of sections the one that is being read. */

/** Where a section that is read begins: in the upper sixth of the window, or above it: of two close headings the first is read. */
const readingArea = '1000000px 0px -83% 0px';

/** Watches the headings that the list names. The browser tells which are reached; nobody asks where they are. */
export function watchContents(): void {
  const links = new Map<Element, HTMLAnchorElement>();
  for (const link of document.querySelectorAll<HTMLAnchorElement>('#contents a')) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading !== null) links.set(heading, link);
  }
  const reached = new Set<Element>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) reached.add(target);
        else reached.delete(target);
      }
      const here = [...links.keys()].findLast((heading) => reached.has(heading));
      for (const [heading, link] of links) {
        if (heading === here) link.setAttribute('aria-current', 'location');
        else link.removeAttribute('aria-current');
      }
    },
    { rootMargin: readingArea },
  );
  for (const heading of links.keys()) observer.observe(heading);
}
