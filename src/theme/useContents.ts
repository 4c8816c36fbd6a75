/** The sections that a page lists beside its text; none where the page asks for room or has one section. */
import { useDoc } from '@docusaurus/plugin-content-docs/client';

type Contents = ReturnType<typeof useDoc>['toc'];

export function useContents(): Contents {
  const { toc, frontMatter } = useDoc();
  return toc.length > 1 && frontMatter.hide_table_of_contents !== true ? toc : [];
}
