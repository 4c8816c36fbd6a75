/** Which of the elements of a page are reached: they begin where one reads, or above it. */

/** What sticks to the top of the window, and a line below it: on a low window (400 % zoom) that is more than any share of it. */
const LEAST = 160;

/**
 * Calls `changed` with the elements that are reached whenever they become others. The browser tells: nobody asks where
 * they are, which would have the page laid out before it is shown.
 * @param share Part of the window, from its upper edge, in which one reads.
 */
export function watchReached(
  elements: readonly Element[],
  share: number,
  changed: (reached: ReadonlySet<Element>) => void,
): void {
  const reached = new Set<Element>();
  let observer: IntersectionObserver | undefined;
  const observe = (): void => {
    observer?.disconnect();
    const below = Math.max(0, Math.round(innerHeight - Math.max(share * innerHeight, LEAST)));
    observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (isIntersecting) reached.add(target);
          else reached.delete(target);
        }
        changed(reached);
      },
      { rootMargin: `1000000px 0px -${below}px 0px` },
    );
    for (const element of elements) observer.observe(element);
  };
  observe();
  addEventListener('resize', observe);
}
