/** Options of the `az` stand-in: the closed lists of azure-cli 2.45, and its words for what is not in them. */
import { Exit } from '../exit';
import { type Flags, flag, type Parsed, parseFlags } from '../grammar';

const output: Flags = { query: 'value', output: 'value' };
const key: Flags = { 'vault-name': 'value', name: 'value', ...output };

export interface Command {
  readonly flags: Flags;
  readonly required: readonly string[];
}

/** Every command that is played, by its words. */
export const azCommands: Readonly<Record<string, Command>> = {
  'account clear': { flags: {}, required: [] },
  'account show': { flags: output, required: [] },
  'keyvault key create': {
    flags: { ...key, kty: 'value', size: 'value', ops: 'value', protection: 'value' },
    required: ['vault-name', 'name'],
  },
  'keyvault key show': { flags: key, required: ['vault-name', 'name'] },
  'keyvault key download': {
    flags: { ...key, encoding: 'value', file: 'value' },
    required: ['vault-name', 'name', 'file'],
  },
  'keyvault key decrypt': {
    flags: { ...key, algorithm: 'value', value: 'value', 'data-type': 'value' },
    required: ['vault-name', 'name', 'algorithm', 'value'],
  },
  'keyvault key show-deleted': { flags: key, required: ['vault-name', 'name'] },
  'keyvault key recover': { flags: key, required: ['vault-name', 'name'] },
  'keyvault key delete': { flags: key, required: ['vault-name', 'name'] },
};

/** Closed lists of values, as the vendor's parser has them. */
const choices: Readonly<Record<string, readonly string[]>> = {
  kty: ['EC', 'EC-HSM', 'RSA', 'RSA-HSM', 'oct', 'oct-HSM'],
  protection: ['hsm', 'software'],
  encoding: ['DER', 'PEM'],
  algorithm: [
    ...[
      'A128CBC',
      'A128CBCPAD',
      'A128GCM',
      'A192CBC',
      'A192CBCPAD',
      'A192GCM',
      'A256CBC',
      'A256CBCPAD',
      'A256GCM',
    ],
    ...['RSA-OAEP', 'RSA-OAEP-256', 'RSA1_5'],
  ],
  'data-type': ['base64', 'plaintext'],
  output: ['json', 'jsonc', 'none', 'table', 'tsv', 'yaml', 'yamlc'],
};
const operations = ['decrypt', 'encrypt', 'export', 'import', 'sign', 'unwrapKey', 'verify', 'wrapKey'];

function usage(name: string, message: string): Exit {
  return new Exit(2, `ERROR: az ${name}: ${message}\n`);
}

/** Reads the arguments of a known command. Throws Exit with the vendor's text. */
export function readArguments(name: string, words: readonly string[], { flags, required }: Command): Parsed {
  const parsed = parseFlags(words, flags, { dashes: 2 });
  const ops = parsed.values.has('ops') ? parsed.positional : [];
  const stray = parsed.unknown[0] ?? (parsed.values.has('ops') ? undefined : parsed.positional[0]);
  if (stray !== undefined)
    throw new Exit(
      2,
      `ERROR: unrecognized arguments: ${[...parsed.unknown, ...parsed.positional].join(' ')}\n`,
    );
  if (parsed.incomplete !== undefined)
    throw usage(name, `argument --${parsed.incomplete}: expected one argument`);
  const missing = required.filter((option) => flag(parsed, option) === undefined);
  if (missing.length > 0) {
    throw new Exit(
      2,
      `ERROR: the following arguments are required: ${missing.map((option) => `--${option}`).join(', ')}\n`,
    );
  }
  for (const [option, allowed] of Object.entries(choices)) {
    const value = flag(parsed, option);
    if (value !== undefined && !allowed.includes(value)) {
      throw usage(
        name,
        `'${value}' is not a valid value for '--${option}'. Allowed values: ${allowed.join(', ')}.`,
      );
    }
  }
  for (const operation of [...(flag(parsed, 'ops')?.split(' ') ?? []), ...ops]) {
    if (!operations.includes(operation)) {
      throw usage(
        name,
        `'${operation}' is not a valid value for '--ops'. Allowed values: ${operations.join(', ')}.`,
      );
    }
  }
  return parsed;
}
