/** The static server must serve a site as a real host would, and nothing outside of it. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Served } from '../../scripts/common/server';
import { serve } from '../../scripts/common/server';

let folder: string;
let served: Served;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'server test '));
  const root = join(folder, 'site');
  mkdirSync(join(root, 'a b'), { recursive: true });
  writeFileSync(join(folder, 'outside.txt'), 'outside');
  writeFileSync(join(root, 'index.html'), '<p>home</p>');
  writeFileSync(join(root, 'a b', 'index.html'), '<p>inner</p>');
  writeFileSync(join(root, '404.html'), '<p>lost</p>');
  writeFileSync(join(root, '_headers'), '/*\n  X-Test: yes: really\n/other\n  X-Other: no\n');
  symlinkSync(join(folder, 'outside.txt'), join(root, 'link.txt'));
  served = await serve({ root, port: 0, base: '/book/' });
});

afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

/** fetch would normalize the path before it is sent. */
function raw(path: string): Promise<number | undefined> {
  return new Promise((done, failed) => {
    const { hostname, port } = new URL(served.url);
    request({ hostname, port, path }, (answer) => {
      answer.resume();
      done(answer.statusCode);
    })
      .on('error', failed)
      .end();
  });
}

test('serves indexes, compressed, with the headers of the site', async () => {
  const answer = await fetch(served.url);
  expect(await answer.text()).toBe('<p>home</p>');
  expect(answer.headers.get('content-encoding')).toMatch(/br|gzip/);
  expect(answer.headers.get('x-test')).toBe('yes: really');
  expect(answer.headers.get('x-other')).toBeNull();
});

test('redirects a folder to its slash and decodes names', async () => {
  const answer = await fetch(`${served.url}a%20b`);
  expect([answer.url, await answer.text()]).toEqual([`${served.url}a%20b/`, '<p>inner</p>']);
});

test('answers what is missing with the page for it', async () => {
  const answer = await fetch(`${served.url}nothing`);
  expect([answer.status, await answer.text()]).toEqual([404, '<p>lost</p>']);
});

test.each(['/book/../outside.txt', '/book/%2e%2e/outside.txt', '/book/link.txt', '/book/%00', '/book/%'])(
  'refuses %s',
  async (path) => expect(await raw(path)).not.toBe(200),
);

test('refuses to be written to', async () => {
  expect((await fetch(served.url, { method: 'POST' })).status).toBe(405);
});
