/** A diagram. The authoring server draws it in the page; the build carries its source, which scripts/diagrams.ts draws. */
import OriginalMermaid from '@theme-original/Mermaid';
import type { ReactNode } from 'react';

export default function Mermaid({ value }: { readonly value: string }): ReactNode {
  if (process.env.NODE_ENV === 'development') return <OriginalMermaid value={value} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
    <figure className="diagram" aria-label="Diagram" tabIndex={0} data-mermaid={value} />
  );
}
