/** Wakes the components that react when the page has loaded and they come near: what is read first waits for nobody. */
import { holdDeeds, repeatDeeds } from './held';
import { load } from './load';

async function wake(island: HTMLElement): Promise<void> {
  const { react, script } = island.dataset;
  if (react === undefined || script === undefined) return;
  await load(react);
  await load(script);
  for (const twin of document.querySelectorAll<HTMLElement>(`[data-script="${script}"]`)) {
    twin.dataset.awake = '';
    void repeatDeeds(twin);
  }
}

/** Half a screen ahead, so that an island is awake when it is reached. */
const margin = '50% 0px';

/** Watches the islands of a page; without any it does nothing. */
export function watchIslands(): void {
  const islands = document.querySelectorAll<HTMLElement>('[data-island]');
  if (islands.length === 0) return;
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) start(target as HTMLElement);
    },
    { rootMargin: margin },
  );
  const start = (island: HTMLElement): void => {
    wake(island).then(
      () => observer.unobserve(island),
      () => undefined,
    );
  };
  // Whoever uses one does not wait until the page has loaded.
  holdDeeds(islands, start);
  const watch = (): void => {
    for (const island of islands) observer.observe(island);
  };
  if (document.readyState === 'complete') watch();
  else addEventListener('load', watch);
}
