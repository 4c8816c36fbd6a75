/** One page: its contract in the head, the text, what comes next, and the table of contents. */
import DocBreadcrumbs from '@theme/DocBreadcrumbs';
import DocItemContent from '@theme/DocItem/Content';
import DocItemPaginator from '@theme/DocItem/Paginator';
import type { ReactNode } from 'react';
import Contents from '../../Contents';
import { useContents } from '../../useContents';

export default function DocItemLayout({ children }: { readonly children: ReactNode }): ReactNode {
  const toc = useContents();
  const hasContents = toc.length > 0;
  return (
    <>
      <main className={hasContents ? 'page' : 'page page-wide'}>
        <article>
          <DocBreadcrumbs />
          <DocItemContent>{children}</DocItemContent>
        </article>
        <DocItemPaginator />
      </main>
      {hasContents ? <Contents toc={toc} /> : null}
    </>
  );
}
