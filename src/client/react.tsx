/** React once for all islands of a page. Each island's own script brings its component and wakes it. */

import type { ComponentType } from 'react';
import * as react from 'react';
import * as runtime from 'react/jsx-runtime';
import { flushSync } from 'react-dom';
import { hydrateRoot } from 'react-dom/client';

/** Wakes every island of a name. Markup and props are in the page; see src/theme/island.tsx. */
function wake(name: string, Component: ComponentType<object>): void {
  for (const element of document.querySelectorAll<HTMLElement>(`[data-island="${name}"]`)) {
    const props = JSON.parse(element.dataset.props ?? '{}') as object;
    // At once: what was held for the island (held.ts) is done again as soon as this script has run.
    flushSync(() => hydrateRoot(element, <Component {...props} />, { identifierPrefix: name }));
  }
}

declare global {
  var runbookReact:
    | { readonly react: object; readonly runtime: object; readonly wake: typeof wake }
    | undefined;
}

globalThis.runbookReact = { react, runtime, wake };
