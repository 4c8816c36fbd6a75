/** A filled form as data. */

export interface FilledForm {
  readonly format: 'mks-form/1';
  readonly form: string;
  /** The runbook that printed it. */
  readonly runbook: { readonly version: string; readonly commit: string; readonly page: string };
  /** Fields or rows by section; empty ones are left out. */
  readonly sections: Readonly<
    Record<string, Readonly<Record<string, string>> | readonly Readonly<Record<string, string>>[]>
  >;
}
