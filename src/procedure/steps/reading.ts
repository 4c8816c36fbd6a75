/** What the compiler knows while it reads a page: where every line comes from, and what was found wrong so far. */
import type { Problem } from '../../deployment/problem';
import type { Place, SourceLine } from '../text/source';

interface Positioned {
  readonly position?: { readonly start: { readonly line: number } } | undefined;
}

export class Reading {
  readonly problems: Problem[] = [];
  /** Text of every code block in reading order. */
  readonly blocks: { text: string; place: Place }[] = [];

  constructor(
    readonly file: string,
    readonly lines: readonly SourceLine[],
  ) {}

  /** Notes a problem; reading goes on, so that one run names them all. */
  report({ file, line }: Place, rule: string, message: string): void {
    this.problems.push({ file, line, rule, message });
  }

  /** 1-based line of the expanded page on which a node begins. */
  lineOf(node: Positioned): number {
    return node.position?.start.line ?? 1;
  }

  /** The place in a file that a person edits. */
  placeOf(node: Positioned): Place {
    const line = this.lines[this.lineOf(node) - 1];
    return { file: line?.file ?? this.file, line: line?.line ?? 1 };
  }
}
