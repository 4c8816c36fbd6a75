/** A few verbs on parse5 trees: what the shipping steps need to read and edit a page. */
import type { DefaultTreeAdapterMap } from 'parse5';

export type Element = DefaultTreeAdapterMap['element'];
export type Node = DefaultTreeAdapterMap['node'];
export type Document = DefaultTreeAdapterMap['document'];

export function isElement(node: Node): node is Element {
  return 'tagName' in node;
}

/** Every element below a node, in document order. */
export function* elements(node: Node): Generator<Element> {
  if (!('childNodes' in node)) return;
  for (const child of [...node.childNodes]) {
    if (!isElement(child)) continue;
    yield child;
    yield* elements(child);
  }
}

export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((each) => each.name === name)?.value;
}

/** Sets an attribute; undefined removes it. */
export function setAttribute(element: Element, name: string, value: string | undefined): void {
  const others = element.attrs.filter((each) => each.name !== name);
  element.attrs = value === undefined ? others : [...others, { name, value }];
}

export function hasClass(element: Element, name: string): boolean {
  return (attribute(element, 'class') ?? '').split(/\s+/).includes(name);
}

export function remove(element: Element): void {
  const parent = element.parentNode;
  if (parent === null) return;
  parent.childNodes = parent.childNodes.filter((child) => child !== element);
}

/** The text as it would be read, white space as written. */
export function textOf(node: Node): string {
  if ('value' in node && node.nodeName === '#text') return node.value;
  if (!('childNodes' in node)) return '';
  return node.childNodes.map(textOf).join('');
}

/** Makes an element; the caller puts it into its place with `append`. */
export function make(tagName: string, attributes: Readonly<Record<string, string>>, text = ''): Element {
  const made = {
    nodeName: tagName,
    tagName,
    attrs: Object.entries(attributes).map(([name, value]) => ({ name, value })),
    namespaceURI: 'http://www.w3.org/1999/xhtml',
    childNodes: [],
    parentNode: null,
  } as unknown as Element;
  if (text !== '') append(made, { nodeName: '#text', value: text, parentNode: made } as Node);
  return made;
}

export function append(parent: Element, child: Node): void {
  (child as { parentNode: Element }).parentNode = parent;
  parent.childNodes.push(child as Element);
}

/** The first element that passes the test. Throws RangeError if there is none. */
export function find(root: Node, what: string, test: (element: Element) => boolean): Element {
  for (const element of elements(root)) if (test(element)) return element;
  throw new RangeError(`expected ${what} in the page, found none`);
}
