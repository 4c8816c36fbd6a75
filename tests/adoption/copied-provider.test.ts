/** A provider under another name, added where CONTRIBUTING.md says and nowhere else: its emergencies follow from what it has. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { edit, makeUpstream, project, script } from './fork';

const folder = mkdtempSync(join(tmpdir(), 'a copied provider '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The words of the provider that is copied, in the order in which they are replaced. */
const renamed: readonly [RegExp, string][] = [
  [/openbao/g, 'opennet'],
  [/OpenBao/g, 'OpenNet'],
  [/\bbao\b/g, 'kb'],
  [/BAO_/g, 'KB_'],
  [/vault/g, 'keybox'],
  [/Vault/g, 'Keybox'],
];
const keybox = (text: string): string => renamed.reduce((made, [from, to]) => made.replace(from, to), text);

function copy(from: string, to: string, deeper: readonly [RegExp, string][] = []): void {
  const text = deeper.reduce(
    (made, [pattern, path]) => made.replace(pattern, path),
    keybox(readFileSync(join(folder, from), 'utf8')),
  );
  mkdirSync(dirname(join(folder, to)), { recursive: true });
  writeFileSync(join(folder, to), text);
}

beforeAll(() => {
  makeUpstream(folder);
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  const fields = 'src/deployment/providers';
  for (const part of ['', '.permissions'])
    copy(`${fields}/vault-transit${part}.ts`, `${fields}/local/keybox-transit${part}.ts`, [
      [/'\.\/(?!keybox)/g, "'../"],
    ]);
  copy('docs/_providers/vault-transit.mdx', 'docs/_providers/keybox-transit.mdx');
  for (const name of readdirSync(join(folder, 'scripts/providers/vault-transit')))
    copy(
      `scripts/providers/vault-transit/${name}`,
      `scripts/providers/local/keybox-transit/${keybox(name)}`,
      [[/'\.\.\//g, "'../../"]],
    );
  for (const [file, module] of [
    [`${fields}/local/rows.ts`, './keybox-transit'],
    ['scripts/providers/local/rows.ts', './keybox-transit/stand-in'],
  ] as const) {
    edit(folder, file, '= {}', "= { 'keybox-transit': keyboxTransit }");
    edit(folder, file, '/**', `import { keyboxTransit } from '${module}';\n\n/**`);
  }
  const example = readFileSync(join(project, 'tests/fixtures/example/deployment.yaml'), 'utf8');
  writeFileSync(join(folder, 'deployment.yaml'), example.replace('vault-transit', 'keybox-transit'));
  const { code, out } = script(folder, 'scripts/generate.ts');
  if (code !== 0) throw new Error(out);
});

it('has the emergencies of Vault, and brings its key back from them', () => {
  const made = script(folder, 'scripts/tabletop/main.ts', 'fixture');
  expect(made.code, made.out.slice(-3000)).toBe(0);
  const drilled = script(folder, 'scripts/tabletop/main.ts', '--only', 'emergency/vault');
  expect(drilled.out).toContain('emergency/vault-sealed/lost-3: completed');
  expect(drilled.out).toContain('emergency/vault-storage-lost/lost-3: completed');
  expect(drilled.out.trimEnd().split('\n').at(-1)).toBe('2 passed, 0 failed');
});
