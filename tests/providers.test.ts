/** A provider is told in few places, and CONTRIBUTING.md names them all: whoever adds one need not search. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { standIns } from '../scripts/providers/stand-ins';
import { type ProviderId, providerIds, providers } from '../src/deployment/providers/registry';

const root = resolve(__dirname, '..');
const inFolder = (folder: string, pattern: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .flatMap((file) => pattern.exec(file.split('\\').join('/'))?.[1] ?? [])
    .sort();

test('each provider has one file of steps, and each with a tool one stand-in', () => {
  expect(inFolder('docs/_providers', /^(.*)$/)).toEqual(providerIds.map((id) => `${id}.mdx`).sort());
  expect(inFolder('scripts/providers', /^(.*)\/stand-in\.ts$/)).toEqual(Object.keys(standIns).sort());
  expect(Object.keys(standIns).sort()).toEqual(
    providerIds.filter((id) => providers[id].tool !== undefined).sort(),
  );
});

test.each(Object.keys(standIns))('the stand-in of %s plays the tool that the pages name', (id) => {
  expect(standIns[id as keyof typeof standIns].tool).toBe(providers[id as ProviderId].tool);
});
