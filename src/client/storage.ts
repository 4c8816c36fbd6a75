/** Small settings of the reader. Storage may be forbidden or full; nothing depends on it. Never holds a secret. */

const prefix = 'runbook.';

/** Reads a setting; undefined when there is none or no storage. */
export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(prefix + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Writes a setting, or removes it with undefined. */
export function remember(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, value);
  } catch {
    // Private windows and full disks refuse; the page works without.
  }
}
