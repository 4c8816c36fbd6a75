/** The script reader of the psql stand-in: statements, quoting, variables and backslash commands. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partsOf } from '../../../scripts/providers/postgres/script';

const none = new Map<string, string>();
const statements = (script: string, variables: ReadonlyMap<string, string> = none) =>
  [...partsOf(script, variables)].map(({ text }) => text);

test.each([
  ['two statements', 'SELECT 1; SELECT 2;', ['SELECT 1;', 'SELECT 2;']],
  ['no last semicolon', 'SELECT 1;\nSELECT 2', ['SELECT 1;', 'SELECT 2']],
  ['a semicolon in a string', "SELECT ';' ;", ["SELECT ';' ;"]],
  ['a doubled quote', "SELECT 'it''s; fine';", ["SELECT 'it''s; fine';"]],
  ['an escape string', "SELECT E'\\'; ' ;", ["SELECT E'\\'; ' ;"]],
  ['a name before a string', "SELECT date'2026-01-01;';", ["SELECT date'2026-01-01;';"]],
  ['a quoted name', 'SELECT "a;b";', ['SELECT "a;b";']],
  ['a dollar quote', 'DO $x$ BEGIN; $$ END $x$;', ['DO $x$ BEGIN; $$ END $x$;']],
  ['a line comment', 'SELECT 1 -- ; no\n;', ['SELECT 1 -- ; no\n;']],
  ['a nested comment', '/* a /* ; */ ; */ SELECT 1;', ['/* a /* ; */ ; */ SELECT 1;']],
  ['parentheses', 'CREATE RULE r AS DO (SELECT 1; SELECT 2);', ['CREATE RULE r AS DO (SELECT 1; SELECT 2);']],
  ['nothing but comments', '-- a\n/* b */ ;;\n', ['-- a\n/* b */ ;']],
  ['backslash commands', '\\set a 1\nSELECT 1;\n\\echo b', ['\\set a 1', 'SELECT 1;', '\\echo b']],
])('splits: %s', (_, script, parts) => {
  expect(statements(script).map((part) => part.trim())).toEqual(parts);
});

test('a variable counts from where it is set, and only outside of quotes', () => {
  const variables = new Map([['v', "it's\\"]]);
  const found: string[] = [];
  for (const part of partsOf("SELECT :'v', :\"v\", :v, ':v', x::v, :w;\nSELECT :'w';", variables)) {
    found.push(part.text);
    variables.set('w', '2');
  }
  expect(found).toEqual(["SELECT  E'it''s\\\\', \"it's\\\", it's\\, ':v', x::v, :w;", "SELECT '2';"]);
});

test('reports the line on which a part ends', () => {
  const lines = [...partsOf('SELECT\n 1;\n\n\\echo x\nSELECT $$\n\n$$;', none)].map(({ line }) => line);
  expect(lines).toEqual([2, 4, 7]);
});

test('loses nothing: the parts of any script without variables are the script', () => {
  const piece = fc.constantFrom(
    ';',
    "'",
    '"',
    '$$',
    '$a$',
    '--',
    '\n',
    '/*',
    '*/',
    '(',
    ')',
    'a',
    ' ',
    'E',
    '::',
    '1',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const script = pieces.join('');
      const joined = statements(script).join('').replace(/\s/g, '');
      const left = script.replace(/\s/g, '');
      // Empty statements and a trailing comment are dropped; everything else is there, in order.
      let at = 0;
      for (const character of left) if (joined[at] === character) at += 1;
      expect(at).toBe(joined.length);
    }),
  );
});

test('a value in quotes is one literal, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const [text = ''] = statements("SELECT :'v';", new Map([['v', value]]));
      expect(statements(text)).toEqual([text]);
      const inner = /^SELECT (?: E)?'([\s\S]*)';$/.exec(text)?.[1] ?? '';
      expect(inner.replaceAll("''", "'").replaceAll('\\\\', '\\')).toBe(value);
    }),
  );
});
