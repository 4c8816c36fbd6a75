/** Draws a typeset formula from plain JSON: pages refuse markup from scripts (Trusted Types), and islands take JSON only. */
import { createElement, type ReactNode } from 'react';

/** An element with the properties that React gives it, or text. */
export type FormulaNode =
  | string
  | readonly [tag: string, properties: Readonly<Record<string, unknown>>, children: readonly FormulaNode[]];

/** The formula as elements. */
export function drawn(node: FormulaNode): ReactNode {
  if (typeof node === 'string') return node;
  const [tag, properties, children] = node;
  return createElement(tag, properties, ...children.map(drawn));
}
