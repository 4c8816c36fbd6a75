/** A provider is told in few places, and CONTRIBUTING.md names them all: whoever adds one need not search. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { standIns } from '../scripts/providers/stand-ins';
import { type ProviderId, providers } from '../src/deployment/providers/registry';

const root = resolve(__dirname, '..');
const files = ['docs', 'scripts', 'src', 'static'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tsx?|mdx|css|json|ya?ml)$/.test(file))
    .map((file) => `${folder}/${file.split('\\').join('/')}`),
);

/** Where the worked example stands; the table in CONTRIBUTING.md says what each of them holds. */
const places = [
  'docs/_facts/vendor-facts.yaml',
  'docs/_providers/azure-key-vault/',
  'scripts/providers/az-grammar.ts',
  'scripts/providers/az.ts',
  'scripts/providers/stand-ins.ts',
  'scripts/providers/stand-ins/azure-key-vault.ts',
  'scripts/providers/world.ts',
  'src/deployment/providers/azure-key-vault.ts',
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

test.each(Object.keys(standIns))('the stand-in of %s plays the tool that the pages name', (id) => {
  expect(standIns[id as keyof typeof standIns].tool).toBe(providers[id as ProviderId].tool);
});
