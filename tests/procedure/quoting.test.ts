/** Values in pages: whatever a name of the deployment holds, bash, SQL, YAML and MDX read it as that name. Tried with the tools themselves. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { evaluateSync } from '@mdx-js/mdx';
import fc from 'fast-check';
import { createElement } from 'react';
import * as runtime from 'react/jsx-runtime';
import { renderToStaticMarkup } from 'react-dom/server';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Deployment } from '../../src/deployment/deployment';
import { nameFault } from '../../src/deployment/names';
import { parseDeployment } from '../../src/deployment/parse';
import { InvalidInput } from '../../src/deployment/problem';
import { preparePage } from '../../src/procedure/prepare';
import { partialReader } from '../../src/procedure/text/load-partial';
import { PageQuoting } from '../../src/procedure/text/quoting';
import { exampleDeployment } from '../example';

const root = join(__dirname, '../..');

/** The lines of a page in which `{{v}}` is a value. */
function printed(lines: readonly string[], value: string): string[] {
  const quoting = new PageQuoting();
  return lines.flatMap((line) => quoting.lines(line, () => value));
}

/** Names that a person, a company or a vendor may have, or that somebody hopes to slip in. */
const nasty = [
  "O'Example & Sons (EU) Ltd.",
  "'t Hooft",
  "'; touch CANARY; '",
  '" & touch CANARY & "',
  'x"; DROP TABLE shard_registry; --',
  "x'; DROP TABLE shard_registry; --",
  'a | touch CANARY | b',
  '(touch CANARY)',
  'masterkey (UserPIN)',
  'Ana | Pipe',
  '[x](y)',
  '*bold* _it_ ~s~ #1; :tada: &amp; !important !!',
  '# Heading',
  '1. First',
  'import x from "y"',
  'export default Ltd',
  'مفتاح رئيسي',
  'Šárka Ďurďová-Ñuñez',
  '日本鍵',
  'R&D; 100% ^start$end',
].filter((text) => nameFault(text) === undefined);

/** Names that the deployment accepts, of the characters that mean something to one of the languages. */
const names = fc
  .string({ unit: fc.constantFrom(...`ab'" &|;()[]*_~#!?:,./+%^=@-é0`), minLength: 1, maxLength: 24 })
  .filter((text) => nameFault(text) === undefined);

describe('bash', () => {
  /** A fence with the value in every kind of quotes that pages use; the function prints each word on a line of its own. */
  const fence = [
    '```bash',
    'w() { printf "<%s>\\n" "$@"; }',
    'w {{v}} pre/{{v}}-post \'in {{v}} single\' "in {{v}} double" \\',
    '  --next "$(w {{v}})" # a comment',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash reads it.
    'X={{v}} && w "$X" "${X##*/}$(w "{{v}}" \'{{v}}\')"',
    "cat <<'SQL' | cat",
    "SELECT '{{v}}';",
    'SQL',
    'w {{v}}',
    '```',
  ];
  const wanted = (v: string) =>
    [
      `<${v}>`,
      `<pre/${v}-post>`,
      `<in ${v} single>`,
      `<in ${v} double>`,
      '<--next>',
      `<<${v}>>`,
      `<${v}>`,
      `<${v.split('/').at(-1)}<${v}>\n<${v}>>`,
      `SELECT '${v.replaceAll("'", "''")}';`,
      `<${v}>`,
      '',
    ].join('\n');
  const run = (values: readonly string[]): string[] => {
    const scripts = values.map((value) => printed(fence, value).slice(1, -1).join('\n'));
    // As an operator's shell reads it: history expansion is on.
    const input = ['set -o history -o histexpand', ...scripts.map((script) => `${script}\nprintf '\\1'`)];
    const { stdout, stderr } = spawnSync('bash', ['--norc', '--noprofile'], {
      input: `${input.join('\n')}\n`,
      encoding: 'utf8',
      timeout: 240_000,
      env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
    });
    expect(stderr).toBe('');
    return stdout.split('\x01').slice(0, -1);
  };

  it('passes every name literally, in all quotes', () => {
    expect(run(nasty)).toEqual(nasty.map(wanted));
  });

  it('passes a thousand random names literally', () => {
    const values = fc.sample(names, { seed: 5, numRuns: 1000 });
    expect(run(values)).toEqual(values.map(wanted));
  });

  it('leaves a name without quotes where it needs none', () => {
    expect(printed(['```bash', 'x {{v}}'], 'masterkey-shard_1.a/b:c')[1]).toBe('x masterkey-shard_1.a/b:c');
  });

  it('refuses a here-document that bash itself would read', () => {
    expect(() => printed(['```bash', 'cat <<END', '{{v}}'], "a'b")).toThrow(/\{\{v\}\} cannot be quoted/);
    expect(() => printed(['```bash', 'x # {{v}}'], "a'b")).toThrow(/\{\{v\}\} cannot be quoted/);
  });
});

describe('SQL', () => {
  it('reads every name as one literal and as one identifier', async () => {
    const database = await PGlite.create();
    const values = [...nasty, ...fc.sample(names, { seed: 6, numRuns: 200 })];
    for (const value of values) {
      const sql = printed(
        [
          '```bash',
          "psql <<'SQL'",
          "SELECT '{{v}}' AS {{v}}, -- {{v}}",
          `'x{{v}}' AS "b {{v}}";`,
          'SQL',
          '```',
        ],
        value.slice(0, 50),
      );
      const { rows, fields } = await database.query(sql.slice(2, 4).join('\n'));
      const name = value.slice(0, 50);
      expect(fields.map((field) => field.name)).toEqual([name, `b ${name}`]);
      expect(Object.values(rows[0] as object)).toEqual([name, `x${name}`]);
    }
    await database.close();
  });
});

describe('YAML and JSON', () => {
  test.each([...nasty, 'true', '2026-01-01', '0', '12', 'null', '~', 'a: b', '- a'])(
    '%s stays text',
    (value) => {
      const text = printed(
        ['```yaml', 'a: {{v}}', 'b: "x {{v}}"', "c: 'x {{v}}'", 'd: [1, {{v}}]', 'e:', '  - {{v}}'],
        value,
      );
      expect(parse(text.slice(1).join('\n'))).toEqual({
        a: value,
        b: `x ${value}`,
        c: `x ${value}`,
        d: [1, value],
        e: [value],
      });
      const json = printed(['```json', '{ "a": "x {{v}}" }'], value)[1] ?? '';
      expect(JSON.parse(json)).toEqual({ a: `x ${value}` });
    },
  );
});

describe('MDX', () => {
  /** The page as a reader gets it, by the compiler that builds the site. */
  function html(lines: readonly string[], value: string): string {
    const source = printed(lines, value).join('\n');
    const page = evaluateSync(source, { ...runtime, remarkPlugins: [remarkGfm, remarkMath] });
    return renderToStaticMarkup(createElement(page.default));
  }
  const escaped = (text: string) => renderToStaticMarkup(createElement('i', null, text)).slice(3, -4);

  test.each([...nasty, ...fc.sample(names, { seed: 7, numRuns: 60 })])('%s is text', (value) => {
    const v = escaped(value);
    expect(html(['{{v}} is'], value)).toBe(`<p>${v} is</p>`);
    expect(html(['**Call {{v}}:** now {{v}}.'], value)).toBe(`<p><strong>Call ${v}:</strong> now ${v}.</p>`);
    expect(html(['- {{v}} a'], value)).toBe(`<ul>\n<li>${v} a</li>\n</ul>`);
    expect(html(['x `{{v}}` {{v}}'], value)).toBe(`<p>x <code>${v}</code> ${v}</p>`);
    expect(html(['<div title="{{v}}" />'], value)).toBe(
      renderToStaticMarkup(createElement('div', { title: value })),
    );
    const table = html(['| a | b |', '| - | - |', '| {{v}} | `{{v}}` |'], value);
    expect(table).toContain(`<td>${v}</td><td><code>${v}</code></td>`);
  });
});

/** A deployment with a value in one place, as text; the place is a path of keys. */
function withValue(file: string, path: readonly (string | number)[], value: unknown): string {
  const source = parse(readFileSync(file, 'utf8'));
  let at = source;
  for (const key of path.slice(0, -1)) at = at[key];
  at[path.at(-1) as string] = value;
  return stringify(source);
}

function problemOf(text: string): string | undefined {
  try {
    parseDeployment(text, 'deployment.yaml');
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
  return undefined;
}

describe('an address of Vault', () => {
  test.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash reads it.
    'https://vault.ledger.example:8200/$(echo${IFS}x>/tmp/x/PWNED)',
    'https://vault.ledger.example:8200;id',
    'https://vault.ledger.example:8200 "x"',
    'https://root:secret@vault.ledger.example',
    'https://root@vault.ledger.example',
    'https://vault.ledger.example:8200/',
    'https://vault.ledger.example:8200/v1',
    'https://vault.ledger.example:8200?x=1',
    'https://vault.ledger.example:8200#x',
    'https://vault.ledger.example:0',
    'https://vault.ledger.example:65536',
    'https://vault..example',
    'https://-vault.example',
    'https://',
    'https://VAULT.example',
    'https://vault.ledger.example\n',
    'http://vault.ledger.example:8200',
    'https://[fd00::1]:8200',
    'vault.ledger.example:8200',
  ])('%s is refused in one line', (address) => {
    const message = problemOf(withValue(exampleDeployment, ['shards', 2, 'address'], address));
    expect(message).toMatch(/^deployment\.yaml:\d+: SCHEMA: shards 3\. address: wanted [^\n]*$/);
  });

  test.each(['https://vault.ledger.example', 'https://10.0.0.7:8200', 'https://v:65535'])(
    '%s is taken',
    (address) => {
      expect(problemOf(withValue(exampleDeployment, ['shards', 2, 'address'], address))).toBeUndefined();
    },
  );
});

describe('every field of the file', () => {
  const attacks = [
    '$(touch CANARY)',
    '; touch CANARY;',
    "' ; touch CANARY ; '",
    '" ; touch CANARY ; "',
    '\ntouch CANARY\n',
    '{{key.name}}',
    '<script>',
    '-rf',
    '../../etc',
    '\u202Etxt',
    "a'b",
    'a"b',
    'a b',
    'a&b',
    'a\tb',
  ];
  const files = [exampleDeployment, join(root, 'tests/fixtures/deployments/azure.yaml')];
  const places = files.flatMap((file) => {
    const found: [string, (string | number)[]][] = [];
    const visit = (value: unknown, path: (string | number)[]) => {
      if (Array.isArray(value))
        value.forEach((each, index) => {
          visit(each, [...path, index]);
        });
      else if (typeof value === 'object' && value !== null)
        for (const [key, each] of Object.entries(value)) visit(each, [...path, key]);
      else found.push([file, path]);
    };
    visit(parse(readFileSync(file, 'utf8')), []);
    // One of each list of people, sites and roles stands for the others.
    return found.filter(
      ([, path]) => path[0] === 'shards' || !path.some((key) => typeof key === 'number' && key > 0),
    );
  });

  const folder = mkdtempSync(join(tmpdir(), 'quoting-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Every bash fence of every page. */
  function fencesOf(deployment: Deployment): string[] {
    const read = partialReader(root);
    const fences: string[] = [];
    for (const file of readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })) {
      if (!/^(?!_)(?:[a-z-]+\/)*[a-z][a-z0-9-]*\.mdx$/.test(file)) continue;
      const text = readFileSync(join(root, 'docs', file), 'utf8');
      let open: string[] | undefined;
      for (const line of preparePage(`docs/${file}`, text, deployment, read).lines) {
        if (/^\s*```bash/.test(line.text)) open = [];
        else if (open !== undefined && /^\s*```\s*$/.test(line.text)) {
          fences.push(open.join('\n'));
          open = undefined;
        } else open?.push(line.text);
      }
    }
    return [...new Set(fences)];
  }

  /** Runs each fence with no command at all: whatever a fence calls is noted, with its words. */
  function callsOf(fences: readonly string[]): string[][] {
    const noted = join(folder, 'calls');
    rmSync(noted, { force: true });
    fences.forEach((text, index) => {
      writeFileSync(join(folder, `${index}.sh`), text);
    });
    const all = fences.map(
      (_, index) => `( cd work && timeout=5 && source ../${index}.sh ) < /dev/null > /dev/null 2>> errors`,
    );
    const script = [
      'mkdir work',
      'PATH=/none',
      'command_not_found_handle() { printf "%s\\0" "$@" $\'\\1\' >> "$CALLS"; }',
      'sleep() { exit; }',
      ...all,
    ].join('\n');
    const { status, stderr } = spawnSync('bash', ['--norc', '--noprofile'], {
      input: script,
      encoding: 'utf8',
      cwd: folder,
      timeout: 120_000,
      env: { PATH: process.env.PATH, CALLS: noted, LC_ALL: 'C.UTF-8' },
    });
    expect(stderr).toBe('');
    expect(status).not.toBeNull();
    return readFileSync(noted, 'utf8')
      .split('\0\x01\0')
      .map((call) => call.split('\0'));
  }

  it('is refused in one line, or is quoted wherever it stands', () => {
    const taken: string[] = [];
    for (const [file, path] of places) {
      for (const attack of attacks) {
        const text = withValue(file, path, attack);
        const message = problemOf(text);
        if (message === undefined) taken.push(path.join(' '));
        for (const line of message?.split('\n') ?? [])
          expect(line, `${path.join(' ')}: ${attack}`).toMatch(/^deployment\.yaml:\d+: [A-Z]+(?:-\d+)?: /);
        expect(message ?? '').not.toMatch(/\n(?!deployment\.yaml:\d+: )|[\t\u202E]/);
      }
    }
    // What people and vendors name freely; everything else is an id, a number or a name of a known form.
    expect([...new Set(taken)].sort()).toEqual(
      [
        ...places.flatMap(([, path]) => (path[0] === 'people' && path[2] !== 'id' ? [path.join(' ')] : [])),
        ...places.flatMap(([, path]) => (path[0] === 'sites' && path[2] !== 'id' ? [path.join(' ')] : [])),
        ...places.flatMap(([, path]) => (path.at(-1) === 'identityProvider' ? [path.join(' ')] : [])),
        ...places.flatMap(([, path]) => (path.at(-1) === 'medium' ? [path.join(' ')] : [])),
        ...places.flatMap(([, path]) =>
          ['token', 'model'].includes(path.at(-1) as string) ? [path.join(' ')] : [],
        ),
        // It follows "alias/" in every command.
        'shards 0 alias',
        'organization',
        'key service',
        'database recoveryRole',
        // A line without quotes, which stands in the output of a command alone.
        'service answer',
      ]
        .filter((path, index, all) => all.indexOf(path) === index)
        .sort(),
    );
  });

  describe('with names that need quotes', () => {
    const token = "tok'; touch CANARY; '";
    const module = '/opt/my hsm/lib "x" & touch CANARY & (1).so';
    let calls: string[][] = [];
    beforeAll(() => {
      const source = parse(readFileSync(exampleDeployment, 'utf8'));
      source.organization = '; touch CANARY; \' O\'Example & Sons "Ltd"';
      source.key.service = "ledger' ; touch CANARY ; 'api";
      source.shards[3].token = token;
      source.shards[3].module = module;
      source.shards[0].alias = 'prod/masterkey/shard_1';
      for (const person of source.people) person.name = `'"; touch CANARY; "'|${person.name}`;
      for (const site of source.sites) site.name = `'"; touch CANARY; "'|${site.name}`;
      calls = callsOf(fencesOf(parseDeployment(stringify(source), 'deployment.yaml')));
    });

    it('runs no command that a name holds', () => {
      expect(calls.length).toBeGreaterThan(300);
      expect(calls.filter(([command]) => command === 'touch')).toEqual([]);
      expect(existsSync(join(folder, 'work', 'CANARY'))).toBe(false);
      expect(readFileSync(join(folder, 'errors'), 'utf8')).not.toMatch(/syntax error|unexpected EOF/);
    });

    it('gives each tool the name as one word', () => {
      const wordsAfter = (option: string) =>
        new Set(
          calls.flatMap((words) =>
            words.flatMap((word, index) => (word === option ? [words[index + 1]] : [])),
          ),
        );
      expect([...wordsAfter('--module')]).toEqual([module]);
      expect([...wordsAfter('--holder')]).toContain(`PKCS#11 HSM ${token}`);
      expect([...wordsAfter('--alias-name')]).toEqual(
        expect.arrayContaining(['alias/prod/masterkey/shard_1']),
      );
    });
  });
});
