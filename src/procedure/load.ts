/** Reads the pages of docs/ and compiles them. The only part of this folder that touches the file system. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Deployment } from '../deployment/deployment';
import { InvalidInput, type Problem } from '../deployment/problem';
import { compilePrepared, type Procedure } from './compile';
import { compiledOnce } from './load-compiled';
import { preparePage } from './prepare';
import { fieldProblems } from './rules/check-fields';
import { ownPageProblems } from './rules/own-pages';
import { sizeOf, stateProblems } from './state-walk';
import { partialReader } from './text/load-partial';

/** Paths of all pages from the root, in a stable order; files and folders that begin with _ are partials. */
export function pageFiles(root: string): string[] {
  return readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(sep).join('/'))
    .filter((file) => /\.mdx?$/.test(file) && !file.split('/').some((part) => part.startsWith('_')))
    .sort()
    .map((file) => `docs/${file}`);
}

/** Every page and partial as it is written, by its path from the root. */
function writtenPages(root: string): Map<string, string> {
  const files = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((file) => `docs/${file.split(sep).join('/')}`)
    .filter((file) => file.endsWith('.mdx'))
    .sort();
  return new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}

/** A form is judged the same in every release. */
const release = { version: '', commit: '' };

/** Compiles every page. Throws one InvalidInput with the problems of all pages. */
export function loadProcedures(root: string, deployment: Deployment): Procedure[] {
  const read = partialReader(root);
  const compiled = compiledOnce(root, compilePrepared);
  const problems: Problem[] = [];
  const procedures: Procedure[] = [];
  for (const file of pageFiles(root)) {
    try {
      const text = readFileSync(join(root, file), 'utf8');
      procedures.push(compiled(file, preparePage(file, text, deployment, read)));
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      problems.push(...error.problems);
    }
  }
  const prefixes = new Map<string, string>();
  for (const { page, file } of procedures) {
    if (page.prefix === undefined) continue;
    const other = prefixes.get(page.prefix);
    if (other)
      problems.push({
        file,
        line: 1,
        rule: 'ID',
        message: `prefix ${page.prefix} is already used by ${other}`,
      });
    prefixes.set(page.prefix, file);
  }
  problems.push(...ownPageProblems(procedures));
  // A page that calls one which did not compile would be blamed for it.
  if (problems.length === 0) problems.push(...stateProblems(procedures, sizeOf(deployment)));
  const source = { deployment, procedures: procedures.map((each) => ({ ...each, digest: '' })), release };
  problems.push(...fieldProblems(writtenPages(root), source));
  if (problems.length > 0) throw new InvalidInput(problems);
  return procedures;
}
