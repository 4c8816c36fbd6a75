/** The software bill of materials of the kit, from package-lock.json: CycloneDX 1.6 (ECMA-424), the same bytes for the same lock. */
import { createHash } from 'node:crypto';
import { type Lock, type LockEntry, nameOf, resolveIn } from './lock';

/** Where code of a package is shipped: the folder of the lock → parts of the kit, such as `sss.cjs` or `site`. */
export type Shipped = ReadonlyMap<string, readonly string[]>;

/** Property that names the parts of the kit in which code of a component is. */
export const SHIPPED_IN = 'masterkey-runbook:shipped-in';

/** CycloneDX' names of the digests that npm writes. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

/** A license as CycloneDX names it. */
export type License = { license: { id: string } | { name: string } } | { expression: string };

export interface Component {
  type: 'library' | 'application' | 'operating-system';
  'bom-ref': string;
  group?: string;
  name: string;
  version: string;
  description?: string;
  scope?: 'required' | 'excluded';
  hashes?: { alg: string; content: string }[];
  licenses?: License[];
  purl: string;
  externalReferences?: { type: string; url: string; comment: string }[];
  properties?: { name: string; value: string }[];
}

export interface Bom {
  $schema: string;
  bomFormat: 'CycloneDX';
  specVersion: '1.6';
  serialNumber: string;
  version: 1;
  metadata: { lifecycles: { phase: string }[]; component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** Package URL of an npm package (ECMA-427): `pkg:npm/%40scope/name@version`. */
function purl(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;
}

function hashes(integrity: string, folder: string): { alg: string; content: string }[] {
  return integrity.split(/\s+/).map((digest) => {
    const [, kind = '', base64 = ''] = /^(\w+)-([A-Za-z0-9+/]+=*)$/.exec(digest) ?? [];
    const alg = ALGORITHMS[kind];
    if (alg === undefined)
      throw new RangeError(`package-lock.json: ${folder}: unknown integrity "${digest}"`);
    return { alg, content: Buffer.from(base64, 'base64').toString('hex') };
  });
}

function licenses(text: string): License[] {
  if (/\s(?:AND|OR|WITH)\s/.test(text)) return [{ expression: text }];
  return [{ license: /^[A-Za-z0-9.+-]+$/.test(text) ? { id: text } : { name: text } }];
}

function component(folder: string, entry: LockEntry, parts: readonly string[]): Component {
  const name = entry.name ?? (folder === '' ? '' : nameOf(folder));
  const { version } = entry;
  if (name === '' || version === undefined)
    throw new RangeError(`package-lock.json: ${folder || 'the project'}: expected name and version`);
  const [group, base] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const ref = purl(name, version);
  const properties = parts.map((value) => ({ name: SHIPPED_IN, value }));
  if (entry.dev) properties.push({ name: 'cdx:npm:package:development', value: 'true' });
  return {
    type: folder === '' ? 'application' : 'library',
    'bom-ref': ref,
    ...(group === undefined ? {} : { group }),
    name: base ?? name,
    version,
    // "excluded": used to build and test, not part of what is shipped.
    ...(folder === '' ? {} : { scope: parts.length > 0 ? 'required' : 'excluded' }),
    ...(entry.integrity === undefined ? {} : { hashes: hashes(entry.integrity, folder) }),
    // As npm has it: "SEE LICENSE IN …" names a file of the package, and no license.
    ...(entry.license === undefined || entry.license.startsWith('SEE LICENSE IN ')
      ? {}
      : { licenses: licenses(entry.license) }),
    purl: ref,
    ...(properties.length > 0 ? { properties } : {}),
  };
}

const byRef = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Version 8 UUID (RFC 9562 §5.8) from a digest: the same bill has the same number, another bill another. */
function serialNumber(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The bill of `own`, with its components and what each needs, by reference; sorted, and numbered by what it says. */
export function bomOf(
  own: Component,
  components: readonly Component[],
  needs: ReadonlyMap<string, Iterable<string>>,
): Bom {
  const body = {
    metadata: { lifecycles: [{ phase: 'build' }], component: own },
    components: [...components].sort((a, b) => byRef(a['bom-ref'], b['bom-ref'])),
    dependencies: [...needs]
      .sort(([a], [b]) => byRef(a, b))
      .map(([ref, on]) => ({ ref, dependsOn: [...on].sort(byRef) })),
  };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialNumber(JSON.stringify(body)),
    version: 1,
    ...body,
  };
}

/**
 * Lists every locked package once, with its license and digests, and what it depends on. A package whose code is in the
 * kit has the scope "required" and says in which part; all others are "excluded" (they build and test).
 * @throws RangeError when something shipped is not locked, or when an entry has no version or an unknown digest.
 */
export function billOfMaterials(lock: Lock, shipped: Shipped): Bom {
  for (const folder of shipped.keys())
    if (!(folder in lock.packages))
      throw new RangeError(`${folder} is shipped, but not in package-lock.json`);
  const components = new Map<string, Component>();
  const needs = new Map<string, Set<string>>();
  const refOf = (folder: string) => component(folder, lock.packages[folder] ?? {}, [])['bom-ref'];
  // One version can be locked in several folders; it is shipped if one of them is.
  const folders = Object.keys(lock.packages).sort((a, b) =>
    shipped.has(a) === shipped.has(b) ? byRef(a, b) : shipped.has(a) ? -1 : 1,
  );
  for (const folder of folders) {
    const entry = lock.packages[folder] ?? {};
    const made = component(folder, entry, [...(shipped.get(folder) ?? [])].sort());
    const ref = made['bom-ref'];
    if (!components.has(ref)) components.set(ref, made);
    const on = needs.get(ref) ?? new Set<string>();
    const names = Object.keys({
      ...entry.dependencies,
      ...(folder === '' ? entry.devDependencies : {}),
      ...entry.optionalDependencies,
      ...entry.peerDependencies,
    });
    for (const name of names) {
      const found = resolveIn(lock, folder, name);
      if (found !== undefined) on.add(refOf(found));
    }
    needs.set(ref, on);
  }
  const own = refOf('');
  const project = components.get(own);
  if (project === undefined) throw new RangeError('package-lock.json: the project itself is missing');
  components.delete(own);
  return bomOf(project, [...components.values()], needs);
}
