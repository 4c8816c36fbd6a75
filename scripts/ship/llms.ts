/** llms.txt: the pages with one sentence each, for readers that are programs. Format of llmstxt.org. */
import { parse } from 'parse5';
import { attribute, elements, textOf } from './dom';

/** One page as it introduces itself. */
export interface PageSummary {
  readonly file: string;
  readonly title: string;
  readonly description: string;
}

/** Title and description of a page. Undefined for pages without them. */
export function summaryOf(html: string, file: string): PageSummary | undefined {
  const all = [...elements(parse(html))];
  const heading = all.find((element) => element.tagName === 'h1');
  const meta = all.find(
    (element) => element.tagName === 'meta' && attribute(element, 'name') === 'description',
  );
  const description = meta === undefined ? undefined : attribute(meta, 'content');
  if (heading === undefined || description === undefined) return undefined;
  return { file, title: textOf(heading).trim(), description };
}

/** The text of the file; links are relative to the root of the site. */
export function llmsText(pages: readonly PageSummary[]): string {
  const start = pages.find(({ file }) => file === 'index.html');
  const folders = [...new Set(pages.map(({ file }) => file.split('/')[0] ?? ''))].filter(
    (name) => name !== 'index.html',
  );
  const sections = folders.map((folder) => {
    const lines = pages
      .filter(({ file }) => file.startsWith(`${folder}/`))
      .map(({ file, title, description }) => `- [${title}](${file}): ${description}`);
    return `## ${folder.charAt(0).toUpperCase()}${folder.slice(1)}\n\n${lines.join('\n')}\n`;
  });
  return `# ${start?.title ?? 'Runbook'}\n\n> ${start?.description ?? ''}\n\n${sections.join('\n')}`;
}
