/** A gcloud configuration in which the world's account is logged in: the real tool itself activates a service account once. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gcpState } from '../gcp-kms/state';
import { shortLived } from '../gcp-kms/words';
import { generatePrivateKey } from '../rsa';
import type { Answer, Request } from './endpoint';
import { answerGcp, gcpHost } from './gcp-endpoint';
import { type Call, faultOf, named, type Service } from './row';

const tokenHost = 'oauth2.googleapis.com';

/** What the token endpoint gives out and Cloud KMS expects. */
export const accessToken = 'drill-access-token';

/** Minutes by which the clock of the endpoint is ahead of a machine whose clock is slow. */
const skewMinutes = 20;
/** Minutes by which an assertion may be off. */
const toleranceMinutes = 5;

/** When an assertion says that it was made, in minutes since 1970. */
function issuedAt({ body }: Request): number {
  const [, claims = ''] = (new URLSearchParams(body).get('assertion') ?? '').split('.');
  return Number(JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')).iat) / 60;
}

/** Answers the exchange of a signed assertion for an access token (RFC 7523). `ahead`: by a clock that is ahead of the client's. */
function answerToken(request: Request, ahead: boolean): Answer {
  const now = Date.now() / 60_000 + (ahead ? skewMinutes : 0);
  if (Math.abs(now - issuedAt(request)) > toleranceMinutes) {
    const description = shortLived;
    const refused = JSON.stringify({ error: 'invalid_grant', error_description: description });
    return { status: 400, type: 'application/json', body: refused };
  }
  const body = JSON.stringify({ access_token: accessToken, expires_in: 3600, token_type: 'Bearer' });
  return { status: 200, type: 'application/json', body };
}

const loginFolder = (world: string) => join(world, 'gcloud');

/** After a page on which the operator signed out: the next call of gcloud activates the account anew. */
export function signInAgain(world: string): void {
  rmSync(loginFolder(world), { recursive: true, force: true });
}

/**
 * Folder for CLOUDSDK_CONFIG. `gcloud` runs the tool inside the private network with the given configuration folder and
 * returns its exit code.
 */
async function loggedInConfig(
  world: string,
  account: string,
  gcloud: (config: string, words: readonly string[]) => Promise<number>,
): Promise<string> {
  const folder = loginFolder(world);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  const file = `${draft}.key.json`;
  const key = {
    type: 'service_account',
    project_id: account.replace(/^.*@(.*)\.iam\..*$/, '$1'),
    private_key_id: randomUUID(),
    private_key: generatePrivateKey(2048),
    client_email: account,
    client_id: '1',
    token_uri: `https://${tokenHost}/token`,
  };
  writeFileSync(file, JSON.stringify(key), { mode: 0o600 });
  const code = await gcloud(draft, ['auth', 'activate-service-account', account, '--key-file', file]);
  rmSync(file);
  if (code !== 0) throw new Error(`gcloud could not activate the account ${account}`);
  renameSync(draft, folder);
  return folder;
}

/** Fault on the way to Cloud KMS for the location and the project that a command names. */
const wayTo = ({ world, words }: Call) =>
  faultOf(
    world,
    `gcp-kms:locations/${named(words, '--location')}`,
    `gcp-kms:${named(words, '--project')}`,
    'gcp-kms',
  )?.mode;

function configuredAccount(): string | undefined {
  const folder = process.env.CLOUDSDK_CONFIG ?? join(process.env.HOME ?? '', '.config', 'gcloud');
  const path = join(folder, 'configurations', 'config_default');
  return existsSync(path) ? /^account\s*=\s*(\S+)/m.exec(readFileSync(path, 'utf8'))?.[1] : undefined;
}

/** gcloud in the private network. It keeps its logins in a database of its own: the account of the operator's configuration gets one there. */
export const gcloudService: Service = {
  hosts: (call) => [{ host: gcpHost, way: wayTo(call) }, { host: tokenHost }],
  answer: (call, request) =>
    request.host === tokenHost
      ? answerToken(request, wayTo(call) === 'clock-skew')
      : answerGcp(call.world, request, accessToken),
  async start(call, authority, start) {
    const { world, words } = call;
    const env = (config: string) => ({
      CLOUDSDK_CONFIG: config,
      CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE: authority,
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
      CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
    });
    const { account } = gcpState.load(world);
    const loggedIn = configuredAccount() === account && wayTo(call) !== 'no-credentials';
    if (!loggedIn) return start(words, env(join(world, 'gcloud-nobody')));
    const activate = (config: string, line: readonly string[]) =>
      start([...line, '--quiet'], env(config), 'ignore');
    const config = await loggedInConfig(world, account, activate);
    // A token that was given out before the clock was wrong would hide it.
    if (wayTo(call) === 'clock-skew') rmSync(join(config, 'access_tokens.db'), { force: true });
    return start(words, env(config));
  },
};
