/** Options of the `az` stand-in: the closed lists of azure-cli 2.45, and the first line of its words for what is not in them; advice follows there. */
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
  kty: ['EC', 'EC-HSM', 'RSA', 'RSA-HSM', 'oct', 'oct-HSM', 'OKP', 'OKP-HSM'],
  protection: ['hsm', 'software'],
  encoding: ['DER', 'PEM'],
  algorithm: [
    ...['RSA-OAEP', 'RSA-OAEP-256', 'RSA1_5', 'A128GCM', 'A192GCM', 'A256GCM'],
    ...['A128CBC', 'A192CBC', 'A256CBC', 'A128CBCPAD', 'A192CBCPAD', 'A256CBCPAD'],
  ],
  'data-type': ['base64', 'plaintext'],
  output: ['json', 'jsonc', 'yaml', 'yamlc', 'table', 'tsv', 'none'],
};
const operations = ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey', 'import', 'export'];

function usage(message: string): Exit {
  return new Exit(2, `ERROR: ${message}\n`);
}

/** The tool's word for a command that it does not have, or for half of one. */
export function misspelled(words: readonly string[]): Exit {
  const known = Object.keys(azCommands).map((name) => name.split(' '));
  const depth = words.findIndex(
    (_, at) => !known.some((name) => words.slice(0, at + 1).every((word, index) => name[index] === word)),
  );
  if (depth < 0) return usage('the following arguments are required: _subcommand');
  return usage(`'${words[depth]}' is misspelled or not recognized by the system.`);
}

/** Options of which the tool's parser asks for one itself, by the name that it gives them. */
const asked: Readonly<Record<string, string>> = {
  algorithm: '--algorithm/-a',
  value: '--value',
  file: '--file/-f',
};

/** Reads the arguments of a known command. Throws Exit with the vendor's text. */
export function readArguments(name: string, words: readonly string[], { flags, required }: Command): Parsed {
  const parsed = parseFlags(words, flags, { dashes: 2 });
  const ops = parsed.values.has('ops') ? parsed.positional : [];
  if (parsed.incomplete !== undefined) throw usage(`argument --${parsed.incomplete}: expected one argument`);
  const unclear = (option: string, value: string, allowed: readonly string[]) =>
    usage(
      `az ${name}: '${value}' is not a valid value for '--${option}'. Allowed values: ${allowed.join(', ')}.`,
    );
  for (const [option, allowed] of Object.entries(choices)) {
    const value = flag(parsed, option);
    if (value !== undefined && !allowed.includes(value)) throw unclear(option, value, allowed);
  }
  for (const operation of [...(flag(parsed, 'ops')?.split(' ') ?? []), ...ops]) {
    if (!operations.includes(operation)) throw unclear('ops', operation, operations);
  }
  const missing = required.filter((option) => flag(parsed, option) === undefined);
  const byParser = missing.flatMap((option) => asked[option] ?? []);
  if (byParser.length > 0) throw usage(`the following arguments are required: ${byParser.join(', ')}`);
  const stray = parsed.unknown[0] ?? (parsed.values.has('ops') ? undefined : parsed.positional[0]);
  if (stray !== undefined)
    throw usage(`unrecognized arguments: ${[...parsed.unknown, ...parsed.positional].join(' ')}`);
  if (missing.length > 0) {
    const version = name === 'keyvault key create' ? '' : ' [--version VERSION]';
    throw new Exit(
      1,
      `ERROR: incorrect usage: --id ID | --vault-name/--hsm-name VAULT/HSM --name/-n NAME${version}\n`,
    );
  }
  return parsed;
}
