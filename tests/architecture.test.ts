/** Who may import whom: docs → components → the five domains ← scripts; the five know neither React nor Node. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(__dirname, '..');
const domains = ['deployment', 'quorum', 'shard', 'procedure', 'audit'] as const;
const docusaurusPlaces = ['src/theme/', 'src/client/', 'src/pages/', 'src/site/'];

interface Import {
  readonly file: string;
  readonly target: string;
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.split(sep).join('/')}`)
    .filter((file) => /\.(ts|tsx|mjs|cjs)$/.test(file));
}

/** Imports of a file; relative ones as paths from the root. */
function importsOf(file: string, text: string): Import[] {
  const found = text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*|\brequire\(\s*)(['"])([^'"\n]+)\1/g);
  return [...found].map(([, , target = '']) => ({
    file,
    target: target.startsWith('.')
      ? relative(ROOT, resolve(ROOT, dirname(file), target))
          .split(sep)
          .join('/')
      : target.replace(/^@site\//, ''),
  }));
}

const all = [...sources('src'), ...sources('scripts')].flatMap((file) =>
  importsOf(file, readFileSync(join(ROOT, file), 'utf8')),
);

function offenders(test: (edge: Import) => boolean): string[] {
  return all.filter(test).map(({ file, target }) => `${file} → ${target}`);
}

const inDomain = (file: string) => domains.some((domain) => file.startsWith(`src/${domain}/`));
const isLoader = (file: string) => /(^|\/)load(-[a-z]+)?\.ts$/.test(file);

test('the reader of imports reads them', () => {
  const text =
    "import a from './a';\nimport type { b } from '../b';\nconst c = require('c');\nawait import('node:d');";
  expect(importsOf('src/x/y.ts', text).map(({ target }) => target)).toEqual([
    'src/x/a',
    'src/b',
    'c',
    'node:d',
  ]);
  expect(all.length).toBeGreaterThan(100);
});

describe('the five domains', () => {
  test('import no React and no Docusaurus', () => {
    expect(
      offenders(({ file, target }) => inDomain(file) && /^(react|@docusaurus|@theme)/.test(target)),
    ).toEqual([]);
  });

  test('import no node: module outside their loaders', () => {
    const bad = ({ file, target }: Import) => inDomain(file) && !isLoader(file) && target.startsWith('node:');
    expect(offenders(bad)).toEqual([]);
  });

  test('import only one another', () => {
    const bad = ({ file, target }: Import) =>
      inDomain(file) && /^(src|scripts|tests|docs)\//.test(target) && !inDomain(`${target}/`);
    expect(offenders(bad)).toEqual([]);
  });
});

test('components know the domains and one another, and leave Docusaurus to the theme', () => {
  const bad = ({ file, target }: Import) =>
    file.startsWith('src/components/') &&
    (/^(@docusaurus|@theme|node:)/.test(target) ||
      (target.startsWith('src/') && !target.startsWith('src/components/') && !inDomain(`${target}/`)));
  expect(offenders(bad)).toEqual([]);
});

test('Docusaurus is only known where it is expected', () => {
  const bad = ({ file, target }: Import) =>
    file.startsWith('src/') &&
    /^(@docusaurus|@theme)/.test(target) &&
    !docusaurusPlaces.some((place) => file.startsWith(place));
  expect(offenders(bad)).toEqual([]);
});

test('nothing imports scripts but scripts, and nothing imports tests', () => {
  expect(offenders(({ file, target }) => file.startsWith('src/') && target.startsWith('scripts/'))).toEqual(
    [],
  );
  expect(offenders(({ target }) => target.startsWith('tests/'))).toEqual([]);
});

test('scripts use the domains, not the components', () => {
  expect(
    offenders(
      ({ file, target }) => file.startsWith('scripts/') && /^src\/(components|theme|pages)\//.test(target),
    ),
  ).toEqual([]);
});

describe('the rooms of ARCHITECTURE.md', () => {
  const page = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const rooms = [...page.matchAll(/^\| `((?:src|scripts)[^`]*)` \| .+ \|$/gm)].map(([, room = '']) => room);

  /** The room of a file or of what it imports: the longest that holds it. */
  const roomOf = (path: string) =>
    rooms.filter((room) => path.startsWith(`${room}/`)).sort((a, b) => b.length - a.length)[0];

  /** A file directly in `scripts/` is a command; a folder there needs a row of its own. */
  const isHomeless = (file: string) =>
    roomOf(file) === undefined || (roomOf(file) === 'scripts' && dirname(file) !== 'scripts');

  test('are all there, and every folder of code is in one', () => {
    expect(rooms.length).toBeGreaterThan(30);
    const files = [...sources('src'), ...sources('scripts')];
    expect(rooms.filter((room) => !files.some((file) => roomOf(file) === room))).toEqual([]);
    expect(files.filter(isHomeless)).toEqual([]);
    expect(isHomeless('scripts/new-room/file.ts')).toBe(true);
  });

  test('import from rooms above their own, never from one below', () => {
    const height = (path: string) => rooms.indexOf(roomOf(path) ?? '');
    const upward = ({ file, target }: Import) =>
      /^(src|scripts)\//.test(target) && height(target) > height(file);
    expect(offenders(upward)).toEqual([]);
    expect(upward({ file: 'src/shard/a.ts', target: 'scripts/sss/b' })).toBe(true);
  });
});

test('no file imports itself by a detour, not even for a type', () => {
  const files = new Set([...sources('src'), ...sources('scripts')]);
  const endings = ['', '.ts', '.tsx', '/index.ts', '/index.tsx'];
  const next = new Map<string, string[]>();
  for (const { file, target } of all) {
    const found = endings.map((ending) => target + ending).find((path) => files.has(path));
    if (found !== undefined) next.set(file, [...(next.get(file) ?? []), found]);
  }
  const done = new Set<string>();
  const detours: string[] = [];
  const follow = (file: string, path: readonly string[]) => {
    if (path.includes(file)) detours.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const other of next.get(file) ?? []) follow(other, [...path, file]);
    done.add(file);
  };
  for (const file of files) follow(file, []);
  expect(next.size).toBeGreaterThan(100);
  expect(detours).toEqual([]);
});

test('no file only passes on what others export', () => {
  const barrels = [...sources('src'), ...sources('scripts')].filter((file) => {
    if (!/(^|\/)index\.tsx?$/.test(file)) return false;
    const code = readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    return code.split(';').every((part) => part.trim() === '' || /^\s*export\s+(type\s+)?[{*]/.test(part));
  });
  expect(barrels).toEqual([]);
});

test('every source file begins by saying what it is for', () => {
  const silent = [...sources('src'), ...sources('scripts')].filter((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8').replace(/^#!.*\n/, '');
    return !text.startsWith('/**');
  });
  expect(silent).toEqual([]);
});
