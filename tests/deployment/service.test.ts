/** How the service takes the key: what of it a file may say, and what is printed of it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseDeployment } from '../../src/deployment/parse';
import { InvalidInput } from '../../src/deployment/problem';
import { loadCommand, type Service, serviceProgram } from '../../src/deployment/service';
import { valuesOf } from '../../src/procedure/text/values';
import { exampleDeployment } from '../example';

const text = readFileSync(exampleDeployment, 'utf8');
const example = parseDeployment(text, 'deployment.yaml').service as Service;

/** The example with other words about the service. */
function withService(change: Record<string, unknown>): string {
  const file = parse(text) as { service: Record<string, unknown> };
  file.service = { ...file.service, ...change };
  for (const [name, value] of Object.entries(change)) if (value === undefined) delete file.service[name];
  return stringify(file);
}

function refused(change: Record<string, unknown>): string[] {
  const source = withService(change);
  try {
    parseDeployment(source, 'deployment.yaml');
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.message.split('\n').map((line) => {
      const number = Number(/^deployment\.yaml:(\d+): /.exec(line)?.[1]);
      return `${source.split('\n')[number - 1]?.trim()} | ${line}`;
    });
  }
  return [];
}

describe('the service of a deployment', () => {
  it('may be left out: then people load a file at its console', () => {
    const file = parse(text) as Record<string, unknown>;
    delete file.service;
    expect(parseDeployment(stringify(file), 'deployment.yaml').service).toBeUndefined();
  });

  it('has one program, and a place for a file', () => {
    expect(serviceProgram(example)).toBe('ledger-api-admin');
    expect(loadCommand(example, 'master.wrapped')).toBe('ledger-api-admin load master.wrapped');
    const joined = parseDeployment(withService({ load: 'ledger-api-admin load --file={file}' }), 'x').service;
    expect(loadCommand(joined as Service, 'master.wrapped')).toBe(
      'ledger-api-admin load --file=master.wrapped',
    );
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      'a list of commands',
      { load: 'ledger-api-admin load {file}; rm -r x' },
      /^load: .*no character of a shell/,
    ],
    ['a pipe', { check: 'ledger-api-admin check | cat' }, /^check: .*no character of a shell/],
    ['a substitution', { check: 'ledger-api-admin $(id)' }, /^check: .*no character of a shell/],
    ['a backtick', { check: 'ledger-api-admin `id`' }, /no character of a shell/],
    ['a redirection', { showImportKey: 'ledger-api-admin import-key >x' }, /no character of a shell/],
    ['quotes', { check: "ledger-api-admin 'a b'" }, /no character of a shell/],
    ['a pattern', { check: 'ledger-api-admin *' }, /no character of a shell/],
    ['a home folder', { check: 'ledger-api-admin ~/x' }, /no character of a shell/],
    ['a value of a page', { check: 'ledger-api-admin {{key.name}}' }, /no character of a shell/],
    ['two blanks', { check: 'ledger-api-admin  check' }, /one blank between them/],
    ['a line of its own', { check: 'ledger-api-admin\ncheck' }, /check: .*no character of a shell/],
    ['an assignment', { check: 'A=1 ledger-api-admin check' }, /without its folder/],
    ['a program by its path', { check: '/opt/ledger-api-admin check' }, /without its folder/],
    ['no place for the file', { load: 'ledger-api-admin load' }, /^load: .*wanted \{file\} once/],
    ['two places', { load: 'ledger-api-admin load {file} {file}' }, /wanted \{file\} once/],
    ['a place where there is no file', { check: 'ledger-api-admin check {file}' }, /no character of a shell/],
    ['another program', { check: 'other-admin check' }, /^check: .*wanted one program for all three/],
    ['a program of the pages', { check: 'openssl version' }, /begins with openssl, which the pages use/],
    ['a tool of a provider', { check: 'vault status' }, /begins with vault, which the pages use/],
    ['a short fingerprint', { importKey: 'abc' }, /^importKey: .*wanted 64 hex digits in lower case/],
    ['upper case', { importKey: 'A'.repeat(64) }, /wanted 64 hex digits in lower case/],
    ['an answer of two lines', { answer: 'a\nb' }, /wanted one line/],
    ['no answer', { answer: undefined }, /service answer: is missing/],
    ['an unknown field', { user: 'root' }, /^user: /],
  ])('refuses %s in one line, at its line', (_, change, wanted) => {
    const lines = refused(change);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(wanted);
    expect(lines[0]).not.toMatch(/invalid|expected|zod|regex|undefined/i);
  });

  it('is printed with the words that sss reads aloud of the same key', () => {
    const values = valuesOf({ deployment: parseDeployment(text, 'deployment.yaml') });
    expect(values.get('service.words')).toMatch(/^([a-z]{5}-[a-z]{5} ){3}[a-z]{5}-[a-z]{5}$/);
    expect(values.get('service.load')).toBe('ledger-api-admin load master.wrapped');
  });
});
