/** A provider is told in few places, and CONTRIBUTING.md names them all: whoever adds one need not search. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { standIns } from '../scripts/providers/stand-ins';
import { type ProviderId, providerIds, providers } from '../src/deployment/providers/registry';

const root = resolve(__dirname, '..');
const files = ['docs', 'scripts', 'src', 'static'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tsx?|mdx|css|json|ya?ml)$/.test(file))
    .map((file) => `${folder}/${file.split('\\').join('/')}`),
);

/** Where the worked example stands; the table in CONTRIBUTING.md says what each of them holds. */
const places = [
  'docs/_providers/azure-key-vault.mdx',
  'scripts/providers/azure-key-vault/',
  'scripts/providers/real/rows.ts',
  'scripts/providers/stand-ins.ts',
  'scripts/sss/audit/commands/reconcile.ts',
  'src/audit/provider-logs/',
  'src/deployment/providers/azure-key-vault.ts',
  'src/deployment/providers/azure-key-vault.permissions.ts',
  'src/deployment/providers/azure-key-vault.regions.ts',
  'src/deployment/providers/registry.ts',
  'static/schemas/deployment.schema.json',
];

describe('the worked example of CONTRIBUTING.md', () => {
  test('is named nowhere else', () => {
    // Prose may speak of it; what depends on it names its id or its tool.
    const naming = files.filter((file) =>
      (file.endsWith('.mdx') ? /azure-key-vault|(?:^|[`\s])az /m : /azure/i).test(
        readFileSync(join(root, file), 'utf8'),
      ),
    );
    expect(naming.length).toBeGreaterThan(places.length);
    expect(naming.filter((file) => !places.some((place) => file.startsWith(place)))).toEqual([]);
  });

  test('shows each of these places', () => {
    const guide = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    const last = (place: string): string => place.replace(/\/$/, '').split('/').at(-1) ?? place;
    expect(places.filter((place) => !guide.includes(last(place)))).toEqual([]);
  });
});

const inFolder = (folder: string, pattern: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .flatMap((file) => pattern.exec(file.split('\\').join('/'))?.[1] ?? [])
    .sort();

test('each provider has one file of steps, and each with a tool one stand-in', () => {
  expect(inFolder('docs/_providers', /^(.*)$/)).toEqual(providerIds.map((id) => `${id}.mdx`).sort());
  expect(inFolder('scripts/providers', /^(?:local\/)?(.*)\/stand-in\.ts$/)).toEqual(
    Object.keys(standIns).sort(),
  );
  expect(Object.keys(standIns).sort()).toEqual(
    providerIds.filter((id) => providers[id].tool !== undefined).sort(),
  );
});

test.each(Object.keys(standIns))('the stand-in of %s plays the tool that the pages name', (id) => {
  expect(standIns[id as keyof typeof standIns].tool).toBe(providers[id as ProviderId].tool);
});
