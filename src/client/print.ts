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

/**
 * Firefox and Safari know no boxes in the margin of a sheet (CSS Paged Media, section 5). There the edge of each sheet
 * says what it belongs to, and it is numbered by hand.
 */
function nameSheets(): void {
  if ('CSSMarginRule' in globalThis || document.querySelector('.sheet-edge') !== null) return;
  const release = document.querySelector('.release')?.cloneNode(true) as HTMLElement | undefined;
  for (const link of release?.querySelectorAll('.pdf') ?? []) link.remove();
  const digest = document.querySelector('.page-digest')?.textContent;
  const edge = document.createElement('p');
  edge.className = 'sheet-edge';
  edge.textContent = [
    release?.textContent?.trim(),
    ...(digest ? [`page ${digest}`] : []),
    'Sheet ........ of ........',
  ].join(' · ');
  document.body.append(edge);
}

export function watchPrint(): void {
  const root = document.documentElement;
  let before: string | undefined;
  let folded: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    before = root.dataset.theme;
    root.dataset.theme = 'light';
    nameTargets();
    nameSheets();
    folded = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const details of folded) details.open = true;
  });
  addEventListener('afterprint', () => {
    if (before !== undefined) root.dataset.theme = before;
    for (const details of folded) details.open = false;
  });
}
