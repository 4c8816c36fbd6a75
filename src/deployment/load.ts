/** Reads the files that an adopter writes from the project's folder. The only part of this folder that touches the file system. */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Approval, approvalsFile, parseApprovals } from './approvals';
import { dependenceWarnings } from './dependence';
import type { Deployment } from './deployment';
import { fictionalWarning } from './fictional';
import { parseDeployment } from './parse';
import { InvalidInput } from './problem';
import { unknownRegions } from './unknown-regions';
import { readYaml } from './yaml';

/** Largest file that is taken: 1 MiB. */
const maximumBytes = 1 << 20;

/** The text of a file that somebody wrote, with its name for messages. Throws InvalidInput where it is none, or too long. */
export function readWritten(file: string): { text: string; shown: string } {
  const shown = relative(process.cwd(), file) || file;
  const refuse = (message: string) => new InvalidInput([{ file: shown, line: 1, rule: 'FILE', message }]);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw refuse(`cannot be read (${code}); wanted a YAML file`);
  }
  if (bytes.length > maximumBytes) throw refuse(`has ${bytes.length} bytes; wanted at most ${maximumBytes}`);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), shown };
  } catch {
    throw refuse('is not UTF-8 text; wanted a YAML file');
  }
}

/** Reads and checks a deployment. Throws InvalidInput with `file:line: rule: message` for whatever is wrong with it. */
export function loadDeployment(file: string): Deployment {
  const { text, shown } = readWritten(file);
  return parseDeployment(text, shown);
}

/** The approvals of a project; none without the file. Throws InvalidInput with `file:line: rule: message`. */
export function loadApprovals(root: string): Approval[] {
  const file = join(root, approvalsFile);
  return existsSync(file) ? parseApprovals(readWritten(file).text, approvalsFile) : [];
}

/** Where things stand in a deployment's file, for warnings about it. */
function placesOf(file: string) {
  const { text, shown } = readWritten(file);
  return { shown, lineOf: readYaml(text, shown).lineOf };
}

/** One line about what of a deployment's file is made up; undefined where nothing is. */
export function readFictionalWarning(file: string, deployment: Deployment): string | undefined {
  return fictionalWarning(deployment, placesOf(file).lineOf);
}

/** What of a deployment's file is no broken rule and should be looked at, as `file:line: rule: message`. */
export function readWarnings(file: string, deployment: Deployment): string[] {
  const { shown, lineOf } = placesOf(file);
  return [...unknownRegions(deployment), ...dependenceWarnings(deployment)].map(
    ({ rule, path, message }) => `${shown}:${lineOf(path)}: ${rule}: ${message}`,
  );
}
