/** The policy that the browser enforces, and the digests of what is served. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readHeaders } from '../../scripts/common/server';
import { buildHeaders } from '../../scripts/hosting';
import { filesOf, scriptHashes } from '../../scripts/ship/csp';
import { BUILD, pages, startSite } from './site';

const site = startSite();
const csp = readHeaders(BUILD).get('Content-Security-Policy') ?? '';

test('scripts run from the site itself or by one of two hashes, never inline or evaluated', () => {
  const directive = csp.split('; ').find((part) => part.startsWith('script-src')) ?? '';
  expect(directive).toMatch(/^script-src 'self'( 'sha256-[A-Za-z0-9+/]{43}='){2}$/);
  expect(csp).not.toContain('unsafe-eval');
  expect(csp).toContain("default-src 'none'");
});

test('the build sends exactly the headers that the hosting guide shows', () => {
  expect(Object.fromEntries(readHeaders(BUILD))).toEqual(buildHeaders());
});

test('every page carries its policy for hosts that send no headers, before anything that it governs', () => {
  for (const file of pages()) {
    const html = readFileSync(join(BUILD, file), 'utf8');
    expect(html, file).toMatch(
      /^<!DOCTYPE html><html[^>]*><head>\s*<meta charset="utf-8"><meta http-equiv="Content-Security-Policy"/i,
    );
  }
});

test('every page has the two inline scripts that the policy names, and no other', () => {
  for (const file of pages()) {
    const hashes = scriptHashes(readFileSync(join(BUILD, file), 'utf8'));
    for (const hash of hashes) expect(csp, file).toContain(hash);
    expect(new Set(hashes).size, file).toBe(2);
    expect(hashes.length, file).toBe(2);
  }
});

test('the browser refuses an injected script', async () => {
  const { page, complaints } = await site.open('index.html');
  const ran = await page.evaluate(() => {
    const tag = document.createElement('script');
    try {
      tag.textContent = 'globalThis.injected = true';
      document.body.append(tag);
    } catch {
      // Trusted Types refuse even before the policy does.
    }
    return (globalThis as { injected?: boolean }).injected === true;
  });
  expect(ran).toBe(false);
  expect(complaints.join(' ')).toMatch(/Content Security Policy|Trusted/);
  await page.context().close();
});

test('no page has an inline event handler or a javascript: address', () => {
  for (const file of pages()) {
    const html = readFileSync(join(BUILD, file), 'utf8');
    expect(html.match(/<[^>]+\son[a-z]+=/i)?.[0], file).toBeUndefined();
    expect(html.match(/(?:href|src)="javascript:/i), file).toBeNull();
  }
});

test('SHA256SUMS names every file with its digest', () => {
  const sums = new Map(
    readFileSync(join(BUILD, 'SHA256SUMS'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line): [string, string] => [line.slice(66), line.slice(0, 64)]),
  );
  const files = filesOf(BUILD).filter((file) => file !== 'SHA256SUMS');
  expect([...sums.keys()]).toEqual(files);
  for (const file of files) {
    const digest = createHash('sha256')
      .update(readFileSync(join(BUILD, file)))
      .digest('hex');
    expect(sums.get(file), file).toBe(digest);
  }
});
