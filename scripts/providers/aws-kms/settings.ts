/** Settings of the AWS CLI: region, credentials and patience. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Exit, type Shell } from '../exit';
import { flag, given, type Parsed } from '../grammar';

/** A number as Python's int() takes it. */
export function integer(value: string): number {
  if (!/^[+-]?\d+$/.test(value))
    throw new Exit(255, `\ninvalid literal for int() with base 10: '${value}'\n`);
  return Number(value);
}

/** Who calls, where, and how patiently. */
export interface Settings {
  readonly profile: string;
  readonly region: string | undefined;
  readonly output: string;
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
  readonly attempts: number;
  readonly readTimeout: number;
  /** Where requests go instead of the region's own endpoint. */
  readonly endpoint: string | undefined;
  /** File of the history that the profile has turned on. */
  readonly history: string | undefined;
  /** Command that output on a terminal goes through; empty for none. */
  readonly pager: string;
}

/** Settings from flags, environment and the files in `~/.aws`, in the order of precedence of the real tool. */
export function settingsOf(parsed: Parsed, shell: Shell): Settings {
  const { env } = shell;
  const home = env.HOME ?? homedir();
  const named = flag(parsed, 'profile') ?? env.AWS_PROFILE;
  const profile = named ?? 'default';
  const credentials = section(env.AWS_SHARED_CREDENTIALS_FILE ?? join(home, '.aws', 'credentials'), profile);
  const config = section(
    env.AWS_CONFIG_FILE ?? join(home, '.aws', 'config'),
    profile === 'default' ? profile : `profile ${profile}`,
  );
  if (named !== undefined && credentials === undefined && config === undefined) {
    throw new Exit(255, `\nThe config profile (${named}) could not be found\n`);
  }
  for (const option of ['cli-read-timeout', 'cli-connect-timeout']) integer(flag(parsed, option) ?? '60');
  const fromEnvironment = flag(parsed, 'profile') === undefined && env.AWS_ACCESS_KEY_ID !== undefined;
  return {
    profile,
    region: flag(parsed, 'region') ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? config?.region,
    output: flag(parsed, 'output') ?? env.AWS_DEFAULT_OUTPUT ?? config?.output ?? 'json',
    accessKeyId: fromEnvironment ? env.AWS_ACCESS_KEY_ID : credentials?.aws_access_key_id,
    secretAccessKey: fromEnvironment ? env.AWS_SECRET_ACCESS_KEY : credentials?.aws_secret_access_key,
    attempts: integer(env.AWS_MAX_ATTEMPTS ?? '3'),
    readTimeout: integer(flag(parsed, 'cli-read-timeout') ?? '60'),
    endpoint: env.AWS_ENDPOINT_URL_KMS ?? env.AWS_ENDPOINT_URL ?? config?.endpoint_url,
    history:
      config?.cli_history === 'enabled'
        ? (env.AWS_CLI_HISTORY_FILE ?? join(home, '.aws', 'cli', 'history', 'history.db'))
        : undefined,
    pager: given(parsed, 'no-cli-pager') ? '' : (env.AWS_PAGER ?? config?.cli_pager ?? env.PAGER ?? 'less'),
  };
}

/** Opens the history where the profile has turned it on: awscli refuses a name without a folder, and what is no database. */
export function openHistory(path: string, cwd: string): (record: unknown) => void {
  const folder = dirname(path);
  if (!path.includes('/')) throw new Exit(255, "\n[Errno 2] No such file or directory: ''\n");
  if (path === '/dev/null') throw new Exit(255, '\ndisk I/O error\n');
  mkdirSync(resolve(cwd, folder), { recursive: true, mode: 0o700 });
  return (record) => appendFileSync(resolve(cwd, path), `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

/** One section of an INI file; undefined where file or section is missing. */
function section(path: string, name: string): Record<string, string> | undefined {
  if (!existsSync(path)) return undefined;
  let found: Record<string, string> | undefined;
  let inside = false;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const header = /^\[(.+)\]\s*$/.exec(line);
    if (header !== null) {
      // Of two sections with one name the first counts.
      inside = header[1] === name && found === undefined;
      if (inside) found = {};
    } else if (inside && found !== undefined) {
      const pair = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line);
      if (pair?.[1] !== undefined) found[pair[1]] = pair[2] ?? '';
    }
  }
  return found;
}
