/** A gcloud configuration in which the world's account is logged in: the real tool itself activates a service account once. */
import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatePrivateKey } from '../rsa';
import type { Answer } from './endpoint';

export const tokenHost = 'oauth2.googleapis.com';

/** What the token endpoint gives out and Cloud KMS expects. */
export const accessToken = 'drill-access-token';

/** Answers the exchange of a signed assertion for an access token (RFC 7523). */
export function answerToken(): Answer {
  const body = JSON.stringify({ access_token: accessToken, expires_in: 3600, token_type: 'Bearer' });
  return { status: 200, type: 'application/json', body };
}

/**
 * Folder for CLOUDSDK_CONFIG. `gcloud` runs the tool inside the private network with the given configuration folder and
 * returns its exit code.
 */
export async function loggedInConfig(
  world: string,
  account: string,
  gcloud: (config: string, words: readonly string[]) => Promise<number>,
): Promise<string> {
  const folder = join(world, 'gcloud');
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
