/**
 * Which files a change can break: those that import a changed file, or name it or its folder as a path of the project, and
 * those that depend on them in turn. Rather too many than too few: a test that starts a script or reads pages names them.
 */
import { posix } from 'node:path';

const code = /\.(?:ts|tsx|mjs|cjs|js)$/;
/** What every test depends on. */
const everything = [
  /^package(-lock)?\.json$/,
  /^tsconfig\.json$/,
  /^tests\/vitest\.config\.ts$/,
  /^tests\/costs\.ts$/,
];

/** Runs of string literals that stand beside one another, as in `join(root, 'tests', 'fixtures')`. */
const literals = /(['"`])((?:\\.|(?!\1)[^\\\n])*)\1(?:,\s*(?=['"`]))?/g;

/** The literals of a text, in runs. Of a template what stands before its first value. */
function runsOf(text: string): string[][] {
  const runs: string[][] = [];
  let end = -1;
  for (const match of text.matchAll(literals)) {
    const words = (match[2] ?? '').replace(/\$\{[\s\S]*$/, '');
    if (match.index === end) runs.at(-1)?.push(words);
    else runs.push([words]);
    end = match[0].endsWith(match[1] ?? '') ? -1 : match.index + match[0].length;
  }
  return runs;
}

/** A project's files, and what each of its sources depends on. */
class Project {
  private readonly files: ReadonlySet<string>;
  private readonly folders = new Set<string>();

  constructor(files: readonly string[]) {
    this.files = new Set(files);
    for (const file of files)
      for (let folder = posix.dirname(file); folder !== '.'; folder = posix.dirname(folder))
        this.folders.add(folder);
  }

  private known(path: string): string | undefined {
    return this.files.has(path) || this.folders.has(path) ? path : undefined;
  }

  /** The file or folder that a path of a source names: from the root, from the source, or as a module. */
  private named(source: string, text: string): string | undefined {
    const path = text.replace(/^@site\//, '').replace(/\/+$/, '');
    if (path === '' || /[\s*]/.test(path)) return undefined;
    const near = posix.normalize(posix.join(posix.dirname(source), path));
    if (path.startsWith('.'))
      for (const end of ['', '.ts', '.tsx', '.mjs', '.cjs', '/index.ts', '/index.tsx'])
        if (this.files.has(`${near}${end}`)) return `${near}${end}`;
    const fromRoot = posix.normalize(path).replace(/^(?:\.\.\/)+/, '');
    for (const end of ['', '.ts', '.tsx'])
      if (this.files.has(`${fromRoot}${end}`)) return `${fromRoot}${end}`;
    return this.known(fromRoot) ?? (path.startsWith('.') ? this.known(near) : undefined);
  }

  /** What a source names. Of a run of literals the longest path that there is. */
  dependencies(source: string, text: string): string[] {
    return runsOf(text).flatMap((run) => {
      const found: string[] = [];
      for (let at = 0; at < run.length; ) {
        let length = run.length - at;
        let path: string | undefined;
        for (; length > 0; length--) {
          path = this.named(source, run.slice(at, at + length).join('/'));
          if (path !== undefined) break;
        }
        if (path !== undefined) found.push(path);
        at += Math.max(length, 1);
      }
      return found;
    });
  }
}

/**
 * The files that a change can break, the changed ones included.
 * @param files All files of the project, from its root.
 * @param read The text of a source.
 * @param changed Files that were changed, added or removed.
 */
export function affectedBy(
  files: readonly string[],
  read: (file: string) => string,
  changed: readonly string[],
): ReadonlySet<string> {
  if (changed.some((file) => everything.some((pattern) => pattern.test(file)))) return new Set(files);
  const project = new Project([...files, ...changed]);
  const dependents = new Map<string, string[]>();
  for (const file of files.filter((name) => code.test(name)))
    for (const on of project.dependencies(file, read(file)))
      dependents.set(on, [...(dependents.get(on) ?? []), file]);
  const affected = new Set<string>();
  const queue = [...changed];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (affected.has(file)) continue;
    affected.add(file);
    // A source that is affected without being changed is not new to whoever reads its folder.
    const around = changed.includes(file) ? foldersOf(file) : [];
    for (const name of [file, ...around]) queue.push(...(dependents.get(name) ?? []));
  }
  return affected;
}

function foldersOf(file: string): string[] {
  const folder = posix.dirname(file);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}

/** What is built by Docusaurus, which finds it by its place. */
const ofSite =
  /^(?:docs|static|src\/(?:theme|pages|css|client|components))\/|^(?:docusaurus\.config|sidebars)\.ts$|^deployment\.yaml$/;

/** Suites of `npm test`, and of those that have files, which. */
export interface Selection {
  readonly suites: ReadonlySet<string>;
  /** Files of tests, from the root, of the suites `unit`, `site` and `adoption`; of a suite that is not here, all. */
  readonly tests: Readonly<Record<string, readonly string[]>>;
}

/** The suites, and the files of tests, that a change can break. */
export function selectionOf(changed: readonly string[], affected: ReadonlySet<string>): Selection {
  const suites = new Set<string>();
  const any = (pattern: RegExp) => changed.some((file) => pattern.test(file));
  if (any(/\.(?:tsx?|json)$/)) suites.add('types');
  if (any(/\.(?:tsx?|m?js|cjs|json|css)$/)) suites.add('lint');
  if (any(/\.mdx?$/)) suites.add('markdown');
  const hit = [...affected];
  const tests = hit.filter((file) => /^tests\/.*\.test\.tsx?$/.test(file)).sort();
  const of = (suite: string) => tests.filter((file) => file.startsWith(`tests/${suite}/`));
  const apart = new Set(['site', 'adoption', 'commands'].flatMap(of));
  const unit = tests.filter((file) => !apart.has(file));
  if (unit.length > 0) suites.add('unit');
  if (affected.has('scripts/tabletop/main.ts') || any(/^deployment\.yaml$|^tests\/fixtures\/tabletop\//))
    suites.add('drill');
  const built = affected.has('scripts/build.ts') || hit.some((file) => ofSite.test(file));
  if (built) suites.add('build');
  if (built || of('site').length > 0) suites.add('site');
  if (of('adoption').length > 0) suites.add('adoption');
  return { suites, tests: { unit, adoption: of('adoption'), ...(built ? {} : { site: of('site') }) } };
}
