/** Stand-in for the `gcloud` command: Cloud KMS with a closed list of flags, errors and exit codes of Google Cloud SDK 528. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Exit, type Outcome, type Shell } from '../exit';
import { flag, given, type Parsed, parseFlags } from '../grammar';
import { writeOutput } from '../output-file';
import { faultModes, faultOn, hang } from '../world';
import { performKms } from './commands';
import {
  checkGrammar,
  commandName,
  commands,
  type Fail,
  type GcloudCommand,
  requireIds,
  unknownFormat,
  wide,
} from './grammar';
import { GcpError } from './service';
import { gcpState } from './state';
import { shortLived } from './words';

/** Runs one `gcloud` command line in the world directory. */
export function gcloud(directory: string, words: readonly string[], shell: Shell): Outcome {
  if (words.length === 1 && words[0] === '--version') {
    return { code: 0, stdout: 'Google Cloud SDK 528.0.0 (MasterKey Runbook stand-in)\n', stderr: '' };
  }
  const name = commandName(words);
  const command = commands[name] as GcloudCommand;
  const dotted = `gcloud.${name.replaceAll(' ', '.')}`;
  const fail: Fail = (code, message) => new Exit(code, `ERROR: (${dotted}) ${message}\n`);
  const parsed = parseFlags(words, { ...wide, ...command.flags }, { dashes: 2 });
  const positional = parsed.positional.slice(name.split(' ').length);
  checkGrammar(command, parsed, positional, name, fail);

  const world = gcpState.load(directory);
  const project = flag(parsed, 'project') ?? shell.env.CLOUDSDK_CORE_PROJECT ?? setting(shell, 'project');
  const account =
    flag(parsed, 'account') ?? shell.env.CLOUDSDK_CORE_ACCOUNT ?? setting(shell, 'account') ?? '';
  const location = `gcp-kms:locations/${flag(parsed, 'location') ?? ''}`;
  const fault = faultOn(directory, faultModes, location, `gcp-kms:${project ?? ''}`, 'gcp-kms');
  const loggedIn = account === world.account && account !== '' && fault?.mode !== 'no-credentials';
  if (name === 'auth list') return authList(loggedIn ? [world.account] : [], parsed);
  if (name === 'auth revoke') return revoke(account, shell, fail);
  if (project === undefined) throw fail(1, projectMissing);
  const elsewhere = shell.env.CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS;
  if (elsewhere !== undefined) throw crash('ConnectionError', `no connection to ${elsewhere}`);
  if (!loggedIn)
    throw fail(1, account === '' || fault?.mode === 'no-credentials' ? noAccount : strangeAccount(account));
  if (fault?.mode === 'clock-skew') throw fail(1, tokenRefused(account));
  if (fault?.mode === 'expired-sign-in') throw fail(1, reauthentication);
  const ids = {
    project,
    location: flag(parsed, 'location') ?? '',
    keyring: command.argument === 'KEYRING' ? (positional[0] ?? '') : (flag(parsed, 'keyring') ?? ''),
    key: command.argument === 'KEY' ? (positional[0] ?? '') : (flag(parsed, 'key') ?? ''),
    version: command.argument === 'VERSION' ? (positional[0] ?? '') : (flag(parsed, 'version') ?? ''),
  };
  requireIds(name, ids, fail);
  const ciphertext = readCiphertext(parsed, shell, fail);
  const url = `/v1/projects/${project}/locations/${ids.location}${command.url?.(parsed)}`;
  if (fault?.mode === 'refuse' || fault?.mode === 'absent') throw crash('ConnectionError', refused(url));
  if (fault?.mode === 'unknown-host')
    throw crash('ConnectionError', refused(url, '[Errno -2] Name or service not known'));
  if (fault?.mode === 'unknown-authority') throw crash('SSLError', unverified(url));
  if (fault?.mode === 'hang') {
    hang(fault, 300);
    throw crash(
      'ReadTimeout',
      "HTTPSConnectionPool(host='cloudkms.googleapis.com', port=443): Read timed out. (read timeout=300)",
    );
  }
  if (fault?.mode === 'http-503') throw fail(1, unavailable(url));
  try {
    const outcome = performKms(world, name, ids, parsed, { fault, ciphertext, fail });
    const logged = given(parsed, 'log-http') || shell.env.CLOUDSDK_CORE_LOG_HTTP === 'true';
    const log = logged || setting(shell, 'log_http') === 'true';
    if (log && !given(parsed, 'no-log-http')) logHttp(shell, url, outcome);
    gcpState.save(directory, world);
    const target = flag(parsed, 'plaintext-file') ?? flag(parsed, 'output-file');
    if (target === undefined || target === '-') return { code: 0, stdout: outcome, stderr: '' };
    writeOutput(shell, target, outcome);
    return { code: 0, stdout: '', stderr: '' };
  } catch (error) {
    if (!(error instanceof GcpError)) throw error;
    const unseen = error.status === 'NOT_FOUND' || error.status === 'PERMISSION_DENIED';
    throw fail(1, `${error.status}: ${error.message}${unseen ? authenticatedAs(world.account) : ''}`);
  }
}

function readCiphertext(parsed: Parsed, shell: Shell, fail: Fail): Buffer {
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

const configFolder = ({ env }: Shell) =>
  env.CLOUDSDK_CONFIG ?? join(env.HOME ?? homedir(), '.config', 'gcloud');

const configFile = (shell: Shell) => {
  const active = shell.env.CLOUDSDK_ACTIVE_CONFIG_NAME ?? 'default';
  return join(configFolder(shell), 'configurations', `config_${active}`);
};

/** What gcloud keeps of a request where `core/log_http` is on: the body of the answer too. */
function logHttp(shell: Shell, url: string, answer: string | Buffer): void {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '.');
  const folder = join(configFolder(shell), 'logs', day);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const body = Buffer.from(answer).toString('base64');
  appendFileSync(join(folder, 'requests.log'), `uri: ${url}\n-- body start --\n${body}\n-- body end --\n`);
}

function setting(shell: Shell, property: 'account' | 'project' | 'log_http'): string | undefined {
  const path = configFile(shell);
  if (!existsSync(path)) return undefined;
  return new RegExp(`^${property}\\s*=\\s*(\\S+)`, 'm').exec(readFileSync(path, 'utf8'))?.[1];
}

/** Forgets the active account, and says so. */
function revoke(account: string, shell: Shell, fail: Fail): Outcome {
  if (account === '') throw fail(1, 'Invalid value for [accounts]: No credentials available to revoke.');
  const path = configFile(shell);
  if (existsSync(path)) writeFileSync(path, readFileSync(path, 'utf8').replace(/^account\s*=.*\n?/m, ''));
  return { code: 0, stdout: `Revoked credentials:\n - ${account}\n`, stderr: 'No credentialed accounts.\n' };
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
  const width = 8 + Math.max(...accounts.map((account) => account.length), 'ACCOUNT'.length);
  const title = 'Credentialed Accounts';
  return {
    code: 0,
    stdout: `${' '.repeat(Math.floor((width - title.length) / 2))}${title}\nACTIVE  ACCOUNT\n${accounts.map((account) => `*       ${account}\n`).join('')}`,
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

/** gcloud adds whose eyes did not see the resource. */
function authenticatedAs(account: string): string {
  return ` This command is authenticated as ${account} which is the active account specified by the [core/account] property.`;
}

function unavailable(url: string): string {
  const headers = `{'content-type': 'application/json; charset=UTF-8', 'date': '${new Date().toUTCString()}', 'server': 'ESF', 'status': 503}`;
  const error = { code: 503, message: 'The service is currently unavailable.', status: 'UNAVAILABLE' };
  return (
    `HttpError accessing <https://cloudkms.googleapis.com${url}>: response: <${headers}>, content <${JSON.stringify({ error })}>\n` +
    'This may be due to network connectivity issues. Please check your network settings, and the status of the service you are trying to reach.'
  );
}

function unverified(url: string): string {
  return (
    `HTTPSConnectionPool(host='cloudkms.googleapis.com', port=443): Max retries exceeded with url: ${url} ` +
    "(Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1007)')))"
  );
}

function refused(url: string, reason = '[Errno 111] Connection refused'): string {
  const address = `0x7f${process.pid.toString(16).padStart(10, '0')}`;
  return (
    `HTTPSConnectionPool(host='cloudkms.googleapis.com', port=443): Max retries exceeded with url: ${url} ` +
    `(Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at ${address}>: ` +
    `Failed to establish a new connection: ${reason}'))`
  );
}

/** The assertion of a service account is dated by the client's clock; the token endpoint refuses one of another time. */
const tokenRefused = (account: string) =>
  `There was a problem refreshing auth tokens for account ${account}: ('invalid_grant: ${shortLived}', {'error': 'invalid_grant', 'error_description': '${shortLived}'})\n` +
  'Please run:\n\n  $ gcloud auth login\n\nto obtain new credentials.\n\n' +
  'If you have already logged in with a different account, run:\n\n  $ gcloud config set account ACCOUNT\n\n' +
  'to select an already authenticated account to use.';

/** Of a person's account where the session length of the organization has ended (SDK 528, google_auth_credentials.py). */
const reauthentication =
  'There was a problem reauthenticating while refreshing your current auth tokens: Reauthentication failed. cannot prompt during non-interactive execution.\n' +
  'Please retry your command or run:\n\n  $ gcloud auth login\n\nto obtain new credentials.';

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

function strangeAccount(account: string): string {
  return (
    `Your current active account [${account}] does not have any valid credentials\n` +
    'Please run:\n\n  $ gcloud auth login\n\nto obtain new credentials.\n\n' +
    'For service account, please activate it first:\n\n  $ gcloud auth activate-service-account ACCOUNT'
  );
}
