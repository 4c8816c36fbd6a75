/** Sections of the page that is open: beside the text, or, on a small screen, a popover that needs no script. */
import type { TOCItem } from '@docusaurus/mdx-loader';
import type { ReactNode } from 'react';

export default function Contents({ toc }: { readonly toc: readonly TOCItem[] }): ReactNode {
  return (
    <nav className="contents" id="contents" popover="auto" aria-label="On this page">
      <p aria-hidden="true">On this page</p>
      <ul>
        {toc.map(({ id, value, level }) => (
          <li key={id} className={`contents-${level}`}>
            {/* biome-ignore lint/security/noDangerouslySetInnerHtml: Docusaurus rendered it from the heading. */}
            <a href={`#${id}`} dangerouslySetInnerHTML={{ __html: value }} />
          </li>
        ))}
      </ul>
    </nav>
  );
}
