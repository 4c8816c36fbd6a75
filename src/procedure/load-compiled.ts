/**
 * Compiles a page once: nine tenths of the time of a build, a drill or a test go into the Markdown parser. What came out is
 * kept below node_modules/.cache under a digest of all that it depends on: the expanded page, the code of the domains and
 * the lock file. A page that does not compile is kept nowhere.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Procedure } from './compile';
import { keep, keptFolder } from './load-kept';
import type { PreparedPage } from './prepare';

type Compile = (file: string, page: PreparedPage) => Procedure;

/** What of a Procedure is not in the expanded page already. */
type Kept = Pick<Procedure, 'steps' | 'blocks' | 'refusals'>;

/** What the compiler is made of, from this project's root. */
const code = ['src/procedure', 'src/deployment', 'src/audit', 'package-lock.json'];

let known: string | undefined;

/** SHA-256 over the compiler, as far as a page depends on it; the same for the life of a process. */
function codeDigest(): string {
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  const project = join(__dirname, '../..');
  for (const part of code) {
    const files = part.endsWith('.json')
      ? [part]
      : readdirSync(join(project, part), { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.ts'))
          .sort()
          .map((name) => join(part, name));
    for (const file of files) {
      const bytes = readFileSync(join(project, file));
      hash.update(`${file}\0${bytes.length}\0`).update(bytes);
    }
  }
  known = hash.digest('hex');
  return known;
}

function readKept(file: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch {
    return undefined;
  }
}

/**
 * A compiler for the pages of a project that remembers what it has compiled. Where the project has no node_modules, or none
 * that can be written to, it compiles every time.
 */
export function compiledOnce(root: string, compile: Compile): Compile {
  const modules = join(root, 'node_modules');
  if (!existsSync(modules)) return compile;
  let folder: string;
  try {
    const parent = join(modules, '.cache', 'masterkey-runbook', 'compiled');
    folder = keptFolder(parent, codeDigest().slice(0, 32));
  } catch {
    return compile;
  }
  return (file, prepared) => {
    const key = createHash('sha256')
      .update(JSON.stringify([file, prepared]))
      .digest('hex');
    const path = join(folder, `${key}.json`);
    const kept = readKept(path);
    const { lines, page, applies } = prepared;
    if (kept) return { file, page, applies, lines, ...kept };
    const made = compile(file, prepared);
    const { steps, blocks, refusals } = made;
    keep(path, JSON.stringify({ steps, blocks, refusals } satisfies Kept));
    return made;
  };
}
