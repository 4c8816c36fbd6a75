/** What the checks of a deployment find. */

/** A broken rule and the place in the file that it is about, as a path of keys and indexes. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}
