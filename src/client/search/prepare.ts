/** Sections as they are compared: folded once, so that a keystroke does not. */
import { isStep, type Section } from './sections';
import { fold, stepKey } from './words';

/** A section, folded. */
export interface Folded {
  readonly section: Section;
  readonly anchor: string;
  /** Set for a step. */
  readonly step: string | undefined;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}

function prepared(section: Section): Folded {
  const [file = '', anchor = ''] = section.url.split('#');
  return {
    section,
    anchor: fold(anchor),
    step: isStep(anchor) ? stepKey(fold(anchor)) : undefined,
    page: fold(`${section.page} ${file.replace(/\/?index\.html$/, '').replace(/[/-]/g, ' ')}`),
    // The beginning of a page answers for the page, so its title counts as a heading.
    heading: fold(section.heading === '' ? section.page : section.heading),
    text: fold(section.text),
  };
}

/** Prepares sections once, so that each keystroke only compares. */
export function prepare(sections: readonly Section[]): Folded[] {
  return sections.map(prepared);
}
