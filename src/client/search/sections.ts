/** What is searched: the sections of the pages, and how the index brings them. */
import { stepTitle } from '../../procedure/steps/title';

/** A section of a page, or a step. `text` is what the reader sees there, white space collapsed. */
export interface Section {
  /** Address relative to the root of the site, with its anchor. */
  readonly url: string;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}

/** The sections of a page as the index brings them: what they share is said once, and the text of a step begins with its heading. */
export type PageSections = readonly [
  file: string,
  page: string,
  sections: readonly (readonly [anchor: string, heading: string, text: string])[],
];

/** Whether an anchor is the id of a step. */
export function isStep(anchor: string): boolean {
  return /^[A-Z]{3}-(\w+-)?\d\d$/.test(anchor);
}

/** The sections of the pages, in their order. */
export function sectionsFrom(pages: readonly PageSections[]): Section[] {
  return pages.flatMap(([file, page, sections]) =>
    sections.map(([anchor, heading, text]) => ({
      url: anchor === '' ? file : `${file}#${anchor}`,
      page,
      heading: isStep(anchor) ? `${anchor} ${stepTitle(text)}` : heading,
      text,
    })),
  );
}
