/** Paper is white: the light mode is taken while printing, everything folded opens, links say where they lead. */

/** Writes the target of each link beside it: an address of another site, or the path on this one. */
function nameTargets(): void {
  const root = document.querySelector<HTMLScriptElement>('script[data-root]')?.dataset.root ?? './';
  const base = new URL(root, location.href).href;
  const here = location.href.split(/[?#]/)[0];
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.prose a[href]:not([href^="data:"])')) {
    const [page, hash = ''] = link.href.split('#');
    if (page?.split('?')[0] === here) continue;
    const path = link.href.startsWith(base)
      ? (page?.slice(base.length) ?? '').replace(/index\.html$/, '')
      : page;
    link.dataset.target = (path === '' ? 'start page' : path) + (hash === '' ? '' : `#${hash}`);
  }
}

export function watchPrint(): void {
  const root = document.documentElement;
  let before: string | undefined;
  let folded: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    before = root.dataset.theme;
    root.dataset.theme = 'light';
    nameTargets();
    folded = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const details of folded) details.open = true;
  });
  addEventListener('afterprint', () => {
    if (before !== undefined) root.dataset.theme = before;
    for (const details of folded) details.open = false;
  });
}
