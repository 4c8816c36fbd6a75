/** The draft of a form in this browser's storage, which may refuse it, and the draft that an earlier release left. */

export class FormDraft {
  private readonly key: string;
  /** Whether the storage holds the form as it is now. */
  isSafe = true;

  constructor(form: string) {
    this.key = `runbook.form:${form}`;
  }

  /** What is kept; undefined when nothing is, or the storage is blocked. */
  load(): string | undefined {
    return this.read(this.key);
  }

  /** @returns whether the storage took it. */
  save(text: string): boolean {
    try {
      localStorage.setItem(this.key, text);
      this.isSafe = true;
    } catch {
      this.isSafe = false;
    }
    return this.isSafe;
  }

  /** Forgets the draft, and the one of an earlier release. */
  clear(): void {
    for (const key of [this.key, this.olderKey]) {
      try {
        localStorage.removeItem(key);
      } catch {
        // Blocked storage holds nothing.
      }
    }
    this.isSafe = true;
  }

  /** Whether another tab changed this draft, or the whole storage. */
  isOf({ key }: StorageEvent): boolean {
    return key === this.key || key === null;
  }

  /** A draft that does not fit this release of the form stays until the form is cleared. */
  setAside(text: string): void {
    try {
      localStorage.setItem(this.olderKey, text);
    } catch {
      // Full: the draft still stands under its own key until something is typed.
    }
  }

  older(): string | undefined {
    return this.read(this.olderKey);
  }

  private get olderKey(): string {
    return `${this.key}:older`;
  }

  private read(key: string): string | undefined {
    try {
      return localStorage.getItem(key) ?? undefined;
    } catch {
      return undefined;
    }
  }
}
