/** Stand-in for the `aws` command (AWS CLI v2): sts and kms with a closed list of options, errors and exit codes of awscli 2.9. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { AwsError } from './aws-kms';
import { callAws } from './aws-service';
import { Exit, type Outcome, type Shell } from './exit';
import { type Flags, flag, type Parsed, parseFlags } from './grammar';
import { type AwsWorld, load, save } from './world';

type ParameterKind = 'text' | 'integer' | 'blob' | 'yes';

interface Operation {
  readonly api: string;
  readonly options: Readonly<Record<string, ParameterKind>>;
  readonly required: readonly string[];
}

const keyId = { 'key-id': 'text' } as const;

const commands: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  sts: {
    'get-caller-identity': { api: 'GetCallerIdentity', options: {}, required: [] },
  },
  kms: {
    'cancel-key-deletion': { api: 'CancelKeyDeletion', options: keyId, required: ['key-id'] },
    'create-alias': {
      api: 'CreateAlias',
      options: { 'alias-name': 'text', 'target-key-id': 'text' },
      required: ['alias-name', 'target-key-id'],
    },
    'create-key': {
      api: 'CreateKey',
      options: { description: 'text', 'key-spec': 'text', 'key-usage': 'text', 'multi-region': 'yes' },
      required: [],
    },
    decrypt: {
      api: 'Decrypt',
      options: { ...keyId, 'ciphertext-blob': 'blob', 'encryption-algorithm': 'text' },
      required: ['ciphertext-blob'],
    },
    'describe-key': { api: 'DescribeKey', options: keyId, required: ['key-id'] },
    'disable-key': { api: 'DisableKey', options: keyId, required: ['key-id'] },
    'enable-key': { api: 'EnableKey', options: keyId, required: ['key-id'] },
    'get-public-key': { api: 'GetPublicKey', options: keyId, required: ['key-id'] },
    'list-aliases': { api: 'ListAliases', options: keyId, required: [] },
    'replicate-key': {
      api: 'ReplicateKey',
      options: { ...keyId, 'replica-region': 'text', description: 'text' },
      required: ['key-id', 'replica-region'],
    },
    'schedule-key-deletion': {
      api: 'ScheduleKeyDeletion',
      options: { ...keyId, 'pending-window-in-days': 'integer' },
      required: ['key-id'],
    },
  },
};

const globals: Flags = {
  region: 'value',
  output: 'value',
  query: 'value',
  profile: 'value',
  'cli-connect-timeout': 'value',
  'cli-read-timeout': 'value',
  'no-cli-pager': 'switch',
};

const usage = `
usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
To see help text, you can run:

  aws help
  aws <command> help
  aws <command> <subcommand> help

`;

function misuse(message: string): Exit {
  return new Exit(252, `${usage}${message}\n\n`);
}

/** Runs one `aws` command line in the world directory. */
export function aws(directory: string, words: readonly string[], shell: Shell): Outcome {
  if (words.length === 1 && words[0] === '--version') {
    return { code: 0, stdout: 'aws-cli/2.9.19 (MasterKey Runbook stand-in)\n', stderr: '' };
  }
  const [service, name] = parseFlags(words, globals, { dashes: 2 }).positional;
  const operation = operationOf(service, name);
  const optionFlags: Flags = Object.fromEntries(
    Object.entries(operation.options).map(([option, kind]) => [option, kind === 'yes' ? 'switch' : 'value']),
  );
  const parsed = parseFlags(words, { ...globals, ...optionFlags }, { dashes: 2 });
  if (parsed.incomplete !== undefined) {
    throw misuse(`aws: error: argument --${parsed.incomplete}: expected one argument`);
  }
  checkOutput(parsed);
  const missing = operation.required.filter((option) => flag(parsed, option) === undefined);
  if (missing.length > 0) {
    const list = missing.map((option) => `--${option}`).join(', ');
    throw misuse(`aws: error: the following arguments are required: ${list}`);
  }
  const unknown = [...parsed.unknown, ...parsed.positional.slice(2)];
  if (unknown.length > 0) throw misuse(`Unknown options: ${unknown.join(', ')}`);
  const path = queryPath(flag(parsed, 'query'));
  const parameters = parametersOf(operation, parsed, shell);
  const settings = settingsOf(parsed, shell);

  const world = load(directory, 'aws');
  const response = perform(directory, world, service ?? '', operation.api, parameters, settings);
  save(directory, 'aws', world);
  if (response === undefined) return { code: 0, stdout: '', stderr: '' };
  return { code: 0, stdout: render(select(response, path), flag(parsed, 'output') ?? 'json'), stderr: '' };
}

function operationOf(service: string | undefined, name: string | undefined): Operation {
  if (service === undefined) throw misuse('aws: error: the following arguments are required: command');
  const operations = Object.hasOwn(commands, service) ? commands[service] : undefined;
  if (operations === undefined) throw invalidChoice('command', Object.keys(commands));
  if (name === undefined) throw misuse('aws: error: the following arguments are required: operation');
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined) throw invalidChoice('operation', Object.keys(operations));
  return operation;
}

function invalidChoice(argument: string, choices: readonly string[]): Exit {
  const cells = [...choices].sort();
  const rows: string[] = [];
  for (let index = 0; index < cells.length; index += 2) {
    rows.push(
      cells
        .slice(index, index + 2)
        .map((cell) => cell.padEnd(40))
        .join(' | '),
    );
  }
  return misuse(`aws: error: argument ${argument}: Invalid choice, valid choices are:\n\n${rows.join('\n')}`);
}

function checkOutput(parsed: Parsed): void {
  const output = flag(parsed, 'output');
  if (output !== undefined && output !== 'json' && output !== 'text') {
    throw invalidChoice('--output', ['json', 'text']);
  }
}

/** Dotted names only: what the runbook prints. The real tool takes all of JMESPath. */
function queryPath(query: string | undefined): readonly string[] {
  if (query === undefined) return [];
  if (!/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(query)) {
    throw new Exit(252, `\nBad value for --query ${query}: wanted names joined by dots\n`);
  }
  return query.split('.');
}

function parametersOf(operation: Operation, parsed: Parsed, shell: Shell) {
  const parameters: Record<string, string | number | boolean | Buffer> = {};
  for (const [option, kind] of Object.entries(operation.options)) {
    const value = flag(parsed, option);
    if (value === undefined) continue;
    const member = option.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    if (kind === 'yes') parameters[member] = true;
    else if (kind === 'blob') parameters[member] = blob(option, value, shell);
    else if (kind === 'integer') parameters[member] = integer(value);
    else if (value === '') {
      throw new Exit(
        252,
        `\nParameter validation failed:\nInvalid length for parameter ${member}, value: 0, valid min length: 1\n`,
      );
    } else parameters[member] = value;
  }
  return parameters;
}

function integer(value: string): number {
  if (!/^[+-]?\d+$/.test(value))
    throw new Exit(255, `\ninvalid literal for int() with base 10: '${value}'\n`);
  return Number(value);
}

function blob(option: string, value: string, shell: Shell): Buffer {
  const file = /^(fileb?):\/\/(.*)$/s.exec(value);
  let content: Buffer | string = value;
  if (file !== null) {
    const path = file[2] ?? '';
    try {
      content = readFileSync(resolve(shell.cwd, path));
    } catch {
      throw new Exit(
        252,
        `\nError parsing parameter '--${option}': Unable to load paramfile ${value}: ` +
          `[Errno 2] No such file or directory: '${path}'\n`,
      );
    }
    if (file[1] === 'fileb') return content;
    content = content.toString('latin1');
  }
  const base64 = (content as string).trim();
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    throw new Exit(255, `\nInvalid base64: "${content}"\n`);
  }
  return Buffer.from(base64, 'base64');
}

interface Settings {
  readonly region: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
  readonly attempts: number;
  readonly readTimeout: number;
}

function settingsOf(parsed: Parsed, shell: Shell): Settings {
  const { env } = shell;
  const home = env.HOME ?? homedir();
  const named = flag(parsed, 'profile') ?? env.AWS_PROFILE;
  const profile = named ?? 'default';
  const credentials = section(join(home, '.aws', 'credentials'), profile);
  const config = section(
    join(home, '.aws', 'config'),
    profile === 'default' ? profile : `profile ${profile}`,
  );
  if (named !== undefined && credentials === undefined && config === undefined) {
    throw new Exit(255, `\nThe config profile (${named}) could not be found\n`);
  }
  for (const option of ['cli-read-timeout', 'cli-connect-timeout']) integer(flag(parsed, option) ?? '60');
  const fromEnvironment = flag(parsed, 'profile') === undefined && env.AWS_ACCESS_KEY_ID !== undefined;
  return {
    region: flag(parsed, 'region') ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? config?.region,
    accessKeyId: fromEnvironment ? env.AWS_ACCESS_KEY_ID : credentials?.aws_access_key_id,
    secretAccessKey: fromEnvironment ? env.AWS_SECRET_ACCESS_KEY : credentials?.aws_secret_access_key,
    attempts: integer(env.AWS_MAX_ATTEMPTS ?? '3'),
    readTimeout: integer(flag(parsed, 'cli-read-timeout') ?? '60'),
  };
}

/** One section of an INI file; undefined where file or section is missing. */
function section(path: string, name: string): Record<string, string> | undefined {
  if (!existsSync(path)) return undefined;
  let found: Record<string, string> | undefined;
  let inside = false;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const header = /^\[(.+)\]\s*$/.exec(line);
    if (header !== null) {
      inside = header[1] === name;
      if (inside) found = {};
    } else if (inside && found !== undefined) {
      const pair = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line);
      if (pair?.[1] !== undefined) found[pair[1]] = pair[2] ?? '';
    }
  }
  return found;
}

function perform(
  directory: string,
  world: AwsWorld,
  service: string,
  api: string,
  parameters: Record<string, string | number | boolean | Buffer>,
  settings: Settings,
): Record<string, unknown> | undefined {
  const { region } = settings;
  if (region === undefined) {
    throw new Exit(
      253,
      '\nYou must specify a region. You can also configure your region by running "aws configure".\n',
    );
  }
  const endpoint = `https://${service}.${region}.amazonaws.com/`;
  const retries = `reached max retries: ${settings.attempts - 1}`;
  const result = callAws(directory, world, { ...settings, region, service, api, parameters });
  if (result instanceof AwsError) {
    const note = result.httpStatus >= 500 || result.code === 'ThrottlingException' ? ` (${retries})` : '';
    const message = `An error occurred (${result.code}) when calling the ${api} operation${note}: ${result.message}`;
    throw new Exit(254, `\n${message}\n`);
  }
  switch (result.kind) {
    case 'unreachable':
      throw new Exit(255, `\nCould not connect to the endpoint URL: "${endpoint}"\n`);
    case 'silent':
      throw new Exit(255, `\nRead timeout on endpoint URL: "${endpoint}"\n`);
    case 'no-credentials':
      throw new Exit(
        253,
        '\nUnable to locate credentials. You can configure credentials by running "aws configure".\n',
      );
    case 'response':
      return result.response;
  }
}

function select(response: Record<string, unknown>, path: readonly string[]): unknown {
  let value: unknown = response;
  for (const name of path) {
    const record = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
    value = Object.hasOwn(record, name) ? (record as Record<string, unknown>)[name] : null;
  }
  return value;
}

function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
  }
  return value;
}

function render(selected: unknown, output: string): string {
  const value = plain(selected);
  if (output === 'json') return `${JSON.stringify(value, null, 4)}\n`;
  return `${textRows(value).join('\n')}\n`;
}

/** The text output of scalars, lists of scalars and flat structures; members in alphabetic order, tabs between. */
function textRows(value: unknown): string[] {
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object')) return [value.map(scalar).join('\t')];
    return value.flatMap(textRows);
  }
  if (typeof value !== 'object' || value === null) return [scalar(value)];
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const flat = members.filter(([, member]) => typeof member !== 'object' || member === null);
  const nested = members.filter(([, member]) => typeof member === 'object' && member !== null);
  return [
    ...(flat.length > 0 ? [flat.map(([, member]) => scalar(member)).join('\t')] : []),
    ...nested.flatMap(([name, member]) =>
      (Array.isArray(member) ? member : [member]).flatMap((item) =>
        textRows(item).map((row) => `${name.toUpperCase()}\t${row}`),
      ),
    ),
  ];
}

function scalar(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  return String(value);
}
