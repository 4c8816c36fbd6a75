/** Reads `deployment.yaml` from the project's folder. The only part of this folder that touches the file system. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Deployment } from './deployment';
import { parseDeployment } from './parse';
import { InvalidInput } from './problem';

/** Largest file that is taken for a deployment: 1 MiB. */
const maximumBytes = 1 << 20;

/** Reads and checks a deployment. Throws InvalidInput with `file:line: rule: message` for whatever is wrong with it. */
export function loadDeployment(file: string): Deployment {
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
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse('is not UTF-8 text; wanted a YAML file');
  }
  return parseDeployment(text, shown);
}
