/**
 * The site's security headers and digests. The Content Security Policy allows no inline script but the ones whose
 * hash it names (W3C CSP Level 3); `_headers` carries it for hosts that read that file, and each page in a meta tag.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parse } from 'parse5';
import type { Document } from './dom';
import { attribute, elements, textOf } from './dom';

/** Files of a folder, with slashes, in byte order. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => file.split(sep).join('/'))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** CSP sources of the inline scripts of a page that the policy governs: what runs, and rules for the browser. */
export function scriptHashes(html: string): string[] {
  return scriptHashesOf(parse(html));
}

function scriptHashesOf(page: Document): string[] {
  const hashes: string[] = [];
  for (const element of elements(page)) {
    if (element.tagName !== 'script' || attribute(element, 'src') !== undefined) continue;
    const type = attribute(element, 'type') ?? '';
    if (type !== '' && !/^module$|javascript|^speculationrules$/.test(type)) continue;
    hashes.push(`'sha256-${createHash('sha256').update(textOf(element)).digest('base64')}'`);
  }
  return hashes;
}

/**
 * The policy of a page, for a meta tag: for hosts that send no headers, and from a folder. It names the page's own
 * style elements, and allows style attributes only where a formula or a diagram has them. What a meta tag cannot say
 * (frame-ancestors) is left out.
 */
export function pagePolicy(page: Document): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const all = [...elements(page)];
  const styles = new Set(
    all.filter(({ tagName }) => tagName === 'style').map((element) => hash(textOf(element))),
  );
  const attributes = all.some((element) => attribute(element, 'style') !== undefined);
  return policy(scriptHashesOf(page))
    .replace(
      "style-src 'self' 'unsafe-inline'",
      `style-src-elem ${["'self'", ...styles].join(' ')}; style-src-attr ${attributes ? "'unsafe-inline'" : "'none'"}`,
    )
    .replace("frame-ancestors 'none'; ", '');
}

/** The policy for a site whose pages hold these inline scripts. Inline styles stay: formulas and diagrams need them. */
export function policy(hashes: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src ${["'self'", ...hashes].join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');
}

/** How long files whose name carries a digest of their content may be kept. */
export const immutable = 'public, max-age=31536000, immutable';

/** Headers for every file of the site. */
export function headersFor(csp: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': csp,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  };
}

/** Writes `_headers` for a built site. Returns the policy. */
export function writeHeaders(site: string): string {
  const pages = filesOf(site).filter((file) => file.endsWith('.html'));
  const hashes = new Set(pages.flatMap((file) => scriptHashes(readFileSync(join(site, file), 'utf8'))));
  const csp = policy([...hashes].sort());
  const lines = Object.entries(headersFor(csp)).map(([name, value]) => `  ${name}: ${value}`);
  const kept = `/assets/*\n  Cache-Control: ${immutable}`;
  writeFileSync(join(site, '_headers'), `/*\n${lines.join('\n')}\n\n${kept}\n`);
  return csp;
}

/** Writes SHA256SUMS over every file of a built site, in the format of sha256sum(1). */
export function writeSums(site: string): void {
  const lines = filesOf(site)
    .filter((file) => file !== 'SHA256SUMS')
    .map(
      (file) =>
        `${createHash('sha256')
          .update(readFileSync(join(site, file)))
          .digest('hex')}  ${file}`,
    );
  writeFileSync(join(site, 'SHA256SUMS'), `${lines.join('\n')}\n`);
}
