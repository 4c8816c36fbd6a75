/** Shapes of diagrams that become what they are, and those that must stay as they were drawn. */
import { parseFragment, serialize } from 'parse5';
import { describe, expect, test } from 'vitest';
import { roundEnds, straighten } from '../../scripts/ship/drawing';

/** The outline of a shape with round ends in many short curves, the slow way around. */
function outline(wide: number, high: number, steps = 40): string {
  const points: [number, number][] = [];
  for (const [side, from] of [
    [1, -90],
    [-1, 90],
  ] as const) {
    for (let step = 0; step <= steps; step += 1) {
      const angle = ((from + (180 * step) / steps) * Math.PI) / 180;
      points.push([side * (wide - high) + high * Math.cos(angle), high * Math.sin(angle)]);
    }
  }
  const [first, ...rest] = points.map((point) => point.map((value) => value.toFixed(2)).join(' '));
  return `M${first}${rest.map((point) => ` C${point}, ${point}, ${point}`).join('')}`;
}

describe('round ends', () => {
  test.each([
    [82, 26],
    [60, 14],
    [200, 40],
  ])('of %d by %d are known', (wide, high) => expect(roundEnds(outline(wide, high))).toEqual({ wide, high }));

  test.each([
    ['a circle', outline(7, 7)],
    ['a rectangle', 'M-80 -20 L80 -20 L80 20 L-80 20 Z'],
    ['one point off', `${outline(82, 26)} L0 25`],
    ['arcs and relative lines, which are not read', 'M-56 -26 a26 26 0 0 0 0 52 h112'],
    ['nothing', ''],
  ])('%s is not taken for them', (_, path) => expect(roundEnds(path)).toBeUndefined());
});

describe('a drawing', () => {
  const straight = (body: string): string => {
    const fragment = parseFragment(`<svg>${body}</svg>`);
    const [drawing] = fragment.childNodes;
    straighten(drawing as Parameters<typeof straighten>[0]);
    return serialize(fragment);
  };
  const path = `<path d="${outline(82, 26)}"></path>`;

  test('has one rectangle for what fills and what surrounds a shape, in its place', () => {
    expect(straight(`<g>a<g class="label-container outer-path">${path}${path}</g>b</g>`)).toBe(
      '<svg><g>a<rect class="label-container outer-path" x="-82" y="-26" width="164" height="52" rx="26"></rect>b</g></svg>',
    );
  });

  test.each([
    ['a ring in another', `<g class="outer-path"><g>${path}</g><g>${path}</g></g>`],
    ['one path alone', `<g class="outer-path">${path}</g>`],
    ['a group of another class', `<g class="inner">${path}${path}</g>`],
  ])('keeps %s', (_, body) => expect(straight(body)).toBe(`<svg>${body}</svg>`));
});
