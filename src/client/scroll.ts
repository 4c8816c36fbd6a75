/** Formulas that are wider than the window scroll inside themselves, and then the keyboard must reach them (WCAG 2.1.1). */

function update(formula: HTMLElement): void {
  if (formula.scrollWidth > formula.clientWidth) {
    formula.tabIndex = 0;
    formula.setAttribute('role', 'group');
    formula.setAttribute('aria-label', 'Formula, scrolls sideways');
  } else {
    for (const name of ['tabindex', 'role', 'aria-label']) formula.removeAttribute(name);
  }
}

export function watchFormulas(): void {
  const formulas = document.querySelectorAll<HTMLElement>('.katex-display');
  if (formulas.length === 0) return;
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) update(target as HTMLElement);
  });
  for (const formula of formulas) observer.observe(formula);
}
