/** What a step writes down on paper: references such as `ceremony-log:values.set`, the fields they name, and the fields that no step fills. */
import type { AuditAction } from '../actions';
import { formOf, forms } from './catalog';
import type { Field, FormDescription, FormSource, Section } from './form';

/** One field of a form. */
export interface PlaceOnForm {
  readonly form: FormDescription;
  readonly section: Section;
  readonly field: Field;
}

const fieldsIn = ({ fields, rows }: Section): readonly Field[] => fields ?? rows?.columns ?? [];

/** Two forms may share the description of a field; their places differ. */
const keyOf = ({ form, section, field }: PlaceOnForm) => `${form.id}:${section.id}.${field.id}`;

const list = (things: readonly { readonly id: string }[]) => things.map(({ id }) => id).join(', ');

/**
 * The fields of a reference: `form:section` names all fields of a section, `form:section.field` one.
 * Throws RangeError that lists what there is.
 */
export function placesOf(reference: string): readonly PlaceOnForm[] {
  const [, id, sectionId, fieldId] = /^([a-z-]+):([a-z-]+)(?:\.([a-z-]+))?$/.exec(reference) ?? [];
  if (id === undefined) throw new RangeError(`"${reference}": wanted form:section or form:section.field`);
  if (!forms.some((form) => form.id === id))
    throw new RangeError(`"${reference}": no form "${id}"; known: ${list(forms)}`);
  const form = formOf(id);
  const section = form.sections.find((one) => one.id === sectionId);
  if (section === undefined)
    throw new RangeError(
      `"${reference}": ${form.title} has no section "${sectionId}"; known: ${list(form.sections)}`,
    );
  const fields = fieldsIn(section);
  const wanted = fieldId === undefined ? fields : fields.filter((field) => field.id === fieldId);
  if (wanted.length === 0)
    throw new RangeError(
      `"${reference}": section ${section.id} of ${form.title} has no field "${fieldId}"; known: ${list(fields)}`,
    );
  return wanted.map((field) => ({ form, section, field }));
}

/** What an act that logs an action leaves on paper by itself, wherever it stands. A command leaves it in its output instead. */
const left: Partial<Record<AuditAction, string>> = {
  'attestation.signed': 'attestation:shard attestation:signatures',
  'courier.dispatched': 'shard-receipt:way.courier shard-receipt:way.route shard-receipt:way.left',
  'credential.issued': 'credential-receipt:credential credential-receipt:issue credential-receipt:signatures',
  'credential.rotated':
    'credential-receipt:credential credential-receipt:issue credential-receipt:signatures',
  'credential.withdrawn': 'credential-receipt:return credential-receipt:signatures',
  'custodian.acknowledged':
    'custodian-acknowledgement:shard custodian-acknowledgement:duties custodian-acknowledgement:signatures',
  'exception.recorded': 'exception-sheet:exception exception-sheet:signatures',
  'incident.closed': 'incident-log:close',
  'incident.opened': 'incident-log:incident.number incident-log:incident.lead',
  'media.destroyed': 'destruction-receipt:shard destruction-receipt:signatures',
  'receipt.returned': 'return-receipt:shard return-receipt:signatures',
  'receipt.signed': 'shard-receipt:shard shard-receipt:signatures',
  'safe.closed': 'safe-access-log:accesses',
  'safe.opened': 'safe-access-log:accesses',
  'shard.destroyed': 'destruction-receipt:shard destruction-receipt:signatures',
  'state.assessed': 'incident-log:incident.live incident-log:incident.healthy incident-log:incident.exposed',
};

/** What the map needs to know of a step. */
export interface Writing {
  readonly log: readonly AuditAction[];
  readonly records: readonly string[];
  readonly isAct: boolean;
}

/** Every reference of a step, each once: what it names, and what its actions leave. */
export function referencesOf({ log, records, isAct }: Writing): readonly string[] {
  const own = isAct ? log.flatMap((action) => left[action]?.split(' ') ?? []) : [];
  return [...new Set([...records, ...own])];
}

/** What a step writes down, as a reader needs it: `Ceremony Log: Set id, Key check value (KCV)`. */
export function writtenText(references: readonly string[]): readonly string[] {
  const places = [...new Map(references.flatMap(placesOf).map((place) => [keyOf(place), place])).values()];
  const sections = [...new Set(places.map(({ form, section }) => `${form.id}:${section.id}`))];
  return sections.map((name) => {
    const own = places.filter(({ form, section }) => `${form.id}:${section.id}` === name);
    const [{ form, section }] = own as [PlaceOnForm];
    const isWhole = own.length === fieldsIn(section).length;
    return `${form.title}: ${isWhole ? section.title : own.map(({ field }) => field.label).join(', ')}`;
  });
}

/** Words by which a text names a form, in lower case. */
const namesOf = ({ title, also = [] }: FormDescription): readonly string[] =>
  [title, ...also].map((name) => name.toLowerCase());

/** The forms that a text names. */
export function formsNamedIn(text: string): readonly FormDescription[] {
  const words = text.toLowerCase();
  return forms.filter((form) => namesOf(form).some((name) => words.includes(name)));
}

/** The fields of a form that nobody fills in: no step, nobody whom the form names, and nothing that is known beforehand. */
export function unfilledFields(
  form: FormDescription,
  references: readonly string[],
  source: FormSource,
): readonly PlaceOnForm[] {
  const filled = new Set(references.flatMap(placesOf).map(keyOf));
  const prefill = form.prefill?.(source) ?? {};
  return form.sections.flatMap((section) => {
    const known = [prefill[section.id] ?? []].flat();
    const isKnown = (field: Field) => known.some((values) => (values[field.id] ?? '') !== '');
    return fieldsIn(section)
      .filter((field) => field.kind !== 'fixed' && section.by === undefined && field.by === undefined)
      .map((field) => ({ form, section, field }))
      .filter((place) => !filled.has(keyOf(place)) && !isKnown(place.field));
  });
}
