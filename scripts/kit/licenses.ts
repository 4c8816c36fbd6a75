/** The license list of the kit: the project's own, then the full text of every package that has code in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lock, nameOf } from './lock';
import type { Shipped } from './sbom';

const RULE = '-'.repeat(78);

/** Texts that a package carries: LICENSE, LICENCE, NOTICE, COPYING, with or without an extension. */
function textsOf(folder: string): string[] {
  if (!existsSync(folder)) throw new RangeError(`${folder} is not installed; run npm ci`);
  return readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)(\.|-|$)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
}

/**
 * @throws RangeError when a package with code in the kit states no license: it could not be passed on.
 */
export function licenseList(root: string, lock: Lock, shipped: Shipped): string {
  const project = lock.packages[''];
  const blocks = [...shipped]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, parts]) => {
      const { version, license } = lock.packages[folder] ?? {};
      const texts = textsOf(join(root, folder));
      if (license === undefined) throw new RangeError(`${folder}: is shipped, but states no license`);
      const title = `${nameOf(folder)} ${version}, ${license}\nin: ${parts.join(', ')}`;
      const none = `The package carries no text of its license${license === project?.license ? '; it is the one above' : ''}.`;
      return [title, ...(texts.length > 0 ? texts : [none])].join('\n\n');
    });
  const own = `${project?.name} ${project?.version}, ${project?.license}\n\n${readFileSync(join(root, 'LICENSE'), 'utf8').trim()}`;
  return `Licenses of what this kit contains. Everything that was used to build it is in sbom.cdx.json.\n\n${[own, ...blocks].join(`\n\n${RULE}\n\n`)}\n`;
}
