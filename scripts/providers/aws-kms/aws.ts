/** Stand-in for the `aws` command (AWS CLI v2): sts and kms with a closed list of options, errors and exit codes of awscli 2.9. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { partitionOf } from '../../../src/deployment/providers/aws-kms.regions';
import { Exit, type Outcome, type Shell } from '../exit';
import { type Flags, flag, type Parsed, parseFlags } from '../grammar';
import { AwsError } from './keys';
import { plain, queryPath, render, select } from './output';
import { callAws } from './service';
import { integer, openHistory, type Settings, settingsOf } from './settings';
import { type AwsWorld, awsState } from './state';

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
  try {
    return call(directory, words, shell);
  } catch (error) {
    throw error instanceof Exit ? asReleased(awsState.load(directory), error) : error;
  }
}

/** Where single sign-on keeps its tokens, and the credentials that it was given for them. */
export const ssoCaches = (home: string) => ['sso', 'cli'].map((part) => join(home, '.aws', part, 'cache'));

/** Files of such a cache. */
export const cachedTokens = (folder: string) =>
  existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];

function call(directory: string, words: readonly string[], shell: Shell): Outcome {
  if (words.length === 1 && words[0] === '--version') {
    return { code: 0, stdout: 'aws-cli/2.9.19 (MasterKey Runbook stand-in)\n', stderr: '' };
  }
  if (words.join(' ') === 'sso logout') {
    for (const file of ssoCaches(shell.env.HOME ?? homedir()).flatMap(cachedTokens)) rmSync(file);
    return { code: 0, stdout: '', stderr: '' };
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

  const record = settings.history === undefined ? undefined : openHistory(settings.history, shell.cwd);
  const world = awsState.load(directory);
  const response = perform(directory, world, service ?? '', operation.api, parameters, settings);
  awsState.save(directory, world);
  record?.({ command: words, response: plain(response) });
  const { pager } = settings;
  const stdout = response === undefined ? '' : render(select(response, path), settings.output, operation.api);
  if (pager !== '' && pager !== 'cat' && shell.stdoutIsTerminal) throw paged(pager, shell);
  return { code: 0, stdout, stderr: '' };
}

/** A pager that is not there fails the command; one that is there waits for a key, where LESS does not say otherwise. */
function paged(pager: string, { env }: Shell): Exit {
  const [name = ''] = pager.split(' ');
  if ((env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, name))))
    return new Exit(130, '(END)\n');
  return new Exit(
    253,
    '\nUnable to redirect output to pager. Received the following error when opening pager:\n' +
      `[Errno 2] No such file or directory: '${name}'\n\n` +
      'Learn more about configuring the output pager by running "aws help config-vars".\n',
  );
}

/** Errors as the release words them: since December 2025 each begins with the name of the tool. */
function asReleased({ errorPrefix }: AwsWorld, error: Exit): Exit {
  return errorPrefix === true
    ? new Exit(error.code, error.stderr.replace(/^\n(?!usage:)/, '\naws: [ERROR]: '))
    : error;
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
  if (output !== undefined && !['json', 'text', 'table'].includes(output)) {
    throw invalidChoice('--output', ['json', 'text', 'table']);
  }
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
  const endpoint =
    settings.endpoint ??
    `https://${service}.${region}.amazonaws.com${partitionOf(region) === 'aws-cn' ? '.cn' : ''}/`;
  if (settings.endpoint !== undefined)
    throw new Exit(255, `\nCould not connect to the endpoint URL: "${endpoint}"\n`);
  const retries = `reached max retries: ${settings.attempts - 1}`;
  const result = callAws(directory, world, { ...settings, region, service, api, parameters });
  if (result instanceof AwsError) {
    // The client says so after its last attempt: of errors worth a retry, or of any where one attempt is all.
    const last = result.httpStatus >= 500 || result.code === 'ThrottlingException' || settings.attempts === 1;
    const note = last ? ` (${retries})` : '';
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
    case 'expired-sign-in':
      throw new Exit(
        255,
        '\nThe SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile.\n',
      );
    case 'unknown-profile':
      throw new Exit(255, `\nThe config profile (${settings.profile}) could not be found\n`);
    case 'unknown-authority':
      throw new Exit(
        255,
        `\nSSL validation failed for ${endpoint} [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1007)\n`,
      );
    case 'response':
      return result.response;
  }
}
