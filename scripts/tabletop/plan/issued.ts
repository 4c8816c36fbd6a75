/**
 * Step ids that have been issued: `tests/fixtures/issued-steps.json`, by file, as they are written there. An id is never
 * lost in silence: logs and controls point at it. `npm run generate` adds the new ones.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInput, type Problem } from '../../../src/deployment/problem';
import type { ReadPartial } from '../../../src/procedure/text/source';

const recordFile = 'tests/fixtures/issued-steps.json';

export type IssuedSteps = Readonly<Record<string, readonly string[]>>;

/** Ids of the steps of a page or partial, as they are written; twice where either branch of a <When> has one. */
export function writtenIds(text: string): string[] {
  return [...text.matchAll(/<Step\s+id="([^"]+)"/g)].map(([, id = '']) => id);
}

/** The record of a project; a project without one has issued nothing. */
export function readIssued(root: string): IssuedSteps {
  const file = join(root, recordFile);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as IssuedSteps) : {};
}

/** Ids that were issued and that no text has any more. A page lists them as retired; a file that is gone has gone as a whole. */
export function lostSteps(issued: IssuedSteps, read: ReadPartial): Problem[] {
  return Object.entries(issued).flatMap(([file, ids]) => {
    const text = read(file);
    if (text === undefined) return [];
    const written = writtenIds(text);
    const times = (id: string, list: readonly string[]) => list.filter((each) => each === id).length;
    const retired = /^retired:(.*(?:\n\s+-.*)*)/m.exec(text)?.[1] ?? '';
    return [...new Set(ids)]
      .filter((id) => times(id, written) < times(id, ids) && !retired.includes(id))
      .map((id) => {
        const message = `step ${id} is gone; wanted it, or its id under "retired" (of a partial: taken out of ${recordFile})`;
        return { file, line: 1, rule: 'ID', message };
      });
  });
}

/** Throws InvalidInput when a step of the record is gone. */
export function checkIssued(root: string, read: ReadPartial): void {
  const lost = lostSteps(readIssued(root), read);
  if (lost.length > 0) throw new InvalidInput(lost);
}

/** The record as it must be after steps were added: its path and text. */
export function issuedRecord(root: string): [string, string] {
  const files = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.mdx'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .sort();
  const ids = files.map((file) => [file, writtenIds(readFileSync(join(root, file), 'utf8'))] as const);
  const record = Object.fromEntries(ids.filter(([, found]) => found.length > 0));
  return [recordFile, `${JSON.stringify(record, null, 1)}\n`];
}
