/** Makes the offline kit: everything that a ceremony or a recovery needs without network, the same bytes from the same sources. */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { jsonText } from '../common/json';
import { PACK } from '../print/link';
import { filesOf, writeSums } from '../ship/csp';
import { bundleSss } from '../sss/bundle';
import { commitOf } from '../tabletop/report/summary';
import { looksLikeShard } from '../tabletop/secrets/redact';
import { licenseList } from './licenses';
import { type Lock, readLock } from './lock';
import { type Part, readme } from './readme';
import { billOfMaterials, type Shipped } from './sbom';
import { packagesOfBundle, packagesOfSite, shippedIn } from './shipped';
import { signSums } from './sign';
import { checkedFiles, refuseOldPrint } from './site';

export interface KitOptions {
  /** Project folder. */
  readonly root: string;
  /** Folder of the kit; an older kit there is replaced once the new one is complete. */
  readonly out: string;
  /** Whether build/ goes into the kit. It has to be there. */
  readonly site: boolean;
  /** SSH key that signs the list of digests. */
  readonly sign?: string;
  readonly progress?: (message: string) => void;
}

export interface Kit {
  /** SHA-256 of SHA256SUMS, and so of everything: what two people compare. */
  readonly digest: string;
  readonly files: number;
  /** Parts that are not in it, with the command that makes them. */
  readonly missing: readonly { readonly part: string; readonly make: string }[];
}

function copyFolder(from: string, to: string, files: readonly string[] = filesOf(from)): void {
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(from, file), join(to, file));
  }
}

/** Nothing secret may leave with a kit, whoever put it into a folder that is copied. */
function refuseShards(folder: string): void {
  for (const file of filesOf(folder)) {
    if (looksLikeShard(readFileSync(join(folder, file), 'latin1')))
      throw new RangeError(`${file}: holds text that looks like a shard; the kit was not made`);
  }
}

/** Fills an empty folder, README.txt and digests aside. */
async function fill(options: KitOptions, folder: string, lock: Lock) {
  const { root, site, progress = () => undefined } = options;
  const parts: Part[] = [];
  const missing: { part: string; make: string }[] = [];
  progress('shard tool');
  const bundles = await bundleSss(folder);
  const held = bundles.map(({ file }) => [basename(file), packagesOfBundle(file)] as const);
  parts.push(
    { name: 'sss.cjs', what: 'the shard tool; loads the files sss-*.cjs from beside itself' },
    { name: 'recover.py', what: 'the second recovery program' },
    { name: 'sql/', what: 'the tables of the shard registry' },
    { name: 'schemas/', what: 'JSON Schemas of the audit trail, the log and the other formats' },
  );
  progress('recovery program, SQL, schemas');
  copyFileSync(join(root, 'static/recover.py'), join(folder, 'recover.py'));
  for (const name of ['sql', 'schemas']) copyFolder(join(root, 'static', name), join(folder, name));
  if (site) {
    progress('offline site');
    copyFolder(join(root, 'build'), join(folder, 'site'), checkedFiles(root, 'build'));
    held.push(['site', await packagesOfSite(root)]);
    parts.push({ name: 'site/', what: 'the runbook; open site/index.html' });
  } else missing.push({ part: 'site', make: 'npm run kit, without --no-site' });
  if (existsSync(join(root, 'print'))) {
    progress('printed edition');
    copyFolder(join(root, 'print'), join(folder, 'print'), checkedFiles(root, 'print'));
    if (site) refuseOldPrint(root);
    parts.push({ name: 'print/', what: 'the printed edition: sheets and forms' });
  } else if (site && existsSync(join(root, 'build', PACK)))
    parts.push({ name: 'site/print/', what: 'the printed edition: sheets and forms, linked from the pages' });
  else missing.push({ part: 'print', make: 'npm run print -- --link' });
  progress('bill of materials, licenses');
  const shipped: Shipped = shippedIn(held);
  writeFileSync(join(folder, 'sbom.cdx.json'), jsonText(billOfMaterials(lock, shipped)));
  writeFileSync(join(folder, 'LICENSES.txt'), licenseList(root, lock, shipped));
  parts.push(
    { name: 'LICENSES.txt', what: 'licenses of everything in the kit' },
    { name: 'sbom.cdx.json', what: 'bill of materials (CycloneDX 1.6)' },
    { name: 'KIT.json', what: 'version and commit of the sources, and what was left out' },
    { name: 'SHA256SUMS', what: 'digest of every other file' },
  );
  return { parts, missing };
}

/** Puts a complete folder in the place of the old one. */
function replace(folder: string, out: string): void {
  const old = `${out}.old.tmp`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(out)) renameSync(out, old);
  renameSync(folder, out);
  rmSync(old, { recursive: true, force: true });
}

/**
 * Makes the kit in `out`, complete or not at all.
 * @throws RangeError when `out` is something else than a kit, when build/ or print/ was changed after it was made or
 *   print/ is the older one, when a file holds something that looks like a shard, or when the key does not sign.
 */
export async function makeKit(options: KitOptions): Promise<Kit> {
  const { root, out, sign, progress = () => undefined } = options;
  if (existsSync(out) && !existsSync(join(out, 'KIT.json')))
    throw new RangeError(`${out}: exists and is no kit; nothing was changed`);
  const folder = `${out}.tmp`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    const lock = readLock(root);
    const { parts, missing } = await fill(options, folder, lock);
    const { version } = lock.packages[''] ?? {};
    const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const facts = { format: 'mks-kit/1', version, ...commitOf(root), missing };
    writeFileSync(join(folder, 'KIT.json'), jsonText(facts));
    const title = `Offline kit of the MasterKey Runbook ${version}`;
    const node = `${String(engines.node).replace('>=', '')} or later`;
    writeFileSync(join(folder, 'README.txt'), readme(title, parts, node));
    refuseShards(folder);
    progress('digests');
    writeSums(folder);
    const sums = readFileSync(join(folder, 'SHA256SUMS'));
    if (sign !== undefined) signSums(folder, sign);
    replace(folder, out);
    return { digest: createHash('sha256').update(sums).digest('hex'), files: filesOf(out).length, missing };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
