/** Takes from a drawing of Mermaid what nobody sees: rules, markers, and curves that are a shape with round ends. */
import type { Element } from './dom';
import { attribute, elements, hasClass, make } from './dom';

/**
 * The same drawing without rules, markers and filters that it does not use. Runs in the browser.
 * @param svg As Mermaid gave it.
 */
export function withoutUnused(svg: string): string {
  const holder = document.createElement('div');
  holder.innerHTML = svg;
  document.body.append(holder);
  // A frame's name stands in its corner, over the lines that cross it.
  for (const frame of holder.querySelectorAll('.cluster')) {
    const [box, name] = [frame.querySelector('rect'), frame.querySelector('.cluster-label')];
    if (box === null || name === null) continue;
    name.setAttribute(
      'transform',
      `translate(${Number(box.getAttribute('x')) + 10}, ${Number(box.getAttribute('y')) + 5})`,
    );
    const above = document.createElementNS('http://www.w3.org/2000/svg', 'g');
    above.setAttribute('class', 'cluster frame-name');
    above.append(name);
    frame.closest('.root')?.append(above);
  }
  const sheet = holder.querySelector('style');
  const rules = [...(sheet?.sheet?.cssRules ?? [])].filter(
    (rule) => rule instanceof CSSStyleRule && holder.querySelector(rule.selectorText) !== null,
  );
  const text = rules.map(({ cssText }) => cssText).join('');
  if (sheet && !text.includes('animation:')) sheet.textContent = text;
  const whole = holder.innerHTML;
  for (const part of holder.querySelectorAll('marker, filter, linearGradient'))
    if (!whole.includes(`#${part.id})`) && !whole.includes(`#${part.id}&quot;)`)) part.remove();
  for (const empty of holder.querySelectorAll('defs:empty, g:empty')) empty.remove();
  const lighter = holder.innerHTML;
  holder.remove();
  return lighter;
}

/**
 * Half the width and height of a shape with round ends around the origin.
 * @param outline Absolute lines and cubic curves, as Mermaid draws such a shape: hundreds of short ones.
 * @returns Undefined when a point lies more than a fifth of a pixel off.
 */
export function roundEnds(outline: string): { readonly wide: number; readonly high: number } | undefined {
  if (/[^MLCZ\d\s.,e-]/.test(outline)) return undefined;
  const numbers = [...outline.matchAll(/-?\d+(?:\.\d+)?(?:e-?\d+)?/g)].map(([text]) => Number(text));
  const points = numbers.flatMap((x, at) =>
    at % 2 === 0 ? [{ x: Math.abs(x), y: numbers[at + 1] ?? 0 }] : [],
  );
  const wide = Math.max(...points.map(({ x }) => x));
  const high = Math.max(...points.map(({ y }) => Math.abs(y)));
  const straight = wide - high;
  const isOn = ({ x, y }: { readonly x: number; readonly y: number }): boolean =>
    Math.abs((x <= straight ? Math.abs(y) : Math.hypot(x - straight, y)) - high) < 0.2;
  return straight > 0 && points.every(isOn) ? { wide, high } : undefined;
}

const short = (value: number): string => String(Math.round(value * 10) / 10);

/** Shapes with round ends become what they are: one rectangle instead of two outlines of hundreds of curves. */
export function straighten(drawing: Element): void {
  for (const group of elements(drawing)) {
    if (group.tagName !== 'g' || !hasClass(group, 'outer-path')) continue;
    const [fill, ...others] = [...elements(group)];
    const parent = group.parentNode;
    // What fills it and what surrounds it; anything more is another shape, such as the ring of an end state.
    if (parent === null || fill?.tagName !== 'path' || others.map(({ tagName }) => tagName).join() !== 'path')
      continue;
    const size = roundEnds(attribute(fill, 'd') ?? '');
    if (size === undefined) continue;
    const { wide, high } = size;
    const shape = make('rect', {
      class: attribute(group, 'class') ?? '',
      x: short(-wide),
      y: short(-high),
      width: short(2 * wide),
      height: short(2 * high),
      rx: short(high),
    });
    shape.parentNode = parent;
    parent.childNodes[parent.childNodes.indexOf(group)] = shape;
  }
}
