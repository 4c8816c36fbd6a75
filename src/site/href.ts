/** Address of a page on the site, without the base path: `docs/emergency/unseal.mdx` → `/emergency/unseal`. */
export function hrefOf(file: string): string {
  return file
    .replace(/^docs/, '')
    .replace(/\.mdx?$/, '')
    .replace(/\/index$/, '');
}
