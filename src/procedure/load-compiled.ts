/**
 * Compiles a page once: nine tenths of the time of a build, a drill or a test go into the Markdown parser. What came out is
 * kept below node_modules/.cache under a digest of all that it depends on: the expanded page, the code of the domains and
 * the lock file. A page that does not compile is kept nowhere.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Procedure } from './compile';
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

/** The folder for what this version of the code compiles; what other versions left is removed. */
function folderFor(parent: string): string {
  const name = codeDigest().slice(0, 32);
  const folder = join(parent, name);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    for (const other of readdirSync(parent))
      if (other !== name) rmSync(join(parent, other), { recursive: true, force: true });
  }
  return folder;
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
    folder = folderFor(join(modules, '.cache', 'masterkey-runbook', 'compiled'));
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
    const draft = `${path}.${process.pid}`;
    try {
      const { steps, blocks, refusals } = made;
      writeFileSync(draft, JSON.stringify({ steps, blocks, refusals } satisfies Kept));
      renameSync(draft, path);
    } catch {
      rmSync(draft, { force: true });
    }
    return made;
  };
}
