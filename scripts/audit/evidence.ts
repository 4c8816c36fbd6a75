/** `npm run evidence`: one archive for the assessor. The same commit and the same results give the same bytes. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { looksLikeShard } from '../tabletop/redact';
import { resultsSchema } from '../tabletop/results';
import { exportsOf, proceduresOf } from './exports';
import { tarOf } from './ustar';

/** Parts that other commands make, and what makes them. */
const PARTS = [
  { folder: 'reports/tabletop', as: 'tabletop', make: 'npm run tabletop' },
  { folder: 'print', as: 'print', make: 'npm run print' },
  { folder: 'static/schemas', as: 'schemas', make: 'the repository' },
] as const;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const utf8 = (text: string) => new TextEncoder().encode(text);

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

export interface EvidencePack {
  readonly name: string;
  readonly bytes: Buffer;
  /** Parts that are not in the pack, with the command that makes them. */
  readonly missing: readonly { readonly part: string; readonly make: string }[];
}

/**
 * Collects the pack of a project folder.
 * @throws RangeError when a file holds something that looks like a shard; the message names the file and nothing of it.
 */
export function evidencePack(root: string): EvidencePack {
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim();
  const commit = git('rev-parse', 'HEAD');
  const files = new Map<string, Uint8Array>();
  files.set('deployment.yaml', readFileSync(path.join(root, 'deployment.yaml')));
  const procedures = proceduresOf(root);
  for (const { file, lines } of procedures) {
    files.set(file.replace(/^docs/, 'runbook'), utf8(`${lines.map((line) => line.text).join('\n')}\n`));
  }
  const drill = path.join(root, 'reports/tabletop/results.json');
  const results = existsSync(drill)
    ? resultsSchema.parse(JSON.parse(readFileSync(drill, 'utf8')))
    : undefined;
  for (const [name, text] of exportsOf(root, procedures, results)) {
    files.set(name.startsWith('procedure-') ? `procedures/${name}` : name, utf8(text));
  }
  for (const { folder, as } of PARTS) {
    for (const name of filesIn(path.join(root, folder))) {
      files.set(`${as}/${name}`, readFileSync(path.join(root, folder, name)));
    }
  }
  const missing = PARTS.filter(({ as }) => ![...files.keys()].some((name) => name.startsWith(`${as}/`))).map(
    ({ as, make }) => ({ part: as, make }),
  );
  const dirty = git('status', '--porcelain', '--untracked-files=no') !== '';
  const manifest = {
    format: 'mks-evidence/1',
    commit,
    dirty,
    drill: results ? { commit: results.commit, kind: results.kind, ...results.totals } : null,
    missing,
  };
  files.set('MANIFEST.json', utf8(`${JSON.stringify(manifest, null, 2)}\n`));
  for (const [name, bytes] of files) {
    if (looksLikeShard(Buffer.from(bytes).toString('latin1'))) {
      throw new RangeError(`${name}: holds text that looks like a shard; the pack was not made`);
    }
  }
  const names = [...files.keys()].sort((a, b) => (a < b ? -1 : 1));
  const sums = names.map((name) => `${sha256(files.get(name) ?? new Uint8Array())}  ${name}\n`);
  files.set('SHA256SUMS', utf8(sums.join('')));
  const seconds = Number(git('show', '-s', '--format=%ct', 'HEAD'));
  const name = `masterkey-evidence-${commit.slice(0, 12)}${dirty ? '-dirty' : ''}.tar`;
  return { name, bytes: tarOf(files, seconds), missing };
}

if (process.argv[1] === __filename) {
  const root = path.resolve(__dirname, '../..');
  const folder = path.join(root, 'reports/evidence');
  try {
    const { name, bytes, missing } = evidencePack(root);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, name), bytes);
    console.log(`reports/evidence/${name}: ${(bytes.length / 1e6).toFixed(1)} MB, SHA-256 ${sha256(bytes)}`);
    for (const { part, make } of missing) console.log(`not in it: ${part} (made by ${make})`);
  } catch (error) {
    console.error(`evidence: error: ${error instanceof Error ? error.message : 'unknown'}`);
    process.exitCode = 1;
  }
}
