/**
 * Settings that an operator may well have and that a page must survive: each breaks a page which forgot to say what
 * it means. They are legal; none is made up for the drill alone.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** What an operator's shell may hand to every tool. Noticed where a page does not take it away before the first of them. */
export const hostileEnvironment: Readonly<Record<string, string>> = {
  LANGUAGE: 'de',
  LESS: '-R',
  PAGER: 'less',
  AWS_PAGER: 'less -R',
  AWS_PROFILE: 'default',
  AWS_REGION: 'af-south-1',
  AWS_DEFAULT_OUTPUT: 'table',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9/',
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  CLOUDSDK_CORE_PROJECT: 'somebody-elses',
  CLOUDSDK_CORE_ACCOUNT: 'somebody@ledger.example',
  CLOUDSDK_ACTIVE_CONFIG_NAME: 'other',
  CLOUDSDK_CORE_LOG_HTTP: 'true',
  VAULT_NAMESPACE: 'team',
  VAULT_CACERT: '/nonexistent/ca.pem',
  BAO_ADDR: 'https://127.0.0.1:9',
  BAO_NAMESPACE: 'team',
  VAULT_FORMAT: 'yaml',
  PGHOSTADDR: '127.0.0.9',
  PGOPTIONS: '-c search_path=elsewhere',
  PGDATABASE: 'other',
  PG_COLOR: 'always',
  // Functions that stand before the program or builtin of their name, as an operator's profile exports them.
  'BASH_FUNC_cd%%': '() { builtin cd "$@" && command ls; }',
  'BASH_FUNC_ls%%': '() { command ls -F "$@"; }',
  'BASH_FUNC_rm%%': '() { mkdir -p ~/.trash; mv "$@" ~/.trash; }',
  'BASH_FUNC_shred%%': '() { rm "$@"; }',
  'BASH_FUNC_aws%%': '() { command aws --output table "$@"; }',
  'BASH_FUNC_gcloud%%': '() { command gcloud --format=json "$@"; }',
  'BASH_FUNC_psql%%': '() { command psql --expanded "$@"; }',
};

/** What the history of an operator looks like before the drill. */
export const historyBefore = 'ls\ncd\n';

/** Files of the operator that are called like those of a page, and that must survive it. */
const own: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'shard-1.txt',
    'shard-1.bin',
    'again-1.txt',
    'manifest.json',
    'master.key',
    'sheet-5.png',
    'set/shard-1.txt',
    'recovery/plan.txt',
    'ceremony/plan.txt',
  ].map((name) => [name, `notes of the operator, called ${name}\n`]),
);

/** Variables that an operator may well have, and that change what a tool does, says or keeps. */
export function hostileVariables(home: string): Readonly<Record<string, string>> {
  return {
    HISTFILE: join(home, '.bash_history'),
    HISTCONTROL: '',
    PROMPT_COMMAND: 'history -a',
    LESS: '-R',
    PAGER: 'less',
    LC_ALL: 'de_DE.UTF-8',
    AWS_PROFILE: 'another',
    AWS_REGION: 'af-south-1',
    AWS_PAGER: 'less',
    CLOUDSDK_CORE_PROJECT: 'another-project',
    CLOUDSDK_CORE_LOG_HTTP: 'true',
    VAULT_NAMESPACE: 'another',
    BAO_NAMESPACE: 'another',
    PGOPTIONS: '-c client_min_messages=debug1',
    PGCONNECT_TIMEOUT: '1',
    CDPATH: home,
    TMPDIR: home,
  };
}

const files: Readonly<Record<string, string>> = {
  ...own,
  // Noticed when a page forgets --no-psqlrc: every answer gets a line more.
  '.psqlrc':
    '\\timing on\n\\pset format aligned\n\\set ON_ERROR_STOP off\n\\echo settings read from .psqlrc\n',
  // Noticed when a page forgets `unset HISTFILE`: the file grows.
  '.bash_history': historyBefore,
  // Read by an interactive bash only, as in the pasted drill.
  '.bashrc':
    "PS1='drill$ '\nHISTCONTROL=ignoreboth\nPROMPT_COMMAND=\nCDPATH=.:$HOME\nbind 'set enable-bracketed-paste off' 2>/dev/null\n",
  '.inputrc': 'set completion-ignore-case on\n',
  '.curlrc': '--include\n',
};

/** Access keys of an account that has nothing to do with the runbook, as vendors show them in examples. */
const otherIdentity =
  'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n';

/** In effect in every profile, so that a page has to name region and output itself, and where the history goes. */
const awsSettings = 'region = af-south-1\noutput = table\ncli_history = enabled\ncli_pager = less\n';

/** Puts the settings into a home folder, beside what is already there. AWS profiles keep their names and get the settings. */
export function makeHostile(home: string): void {
  const write = (name: string, text: string) => {
    const file = join(home, name);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const config = join(home, '.aws', 'config');
  const before = existsSync(config) ? readFileSync(config, 'utf8') : '';
  const others = before.replace(/^\s*(?:region|output|cli_history|cli_pager)\s*=.*\n?/gm, '');
  const named = new Set([...others.matchAll(/^\[(.+)\]$/gm)].map((match) => match[1]));
  const credentials = join(home, '.aws', 'credentials');
  const identities = existsSync(credentials) ? readFileSync(credentials, 'utf8') : '';
  const profiles = identities.matchAll(/^\[(.+)\]$/gm);
  // Noticed when a page forgets AWS_PROFILE: the default identity of an operator is seldom the one of the runbook.
  if (identities !== '') {
    const others = identities.replace(/^\[default\]\n(?:[^[\n].*\n?|\n)*/m, '');
    write('.aws/credentials', `[default]\n${otherIdentity}\n${others}`);
  }
  const missing = ['default', ...[...profiles].map((match) => match[1])]
    .map((name) => (name === 'default' ? name : `profile ${name}`))
    .filter((name, index, all) => !named.has(name) && all.indexOf(name) === index);
  const sections = others + missing.map((name) => `[${name}]\n`).join('');
  write(
    '.aws/config',
    sections.replace(/^\[.+\]$\n?/gm, (header) => `${header.trim()}\n${awsSettings}`),
  );
  // Noticed when a page leaves the operator signed in: a session of single sign-on outlives the shell.
  if (identities !== '')
    write(
      '.aws/sso/cache/token.json',
      '{"startUrl":"https://sso.ledger.example","accessToken":"an example"}\n',
    );
  // Noticed when a page forgets --no-log-http: the log has the plaintext.
  const cloud = join(home, '.config', 'gcloud', 'configurations', 'config_default');
  const properties = existsSync(cloud) ? readFileSync(cloud, 'utf8') : '[core]\n';
  if (!properties.includes('log_http'))
    write(relative(home, cloud), properties.replace(/^\[core\]$\n?/m, '[core]\nlog_http = true\n'));
}
