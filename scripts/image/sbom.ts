/** The bill of materials of the image, out of its lock: CycloneDX 1.6 as that of the kit, the same bytes for the same lock and image. Pure. */
import { type Bom, bomOf, type Component, type License } from '../kit/sbom';
import { type ImageLock, isInImage, type LockedPackage } from './lock';
import type { Recipe } from './recipe';

/** Property that says what a package of the lock is for. */
export const USED_AS = 'masterkey-runbook:used-as';

/** SPDX' identifiers of the names that Debian's copyright format defines, where they are other ones. */
const IDENTIFIERS: Readonly<Record<string, string>> = {
  'Apache-2.0': 'Apache-2.0',
  'BSD-2-clause': 'BSD-2-Clause',
  'BSD-3-clause': 'BSD-3-Clause',
  'BSD-4-clause': 'BSD-4-Clause',
  Expat: 'MIT',
  ISC: 'ISC',
  'MPL-1.1': 'MPL-1.1',
  'MPL-2.0': 'MPL-2.0',
  Zlib: 'Zlib',
};

/** A license under the name that Debian gives it; what SPDX has no identifier for keeps that name. */
export function licenseOf(name: string): License {
  const [, family, version = '', later] = /^(GPL|LGPL)-(\d(?:\.\d)?)(\+)?$/.exec(name) ?? [];
  const number = version.includes('.') ? version : `${version}.0`;
  const id = family ? `${family}-${number}-${later ? 'or-later' : 'only'}` : IDENTIFIERS[name];
  return { license: id === undefined ? { name } : { id } };
}

/** Package URL of a Debian package: `pkg:deb/debian/NAME@VERSION?arch=ARCH`. */
function purl({ name, version, file }: LockedPackage): string {
  const arch = /_([a-z0-9]+)\.deb$/.exec(file)?.[1] ?? '';
  return `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${arch}`;
}

/** Why a package was asked for, by name; those that only others need are not in it. */
export const reasonsIn = ({ packages, boot, tools, kernel }: Recipe): ReadonlyMap<string, string> =>
  new Map([
    ...[...packages, ...boot, ...tools].map(({ name, why }): [string, string] => [name, why]),
    [kernel.package, 'the kernel'],
  ]);

function component(each: LockedPackage, why: string | undefined): Component {
  const { name, version, use, sha256, licenses } = each;
  const named = licenses.length > 0 ? licenses : [`see /usr/share/doc/${name}/copyright`];
  return {
    type: 'library',
    'bom-ref': purl(each),
    name,
    version,
    ...(why === undefined ? {} : { description: why }),
    // "excluded": builds the image, and is not in it.
    scope: isInImage(each) ? 'required' : 'excluded',
    hashes: [{ alg: 'SHA-256', content: sha256 }],
    licenses: named.map(licenseOf),
    purl: purl(each),
    properties: use.map((value) => ({ name: USED_AS, value })),
  };
}

/** What the bill is of. */
export interface ImageFacts {
  /** Version of the project. */
  readonly version: string;
  /** Digest of the image. */
  readonly sha256: string;
}

/** Lists every locked package with version, digest, licenses, use, and what it needs; and the image with its own digest. */
export function imageBill(recipe: Recipe, lock: ImageLock, { version, sha256 }: ImageFacts): Bom {
  const reasons = reasonsIn(recipe);
  const byName = new Map(lock.packages.map((each) => [each.name, each]));
  const own = `pkg:generic/masterkey-runbook-room@${encodeURIComponent(version)}`;
  const refs = (names: readonly string[]) =>
    names.flatMap((name) => {
      const found = byName.get(name);
      return found === undefined ? [] : [purl(found)];
    });
  const inImage = lock.packages.filter(isInImage);
  return bomOf(
    {
      type: 'operating-system',
      'bom-ref': own,
      name: 'masterkey-runbook-room',
      version,
      hashes: [{ alg: 'SHA-256', content: sha256 }],
      purl: own,
      externalReferences: [
        { type: 'bom', url: 'opt/kit/sbom.cdx.json', comment: 'in the image: what the kit there is made of' },
      ],
    },
    lock.packages.map((each) => component(each, reasons.get(each.name))),
    new Map([
      [own, refs(inImage.map(({ name }) => name))],
      ...lock.packages.map((each): [string, string[]] => [purl(each), refs(each.needs)]),
    ]),
  );
}
