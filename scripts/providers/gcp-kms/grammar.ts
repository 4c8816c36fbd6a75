/** Words of the `gcloud` stand-in: the tree of commands, their flags, and what is said about words that do not fit (SDK 528). */
import { Exit } from '../exit';
import { type Flags, flag, nearest, type Parsed } from '../grammar';

export const searchHint = 'To search the help text of gcloud commands, run:\n  gcloud help -- SEARCH_TERMS';

/** `--format` is a language of its own; the stand-in knows `value(state)` and `value(account)`. */
export function unknownFormat(command: string, format: string): Exit {
  return new Exit(1, `ERROR: (gcloud.${command}) the stand-in does not know --format [${format}]\n`);
}

/** Makes the error of one command. */
export type Fail = (code: number, message: string) => Exit;

/** One command of the tree. */
export interface GcloudCommand {
  readonly flags: Flags;
  /** Name of the positional argument, if there is one. */
  readonly argument?: 'KEYRING' | 'KEY' | 'VERSION';
  /** Flags that argparse itself demands (exit code 2). */
  readonly required: readonly string[];
  /** Part of the resource path after the location that the command's URL ends with; none for local commands. */
  readonly url?: (parsed: Parsed) => string;
}

const place: Flags = { location: 'value', keyring: 'value' };
const inKey: Flags = { ...place, key: 'value' };
export const wide: Flags = {
  project: 'value',
  account: 'value',
  format: 'value',
  quiet: 'switch',
  'log-http': 'switch',
  'no-log-http': 'switch',
};

const versionUrl = (suffix: string) => (parsed: Parsed) =>
  `/keyRings/${flag(parsed, 'keyring')}/cryptoKeys/${flag(parsed, 'key')}/cryptoKeyVersions/` +
  `${flag(parsed, 'version') ?? parsed.positional.at(-1)}${suffix}?alt=json`;

const onVersion = (suffix: string): GcloudCommand => ({
  flags: inKey,
  argument: 'VERSION',
  required: [],
  url: versionUrl(suffix),
});

export const commands: Readonly<Record<string, GcloudCommand>> = {
  'auth list': { flags: { filter: 'value' }, required: [] },
  'auth revoke': { flags: { all: 'switch' }, required: [] },
  'kms keyrings create': {
    flags: { location: 'value' },
    argument: 'KEYRING',
    required: [],
    url: (parsed) => `/keyRings?alt=json&keyRingId=${parsed.positional.at(-1)}`,
  },
  'kms keys create': {
    flags: {
      ...place,
      purpose: 'value',
      'default-algorithm': 'value',
      'protection-level': 'value',
      'destroy-scheduled-duration': 'value',
    },
    argument: 'KEY',
    required: ['purpose'],
    url: (parsed) =>
      `/keyRings/${flag(parsed, 'keyring')}/cryptoKeys?alt=json&cryptoKeyId=${parsed.positional.at(-1)}`,
  },
  'kms keys versions get-public-key': {
    ...onVersion('/publicKey'),
    flags: { ...inKey, 'output-file': 'value', 'public-key-format': 'value' },
  },
  'kms keys versions describe': onVersion(''),
  'kms keys versions destroy': onVersion(':destroy'),
  'kms keys versions restore': onVersion(':restore'),
  'kms keys versions enable': onVersion(''),
  'kms keys versions disable': onVersion(''),
  'kms asymmetric-decrypt': {
    flags: { ...inKey, version: 'value', 'ciphertext-file': 'value', 'plaintext-file': 'value' },
    required: ['ciphertext-file', 'plaintext-file'],
    url: versionUrl(':asymmetricDecrypt'),
  },
};

/** The command that the first words name, or the error for none. */
export function commandName(words: readonly string[]): string {
  const typed = words.slice(0, words.findIndex((word) => word.startsWith('-')) >>> 0);
  const names = Object.keys(commands);
  for (let length = typed.length; length > 0; length -= 1) {
    const name = typed.slice(0, length).join(' ');
    if (names.includes(name)) return name;
  }
  let depth = 0;
  while (
    depth < typed.length &&
    names.some((name) => name.startsWith(`${typed.slice(0, depth + 1).join(' ')} `))
  ) {
    depth += 1;
  }
  const group = ['gcloud', ...typed.slice(0, depth)].join('.');
  const next = typed[depth];
  if (next === undefined) throw new Exit(2, `ERROR: (${group}) Command name argument expected.\n`);
  const choice = nearest(
    next,
    names
      .filter((name) => name.startsWith(typed.slice(0, depth).join(' ')))
      .map((name) => name.split(' ')[depth] ?? ''),
  );
  const path = [...typed.slice(0, depth), choice].join(' ');
  const maybe = choice === undefined ? '' : `\nMaybe you meant:\n  gcloud ${path}\n`;
  throw new Exit(2, `ERROR: (${group}) Invalid choice: '${next}'.${maybe}\n${searchHint}\n`);
}

/** What argparse checks: unknown words, missing values, missing arguments. */
export function checkGrammar(
  command: GcloudCommand,
  parsed: Parsed,
  positional: readonly string[],
  name: string,
  fail: Fail,
): void {
  const usage = `Usage: gcloud ${name} [optional flags]\n\nFor detailed information on this command and its flags, run:\n  gcloud ${name} --help`;
  if (parsed.incomplete !== undefined) {
    throw fail(2, `argument --${parsed.incomplete}: expected one argument\n${usage}`);
  }
  const unknown = [...parsed.unknown, ...positional.slice(command.argument === undefined ? 0 : 1)];
  if (unknown.length > 0) {
    const known = Object.keys({ ...wide, ...command.flags }).map((known) => `--${known}`);
    const lines = unknown.map((word) => {
      const near = word.startsWith('--') ? nearest(word, known) : undefined;
      return near === undefined ? word : `${word} (did you mean '${near}'?)`;
    });
    const list =
      lines.length === 1 && lines[0] === unknown[0] ? ` ${lines[0]} \n\n` : `\n  ${lines.join('\n  ')}\n  `;
    throw fail(2, `unrecognized arguments:${list}${searchHint}`);
  }
  if (command.argument !== undefined && positional.length === 0) {
    throw fail(2, `argument ${missingArgument(command.argument, parsed)}\n${usage}`);
  }
  for (const required of command.required) {
    if (flag(parsed, required) === undefined)
      throw fail(2, `argument --${required}: Must be specified.\n${usage}`);
  }
}

/** What is checked once an account is known: the parts of the resource name. */
export function requireIds(
  name: string,
  ids: Record<'location' | 'keyring' | 'key' | 'version', string>,
  fail: Fail,
): void {
  const needed: (keyof typeof ids)[] = ['location'];
  if (name !== 'kms keyrings create') needed.push('keyring');
  if (name.startsWith('kms keys versions') || name === 'kms asymmetric-decrypt') needed.unshift('key');
  for (const id of needed.reverse()) {
    if (ids[id] === '') throw fail(1, `argument --${id}: Must be specified.`);
  }
  if (name === 'kms asymmetric-decrypt' && ids.version === '') {
    throw fail(
      1,
      'value for field [cryptoKeyVersionsId] in collection [cloudkms.projects.locations.keyRings.cryptoKeys.cryptoKeyVersions] is required but was not provided',
    );
  }
}

function missingArgument(name: string, parsed: Parsed): string {
  const flags = { VERSION: [], KEY: ['keyring', 'location'], KEYRING: ['location'] }[name] ?? [];
  if (flags.length === 0) return `${name}: Must be specified.`;
  const present = flags.filter((flagName) => flag(parsed, flagName) !== undefined);
  if (present.length > 0)
    return `${present.map((flagName) => `--${flagName}`).join(' ')}: ${name} must be specified.`;
  const group = flags.map((flagName) => `--${flagName}=${flagName.toUpperCase()}`).join(' ');
  return `(${name} : ${group}): Must be specified.`;
}
