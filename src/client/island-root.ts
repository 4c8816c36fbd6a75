/**
 * What the islands' runtime takes for `react-dom/client` (scripts/ship/islands.ts): it renders over the markup that is in
 * the page, keeps every node, and sets what differs, such as the ids, which React counted when the page was built.
 */
import { type ComponentChild, render } from 'preact';

/** Takes the place of React's function of that name. */
export function hydrateRoot(element: Element, component: ComponentChild): void {
  render(component, element);
}
