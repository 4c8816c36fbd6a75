/**
 * What the islands' runtime takes for `react-dom/client` (scripts/ship/islands.ts): it renders over the markup that is in
 * the page, keeps every node, and sets what differs, such as the ids, which React counted when the page was built.
 */
import { type ComponentChild, options, render } from 'preact';

// Effects run before the next task, not after the next frame: what was held for an island (held.ts) comes right after.
options.requestAnimationFrame = (run) => queueMicrotask(run as () => void);

/** Takes the place of React's function of that name. */
export function hydrateRoot(element: Element, component: ComponentChild): void {
  render(component, element);
}
