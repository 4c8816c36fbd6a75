/** How a form is described: sections of fields, or of rows with the same columns. One description gives page, sheet and schema. */
import type { Deployment } from '../../deployment/deployment';

/** What stands in a field; it decides the blank on paper and what an export accepts. */
export type FieldKind =
  | 'text'
  | 'long'
  | 'date'
  | 'time'
  | 'number'
  | 'hex'
  | 'serial'
  | 'initials'
  | 'choice'
  | 'tick'
  | 'signature'
  /** Known before, printed as it is, never edited. */
  | 'fixed';

export interface Field {
  readonly id: string;
  readonly label: string;
  readonly kind: FieldKind;
  /** Characters: boxes on paper for hex, serial, date, time and initials; the most that fits for the others. */
  readonly size?: number;
  readonly choices?: readonly string[];
  /** A number that may be below zero. */
  readonly signed?: true;
  /** Field of the same section or row that comes before this one in time. */
  readonly after?: string;
  /** The two fields that say on which days `after` and this one are, if on different ones. */
  readonly days?: readonly [before: string, after: string];
  /** Field of the same section or row with the largest number that this one may be. */
  readonly most?: string;
  /** Spell the hexadecimal digits as words as well, so that they can be read aloud. */
  readonly words?: true;
  /** Who fills it in and when, where no step does. */
  readonly by?: string;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  /** What to write, in a sentence or two. */
  readonly text?: string;
  /** Who fills in all of it and when, where no step does. */
  readonly by?: string;
  readonly fields?: readonly Field[];
  readonly rows?: {
    readonly columns: readonly Field[];
    /** Blank rows beside those that are known already. */
    readonly blank: number;
  };
}

/** A procedure as far as a form is concerned. */
export interface FormProcedure {
  readonly file: string;
  readonly digest: string;
  readonly steps: readonly { readonly id: string; readonly text: string }[];
}

/** What a form can be filled with before anybody writes: values of fields, and rows, by section. */
export interface FormSource {
  readonly deployment: Deployment;
  readonly procedures: readonly FormProcedure[];
  readonly release: { readonly version: string; readonly commit: string };
}

export type Values = Readonly<Record<string, string>>;
export type Prefill = Readonly<Record<string, Values | readonly Values[]>>;

export interface FormDescription {
  readonly id: string;
  readonly title: string;
  /** Other words by which steps name it. */
  readonly also?: readonly string[];
  readonly sections: readonly Section[];
  /** Source of the page whose run fills the steps of the form. */
  readonly follows?: string;
  readonly prefill?: (source: FormSource) => Prefill;
}

/** Characters that a field takes at most. */
export function sizeOf({ kind, size }: Field): number {
  if (size !== undefined) return size;
  const usual = { long: 500, date: 10, time: 5, number: 6, hex: 8, serial: 10, initials: 4, fixed: 300 };
  return kind in usual ? usual[kind as keyof typeof usual] : 120;
}

/** A day of the calendar: a month has the days that it has, and 29 February is in leap years. */
const DAY =
  '(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))' +
  '|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)';

/** Regular expression that a filled field matches as a whole; undefined for free text. */
export function patternOf(field: Field): string | undefined {
  const size = sizeOf(field);
  switch (field.kind) {
    case 'date':
      return DAY;
    case 'time':
      return '([01][0-9]|2[0-3]):[0-5][0-9]';
    case 'number':
      return field.signed ? `-?[0-9]{1,${size - 1}}` : `[0-9]{1,${size}}`;
    case 'hex':
      return `[0-9a-f]{${size}}`;
    case 'serial':
      return `[0-9A-Z\\-]{1,${size}}`;
    default:
      return undefined;
  }
}

/** Fields for digests of public things: only they may hold what has the shape of a key. */
export function isDigest(field: Field): boolean {
  return sizeOf(field) === 64 && (field.kind === 'hex' || field.kind === 'text');
}

/** Name of a person as the deployment has it, then the id. */
export function personCell(deployment: Deployment, id: string): string {
  return deployment.people.find((person) => person.id === id)?.name ?? id;
}
