/**
 * Step ids that have been issued, by file, as they are written there: `tests/fixtures/issued-steps.json`, and a record of
 * its own for the adopter's own pages. An id is never lost in silence: logs and controls point at it. `npm run generate`
 * adds the new ones.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInput, type Problem } from '../../../src/deployment/problem';
import { ownPages } from '../../../src/procedure/rules/own-pages';
import type { ReadPartial } from '../../../src/procedure/text/source';

const recordFile = 'tests/fixtures/issued-steps.json';
const ownRecordFile = `${ownPages}issued-steps.json`;

const recordOf = (file: string): string => (file.startsWith(ownPages) ? ownRecordFile : recordFile);

export type IssuedSteps = Readonly<Record<string, readonly string[]>>;

/** Ids of the steps of a page or partial, as they are written; twice where either branch of a <When> has one. */
export function writtenIds(text: string): string[] {
  return [...text.matchAll(/<Step\s+id="([^"]+)"/g)].map(([, id = '']) => id);
}

/** The records of a project; a project without one has issued nothing. */
export function readIssued(root: string): IssuedSteps {
  const records = [recordFile, ownRecordFile].map((name) => join(root, name)).filter(existsSync);
  return Object.assign({}, ...records.map((file) => JSON.parse(readFileSync(file, 'utf8')) as IssuedSteps));
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
        const message = `step ${id} is gone; wanted it, or its id under "retired" (of a partial: taken out of ${recordOf(file)})`;
        return { file, line: 1, rule: 'ID', message };
      });
  });
}

/** Throws InvalidInput when a step of the record is gone. */
export function checkIssued(root: string, read: ReadPartial): void {
  const lost = lostSteps(readIssued(root), read);
  if (lost.length > 0) throw new InvalidInput(lost);
}

/** The records as they must be after steps were added: path and text. */
export function issuedRecords(root: string): [string, string][] {
  const files = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.mdx'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .sort();
  const ids = files.map((file) => [file, writtenIds(readFileSync(join(root, file), 'utf8'))] as const);
  const issued = ids.filter(([, found]) => found.length > 0);
  return [recordFile, ownRecordFile].flatMap((record): [string, string][] => {
    const kept = issued.filter(([file]) => recordOf(file) === record);
    return kept.length === 0 ? [] : [[record, `${JSON.stringify(Object.fromEntries(kept), null, 1)}\n`]];
  });
}
