/** A diagram. The authoring server draws it in the page; the build carries its source, which scripts/diagrams.ts draws. */
import OriginalMermaid from '@theme-original/Mermaid';
import type { ReactNode } from 'react';

export default function Mermaid({ value }: { readonly value: string }): ReactNode {
  if (process.env.NODE_ENV === 'development') return <OriginalMermaid value={value} />;
  return <figure className="diagram" data-mermaid={value} />;
}
