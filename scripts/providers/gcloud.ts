/** Stand-in for the `gcloud` command: Cloud KMS with a closed list of flags, errors and exit codes of Google Cloud SDK 528. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Exit, type Outcome, type Shell } from './exit';
import { performKms, searchHint, unknownFormat } from './gcloud-kms';
import { GcpError } from './gcp-kms';
import { type Flags, flag, nearest, type Parsed, parseFlags } from './grammar';
import { type FaultMode, faultOn, hang, load, save } from './world';

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
const wide: Flags = { project: 'value', account: 'value', format: 'value', quiet: 'switch' };

const versionUrl = (suffix: string) => (parsed: Parsed) =>
  `/keyRings/${flag(parsed, 'keyring')}/cryptoKeys/${flag(parsed, 'key')}/cryptoKeyVersions/` +
  `${flag(parsed, 'version') ?? parsed.positional.at(-1)}${suffix}?alt=json`;

const onVersion = (suffix: string): GcloudCommand => ({
  flags: inKey,
  argument: 'VERSION',
  required: [],
  url: versionUrl(suffix),
});

const commands: Readonly<Record<string, GcloudCommand>> = {
  'auth list': { flags: { filter: 'value' }, required: [] },
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

const modes: readonly FaultMode[] = [
  'refuse',
  'absent',
  'hang',
  'http-503',
  'throttle',
  'denied',
  'no-credentials',
  'wrong-shard',
  'tampered',
];

/** Runs one `gcloud` command line in the world directory. */
export function gcloud(directory: string, words: readonly string[], shell: Shell): Outcome {
  if (words.length === 1 && words[0] === '--version') {
    return { code: 0, stdout: 'Google Cloud SDK 528.0.0 (MasterKey Runbook stand-in)\n', stderr: '' };
  }
  const name = commandName(words);
  const command = commands[name] as GcloudCommand;
  const dotted = `gcloud.${name.replaceAll(' ', '.')}`;
  const fail = (code: number, message: string) => new Exit(code, `ERROR: (${dotted}) ${message}\n`);
  const parsed = parseFlags(words, { ...wide, ...command.flags }, { dashes: 2 });
  const positional = parsed.positional.slice(name.split(' ').length);
  checkGrammar(command, parsed, positional, name, fail);

  const world = load(directory, 'gcp');
  const project = flag(parsed, 'project') ?? shell.env.CLOUDSDK_CORE_PROJECT ?? setting(shell, 'project');
  const account = activeAccount(shell);
  const fault = faultOn(directory, modes, `gcp-kms:${project ?? ''}`, 'gcp-kms');
  const loggedIn = account === world.account && account !== '' && fault?.mode !== 'no-credentials';
  if (name === 'auth list') return authList(loggedIn ? [world.account] : [], parsed);
  if (project === undefined) throw fail(1, projectMissing);
  const ids = {
    project,
    location: flag(parsed, 'location') ?? '',
    keyring: command.argument === 'KEYRING' ? (positional[0] ?? '') : (flag(parsed, 'keyring') ?? ''),
    key: command.argument === 'KEY' ? (positional[0] ?? '') : (flag(parsed, 'key') ?? ''),
    version: command.argument === 'VERSION' ? (positional[0] ?? '') : (flag(parsed, 'version') ?? ''),
  };
  requireIds(name, ids, fail);
  const ciphertext = readCiphertext(parsed, shell, fail);
  if (!loggedIn) throw fail(1, noAccount);
  const url = `/v1/projects/${project}/locations/${ids.location}${command.url?.(parsed)}`;
  if (fault?.mode === 'refuse' || fault?.mode === 'absent') throw crash('ConnectionError', refused(url));
  if (fault?.mode === 'hang') {
    hang(fault, 300);
    throw crash(
      'ReadTimeout',
      "HTTPSConnectionPool(host='cloudkms.googleapis.com', port=443): Read timed out. (read timeout=300)",
    );
  }
  try {
    const outcome = performKms(world, name, ids, parsed, { fault, ciphertext, account: world.account, fail });
    save(directory, 'gcp', world);
    const target = flag(parsed, 'plaintext-file') ?? flag(parsed, 'output-file');
    if (target === undefined || target === '-') return { code: 0, stdout: outcome, stderr: '' };
    writeFileSync(resolve(shell.cwd, target), outcome, { mode: 0o600 });
    return { code: 0, stdout: '', stderr: '' };
  } catch (error) {
    if (!(error instanceof GcpError)) throw error;
    throw fail(1, `${error.status}: ${error.message}`);
  }
}

function commandName(words: readonly string[]): string {
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

function checkGrammar(
  command: GcloudCommand,
  parsed: Parsed,
  positional: readonly string[],
  name: string,
  fail: (code: number, message: string) => Exit,
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
    const list = unknown.some((word) => word.startsWith('--'))
      ? `\n  ${lines.join('\n  ')}\n  `
      : ` ${lines.join(' ')} \n\n`;
    throw fail(2, `unrecognized arguments:${list}${searchHint}`);
  }
  if (command.argument !== undefined && positional.length === 0) {
    const other =
      command.argument === 'KEY'
        ? 'argument --keyring --location: KEY must'
        : `argument ${command.argument}: Must`;
    throw fail(2, `${other} be specified.\n${usage}`);
  }
  for (const required of command.required) {
    if (flag(parsed, required) === undefined)
      throw fail(2, `argument --${required}: Must be specified.\n${usage}`);
  }
}

function requireIds(
  name: string,
  ids: Record<'location' | 'keyring' | 'key' | 'version', string>,
  fail: (code: number, message: string) => Exit,
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

function readCiphertext(parsed: Parsed, shell: Shell, fail: (code: number, message: string) => Exit): Buffer {
  const path = flag(parsed, 'ciphertext-file');
  if (path === undefined) return Buffer.alloc(0);
  if (path === '-') return shell.stdin();
  try {
    return readFileSync(resolve(shell.cwd, path));
  } catch {
    throw fail(
      1,
      `Failed to read ciphertext file [${path}]: Unable to read file [${path}]: [Errno 2] No such file or directory: '${path}'`,
    );
  }
}

function setting(shell: Shell, property: 'account' | 'project'): string | undefined {
  const home = shell.env.CLOUDSDK_CONFIG ?? join(shell.env.HOME ?? homedir(), '.config', 'gcloud');
  const path = join(home, 'configurations', 'config_default');
  if (!existsSync(path)) return undefined;
  return new RegExp(`^${property}\\s*=\\s*(\\S+)`, 'm').exec(readFileSync(path, 'utf8'))?.[1];
}

function activeAccount(shell: Shell): string {
  return shell.env.CLOUDSDK_CORE_ACCOUNT ?? setting(shell, 'account') ?? '';
}

function authList(accounts: readonly string[], parsed: Parsed): Outcome {
  const filter = flag(parsed, 'filter');
  const format = flag(parsed, 'format');
  if (filter !== undefined && filter !== 'status:ACTIVE') {
    throw new Exit(
      1,
      `ERROR: (gcloud.auth.list) the stand-in knows only --filter status:ACTIVE, not [${filter}]\n`,
    );
  }
  if (format === 'value(account)') {
    return { code: 0, stdout: accounts.map((account) => `${account}\n`).join(''), stderr: '' };
  }
  if (format !== undefined) throw unknownFormat('auth.list', format);
  if (accounts.length === 0) {
    return {
      code: 0,
      stdout: '',
      stderr: '\nNo credentialed accounts.\n\nTo login, run:\n  $ gcloud auth login `ACCOUNT`\n\n',
    };
  }
  return {
    code: 0,
    stdout: `   Credentialed Accounts\nACTIVE  ACCOUNT\n${accounts.map((account) => `*       ${account}\n`).join('')}\n`,
    stderr: '\nTo set the active account, run:\n    $ gcloud config set account `ACCOUNT`\n\n',
  };
}

function crash(type: string, message: string): Exit {
  return new Exit(
    1,
    `ERROR: gcloud crashed (${type}): ${message}\n\n` +
      'If you would like to report this issue, please run the following command:\n  gcloud feedback\n\n' +
      'To check gcloud for common problems, please run the following command:\n  gcloud info --run-diagnostics\n',
  );
}

function refused(url: string): string {
  const address = `0x7f${process.pid.toString(16).padStart(10, '0')}`;
  return (
    `HTTPSConnectionPool(host='cloudkms.googleapis.com', port=443): Max retries exceeded with url: ${url} ` +
    `(Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at ${address}>: ` +
    "Failed to establish a new connection: [Errno 111] Connection refused'))"
  );
}

const projectMissing =
  'The required property [project] is not currently set.\n' +
  'It can be set on a per-command basis by re-running your command with the [--project] flag.\n\n' +
  'You may set it for your current workspace by running:\n\n  $ gcloud config set project VALUE\n\n' +
  'or it can be set temporarily by the environment variable [CLOUDSDK_CORE_PROJECT]';

const noAccount =
  'You do not currently have an active account selected.\nPlease run:\n\n  $ gcloud auth login\n\n' +
  'to obtain new credentials.\n\n' +
  'If you have already logged in with a different account, run:\n\n  $ gcloud config set account ACCOUNT\n\n' +
  'to select an already authenticated account to use.';
