/** Links from page to page as relative paths to files, so that one output works under any address and from a folder. */
import { posix } from 'node:path';

/**
 * Rewrites an address of this site for a page.
 * @param href As Docusaurus wrote it, for example `/emergency/unseal/#UNS-04`.
 * @param page File of the page from the root of the site, for example `audit/index.html`.
 * @param base Path prefix of the site with both slashes.
 * @returns For example `../emergency/unseal/index.html#UNS-04`; addresses of other sites and anchors stay as they are.
 */
export function relativeLink(href: string, page: string, base: string): string {
  if (!href.startsWith(base) || href.startsWith('//')) return href;
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(href.slice(base.length)) ?? [];
  const isFile = /\.[a-z0-9]+$/i.test(path);
  const target = isFile ? path : `${path === '' || path.endsWith('/') ? path : `${path}/`}index.html`;
  if (target === page && rest.startsWith('#')) return rest;
  return posix.relative(posix.dirname(page), target) + rest;
}

/** Path from a page up to the root of the site: '' or `../` once a folder. */
export function rootOf(page: string): string {
  return '../'.repeat(page.split('/').length - 1);
}
