/** Each command names the service that it talks to: it is right in a shell that was opened anew, and in the middle of a page. */
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { loadProcedures } from '../../src/procedure/load';

const root = resolve(__dirname, '../..');
const example = loadDeployment(join(root, 'tests/fixtures/example/deployment.yaml'));

/** Commands of all pages, with their continued lines joined, each with the id of its step. */
const commands = loadProcedures(root, example).flatMap(({ steps }) =>
  steps.flatMap(({ id, command }) =>
    (command?.lines ?? [])
      .map(({ text }) => text)
      .join('\n')
      .replace(/\\\n\s*/g, '')
      .split('\n')
      .map((text) => ({ id, text })),
  ),
);
const calling = (tool: string) =>
  commands.filter(({ text }) =>
    new RegExp(`(?:^|[;&|(] *|[A-Z_]+=\\S+ )${tool} (?!--version)`).test(text.trim()),
  );

describe('a command of', () => {
  it('vault carries the address of its server', () => {
    const vault = calling('vault');
    expect(vault.length).toBeGreaterThan(10);
    expect(vault.filter(({ text }) => !/ -address=https:\/\/\S+ /.test(text))).toEqual([]);
  });

  it('no page leaves an address in the shell', () => {
    expect(commands.filter(({ text }) => /VAULT_ADDR|BAO_ADDR/.test(text))).toEqual([]);
  });
});
