/** What a deployment says of a provider reaches every command that depends on it, on every page. */
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Shard } from '../../src/deployment/deployment';
import { loadDeployment } from '../../src/deployment/load';
import { loadProcedures } from '../../src/procedure/load';

const root = resolve(__dirname, '../..');

/** The commands of all pages of a deployment, one a line, with their step. */
function commandsOf(file: string) {
  const deployment = loadDeployment(join(root, file));
  const commands = loadProcedures(root, deployment).flatMap(({ steps }) =>
    steps.flatMap(({ id, command }) =>
      (command?.lines.map(({ text }) => text).join('\n') ?? '')
        .replace(/\\\n\s*/g, '')
        .split('\n')
        .map((text) => ({ id, text })),
    ),
  );
  return { deployment, commands };
}

const example = 'tests/fixtures/example/deployment.yaml';
const elsewhere = 'tests/fixtures/deployments/elsewhere.yaml';

describe('an HSM', () => {
  it.each([
    [example, 'sha1', '--hash-algorithm SHA-1 --mgf MGF1-SHA1 '],
    [elsewhere, 'sha256', '--hash-algorithm SHA256 --mgf MGF1-SHA256 '],
  ])('of %s prints the hash of OAEP that the token knows, %s', (file, hash, options) => {
    const { deployment, commands } = commandsOf(file);
    const shard = deployment.shards.find(({ provider }) => provider === 'pkcs11-hsm') as Shard;
    const wraps = commands.filter(({ text }) =>
      new RegExp(`--(?:wrap-to(?: ${shard.n}=| )|to )shard-${shard.n}\\.pub\\.pem`).test(text),
    );
    const unwraps = commands.filter(({ text }) => /^ *pkcs11-tool .*--decrypt /.test(text));
    expect(wraps.length).toBeGreaterThan(2);
    expect(unwraps.length).toBeGreaterThan(2);
    const told = `shard-${shard.n}.pub.pem${hash === 'sha1' ? ',sha1 ' : ' '}`;
    expect(wraps.filter(({ text }) => !text.includes(told))).toEqual([]);
    expect(unwraps.filter(({ text }) => !text.includes(options))).toEqual([]);
  });
});

describe('Vault', () => {
  const { commands } = commandsOf(elsewhere);
  const tool = /(?:^|[;&|(] *|[A-Z_]+=\S+ )(?:vault|bao) (?!--version)/;
  const calling = commands.filter(({ text }) => tool.test(text.trim()));

  it('is told where it is by every command, each value as one word', () => {
    expect(calling.length).toBeGreaterThan(20);
    const way =
      / -address=https:\/\/bao\.ledger\.example:8200 +-namespace=ledger\/keys +-ca-cert='\/etc\/ssl\/Ledger'\\''s authority\.pem' /;
    expect(calling.filter(({ text }) => !way.test(text))).toEqual([]);
  });

  it('is asked with the command and at the engine that the deployment names', () => {
    expect(calling.filter(({ text }) => /(?:^|\s)vault /.test(text))).toEqual([]);
    const paths = calling.flatMap(
      ({ text }) => / ([\w/]+)\/(?:keys|decrypt|export)\/\S+/.exec(text)?.[1] ?? [],
    );
    expect(paths.length).toBeGreaterThan(10);
    expect([...new Set(paths)]).toEqual(['kms/transit']);
  });

  it('of the example needs none of it, and is the command vault', () => {
    const texts = commandsOf(example).commands.map(({ text }) => text);
    expect(texts.filter((text) => /-namespace|-ca-cert|\bbao /.test(text))).toEqual([]);
    expect(texts.filter((text) => /(?:^|\s)vault .*transit\/decrypt\//.test(text)).length).toBeGreaterThan(3);
  });
});

describe('a region', () => {
  it.each([
    [example, ['us-east-1', 'europe-west4'], ['eu-central-1', 'westeurope']],
    [elsewhere, ['eu-central-1', 'westeurope'], ['europe-west4', 'us-west-2']],
  ])(
    'of %s: the page of its outage names every region of the deployment, and no other',
    (file, own, others) => {
      const deployment = loadDeployment(join(root, file));
      const page = loadProcedures(root, deployment).find((each) => each.file.endsWith('region-down.mdx'));
      const text = page?.lines.map((line) => line.text).join('\n') ?? '';
      expect(page?.applies).toBe(true);
      for (const region of own) expect(text).toMatch(new RegExp(`^\\| .* ${region} \\| \\d`, 'm'));
      for (const region of others) expect(text).not.toContain(region);
    },
  );
});
