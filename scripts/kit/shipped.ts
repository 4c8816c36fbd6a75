/** Which packages have code in the kit: read from what the bundlers put there, not from a list that somebody keeps. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { islandFiles, runtime } from '../ship/islands';
import { folderOf } from './lock';

/** The site carries no code of these, but pages that they wrote: markup, drawings, formulas. */
const WROTE_PAGES = ['@docusaurus/theme-classic', 'katex', 'mermaid'];

/** Packages of bundles that esbuild wrote with the path of each source as a comment before it. */
export function packagesOfBundle(file: string): string[] {
  const sources = readFileSync(file, 'utf8').matchAll(/^\s*\/\/ (node_modules\/\S+)$/gm);
  return [...new Set([...sources].flatMap(([, source = '']) => folderOf(source) ?? []))];
}

/** Packages with code in the scripts and style sheets of the pages; follows the same entry points as the build. */
export async function packagesOfSite(root: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      'src/client/page.ts',
      'src/client/react.tsx',
      'src/css/math.css',
      'src/components/AuditVerifier/worker.ts',
      ...Object.values(islandFiles).map((file) => join('src/components', file)),
    ],
    outdir: join(root, 'unwritten'),
    write: false,
    bundle: true,
    metafile: true,
    format: 'iife',
    jsx: 'automatic',
    alias: runtime(root),
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.woff2': 'empty', '.woff': 'empty', '.ttf': 'empty' },
    preserveSymlinks: true,
    logLevel: 'silent',
  });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? file : [])),
  );
  const found = used.flatMap((file) => folderOf(file) ?? []);
  return [...new Set([...found, ...WROTE_PAGES.map((name) => `node_modules/${name}`)])];
}

/** Collects, for each package, the parts of the kit in which it is. */
export function shippedIn(parts: Iterable<readonly [string, readonly string[]]>): Map<string, string[]> {
  const shipped = new Map<string, string[]>();
  for (const [part, folders] of parts)
    for (const folder of folders) shipped.set(folder, [...(shipped.get(folder) ?? []), part]);
  return shipped;
}
