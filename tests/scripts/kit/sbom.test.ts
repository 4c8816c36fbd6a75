/** The bill of materials: valid CycloneDX 1.6, the same list as npm's own, and true about what is shipped. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderOf, type Lock, nameOf, readLock, resolveIn } from '../../../scripts/kit/lock';
import { type Bom, billOfMaterials, type Component, SHIPPED_IN } from '../../../scripts/kit/sbom';
import { packagesOfBundle, packagesOfSite, shippedIn } from '../../../scripts/kit/shipped';
import { bundleSss } from '../../../scripts/sss/bundle';
import { schemaErrors } from './cyclonedx';

const root = path.resolve('.');
const scratch = mkdtempSync(path.join(tmpdir(), 'sbom '));
afterAll(() => rmSync(scratch, { recursive: true }));

const lock = readLock(root);
let bom: Bom;
beforeAll(async () => {
  const bundles = await bundleSss(scratch);
  const parts = bundles.map(({ file }) => [path.basename(file), packagesOfBundle(file)] as const);
  bom = billOfMaterials(lock, shippedIn([...parts, ['site', await packagesOfSite(root)]]));
});

const fullName = ({ group, name }: Component) => (group === undefined ? name : `${group}/${name}`);
const partsOf = ({ properties = [] }: Component) =>
  properties.filter(({ name }) => name === SHIPPED_IN).map(({ value }) => value);

describe('bill of materials', () => {
  it('keeps the schema of CycloneDX 1.6', () => {
    expect(schemaErrors(bom)).toEqual([]);
    const [first] = bom.components;
    expect(schemaErrors({ ...bom, components: [{ ...first, scope: 'shipped' }] })).not.toEqual([]);
    expect(schemaErrors({ ...bom, components: [first, first] })).not.toEqual([]);
  });

  it('lists what npm itself lists: packages, digests, licenses and dependencies', () => {
    for (const file of ['package.json', 'package-lock.json'])
      copyFileSync(path.join(root, file), path.join(scratch, file));
    const text = execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'], {
      cwd: scratch,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 26,
    });
    const theirs = JSON.parse(text) as Bom;
    const facts = ({ purl, hashes, licenses }: Component) => JSON.stringify({ purl, hashes, licenses });
    // npm 10 lists a version once for each folder that it is in.
    expect(bom.components.map(facts).sort()).toEqual([...new Set(theirs.components.map(facts))].sort());
    expect(bom.components.length).toBeGreaterThan(1000);
    // npm's references are names with versions, ours package URLs.
    const plain = (ref: string) => decodeURIComponent(ref.replace('pkg:npm/', ''));
    const edges = ({ dependencies }: Bom) => {
      const all = dependencies.flatMap(({ ref, dependsOn }) =>
        dependsOn.map((on) => `${plain(ref)} ${plain(on)}`),
      );
      return [...new Set(all)].sort();
    };
    expect(edges(bom)).toEqual(edges(theirs));
  });

  it('marks what has code in the kit, and nothing else', () => {
    const held = new Map(
      bom.components.filter((c) => c.scope === 'required').map((c) => [fullName(c), partsOf(c)]),
    );
    expect(held.get('shamir-secret-sharing')).toContain('sss.cjs');
    expect(held.get('@scure/base')).toContain('sss.cjs');
    expect(held.get('jsqr')).toEqual(['sss-scan.cjs']);
    // Pictures are read by our own code; the packages stay for tests.
    expect(held.has('pngjs')).toBe(false);
    expect(held.has('jpeg-js')).toBe(false);
    expect(held.get('preact')).toEqual(['site']);
    expect(held.get('katex')).toEqual(['site']);
    for (const name of ['esbuild', 'vitest', 'typescript', '@docusaurus/core'])
      expect(held.has(name)).toBe(false);
    for (const component of bom.components)
      expect(partsOf(component).length > 0, component.purl).toBe(component.scope === 'required');
  });

  it('depends on nothing but the lock and what is shipped', () => {
    const shipped = new Map([['node_modules/zod', ['site']]]);
    const [one, two] = [billOfMaterials(lock, shipped), billOfMaterials(readLock(root), shipped)];
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
    expect(billOfMaterials(lock, new Map()).serialNumber).not.toBe(one.serialNumber);
  });
});

describe('the lock', () => {
  const small = (packages: Lock['packages']): Lock => ({
    lockfileVersion: 3,
    packages: { '': { name: 'p', version: '1.0.0' }, ...packages },
  });

  it('finds a package as Node does: the nearest folder first', () => {
    const nested = small({
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0' },
      'node_modules/a/node_modules/b': { version: '1.0.0' },
    });
    expect(resolveIn(nested, 'node_modules/a', 'b')).toBe('node_modules/a/node_modules/b');
    expect(resolveIn(nested, 'node_modules/b', 'a')).toBe('node_modules/a');
    expect(resolveIn(nested, '', 'c')).toBeUndefined();
    expect(nameOf('node_modules/a/node_modules/@s/b')).toBe('@s/b');
    expect(folderOf('node_modules/a/node_modules/@s/b/lib/x.js')).toBe('node_modules/a/node_modules/@s/b');
    expect(folderOf('scripts/sss/main.ts')).toBeUndefined();
  });

  it('counts a version once, and as shipped when one of its folders is', () => {
    const twice = small({
      'node_modules/b': { version: '1.0.0' },
      'node_modules/a/node_modules/b': { version: '1.0.0' },
    });
    const { components } = billOfMaterials(twice, new Map([['node_modules/b', ['sss.cjs']]]));
    expect(components.map(({ scope }) => scope)).toEqual(['required']);
  });

  it('is refused with an unknown digest, without a version, or when it does not hold what is shipped', () => {
    const bill = (packages: Lock['packages'], folder = 'node_modules/a') =>
      billOfMaterials(small(packages), new Map([[folder, ['site']]]));
    expect(() => bill({ 'node_modules/a': { version: '1.0.0', integrity: 'md5-aaaa' } })).toThrow(
      'unknown integrity',
    );
    expect(() => bill({ 'node_modules/a': {} })).toThrow('expected name and version');
    expect(() => bill({}, 'node_modules/zzz')).toThrow(
      'node_modules/zzz is shipped, but not in package-lock.json',
    );
  });
});
