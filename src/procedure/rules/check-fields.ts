/** Whether every field of every form is filled by somebody: the other direction of `steps/records.ts`. It reads the pages as they are written, so that it says the same for every deployment. */
import { type AuditAction, isAuditAction } from '../../audit/actions';
import { formOf } from '../../audit/forms/catalog';
import type { FormSource } from '../../audit/forms/form';
import { placesOf, referencesOf, unfilledFields } from '../../audit/forms/written';
import type { Problem } from '../../deployment/problem';

const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter(Boolean);

/** What the steps of a page or partial write down, as it is written there; a broken reference is told by the compiler. */
export function writtenReferences(text: string): string[] {
  const attribute = (tag: string, name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  const isRight = (reference: string) => {
    try {
      return placesOf(reference).length > 0;
    } catch {
      return false;
    }
  };
  // An attribute may hold a ">", and a <When> may stand between the attributes: a tag ends before an empty line.
  return [...text.matchAll(/<Step\s[\s\S]*?>\s*\n\s*\n/g)].flatMap(([tag]) =>
    referencesOf({
      log: words(attribute(tag, 'log')).filter((word): word is AuditAction => isAuditAction(word)),
      records: words(attribute(tag, 'records')).filter(isRight),
      isAct: attribute(tag, 'act') !== undefined,
    }),
  );
}

/** The ids of the forms that a page shows, each with its line. */
const shownForms = (text: string) =>
  text.split('\n').flatMap((line, index) => {
    const [, id] = /^<Form id="([a-z-]+)" \/>$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id, line: index + 1 }];
  });

/**
 * The fields that no step fills, of every form that a page shows.
 * @param pages All pages and partials, by their path.
 */
export function fieldProblems(pages: ReadonlyMap<string, string>, source: FormSource): Problem[] {
  const references = [...pages.values()].flatMap(writtenReferences);
  return [...pages].flatMap(([file, text]) =>
    shownForms(text).flatMap(({ id, line }) =>
      unfilledFields(formOf(id), references, source).map(({ form, section, field }) => {
        const reference = `${form.id}:${section.id}.${field.id}`;
        const message = `nobody fills in “${field.label}” of ${form.title}, ${section.title}; wanted a step with records="${reference}", or the field says by whom`;
        return { file, line, rule: 'FIELD', message };
      }),
    ),
  );
}
