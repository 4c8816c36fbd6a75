/** Paper is white: the light mode is taken while printing, and everything that is folded opens. */

export function watchPrint(): void {
  const root = document.documentElement;
  let before: string | undefined;
  let folded: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    before = root.dataset.theme;
    root.dataset.theme = 'light';
    folded = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const details of folded) details.open = true;
  });
  addEventListener('afterprint', () => {
    if (before !== undefined) root.dataset.theme = before;
    for (const details of folded) details.open = false;
  });
}
