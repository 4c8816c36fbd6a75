/**
 * The unmodified `az` in the private network: the sign-in of Microsoft Entra ID, the list of subscriptions, and the vaults
 * (REST 7.4), whose service is the one of the stand-in.
 */
import { createPublicKey, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Answer, Request } from '../real/endpoint';
import {
  type Call,
  faultOf,
  installed,
  keyStates,
  type Lack,
  named,
  onTheWire,
  type RealRow,
  type Service,
  type Start,
} from '../real/row';
import type { Fault } from '../world';
import {
  createKey,
  decryptWith,
  deleteKey,
  denied,
  everyOperation,
  type KeyPlace,
  keyOf,
  kidOf,
  obstacle,
  recovery,
  subscriptionId,
  tenantId,
  VaultError,
} from './service';
import { type AzureKey, type AzureWorld, azureState } from './state';

const signInHost = 'login.microsoftonline.com';
const subscriptionsHost = 'management.azure.com';
const vaultSuffix = '.vault.azure.net';
const signIn = `https://${signInHost}/${tenantId}`;

/** What the sign-in gives out and the vaults expect. */
const accessToken = 'drill-access-token';

const json = (status: number, content: unknown, headers: Answer['headers'] = {}): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(content),
  headers,
});

const wayTo = (world: string, vault: string): Fault | undefined =>
  faultOf(world, `azure-key-vault:${vault}`, 'azure-key-vault');

/** OpenID discovery and the token of a service principal (RFC 6749 section 4.4), as MSAL asks for them. */
function answerSignIn({ url }: Request, fault: Fault | undefined): Answer {
  if (url.pathname.endsWith('/.well-known/openid-configuration')) {
    return json(200, {
      token_endpoint: `${signIn}/oauth2/v2.0/token`,
      authorization_endpoint: `${signIn}/oauth2/v2.0/authorize`,
      issuer: `${signIn}/v2.0`,
    });
  }
  if (url.pathname.startsWith('/common/discovery/instance')) {
    const known = {
      preferred_network: signInHost,
      preferred_cache: 'login.windows.net',
      aliases: [signInHost],
    };
    return json(200, {
      tenant_discovery_endpoint: `${signIn}/v2.0/.well-known/openid-configuration`,
      metadata: [known],
    });
  }
  if (fault?.mode === 'expired-sign-in') {
    const description = `AADSTS7000222: The provided client secret keys for app are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`;
    return json(401, { error: 'invalid_client', error_description: description, error_codes: [7000222] });
  }
  return json(200, { token_type: 'Bearer', expires_in: 3599, access_token: accessToken });
}

function answerSubscriptions(): Answer {
  const subscription = {
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    tenantId,
    displayName: 'Example subscription',
    state: 'Enabled',
  };
  return json(200, { value: [subscription] });
}

const seconds = (time: string): number => Math.floor(Date.parse(time) / 1000);

/** A KeyBundle, or a DeletedKeyBundle where the key is deleted. */
function bundle(place: KeyPlace, stored: AzureKey): Record<string, unknown> {
  const { n, e } = createPublicKey(stored.privateKey).export({ format: 'jwk' });
  const created = seconds(stored.createdAt);
  return {
    key: {
      kid: kidOf(place, stored),
      kty: 'RSA',
      key_ops: stored.operations ?? everyOperation,
      n,
      e,
    },
    attributes: { enabled: stored.enabled, created, updated: created, exportable: false, ...recovery },
    ...(stored.purgeDate === undefined
      ? {}
      : {
          recoveryId: `https://${place.vault}${vaultSuffix}/deletedkeys/${place.key}`,
          deletedDate: seconds(stored.purgeDate) - recovery.recoverableDays * 86_400,
          scheduledPurgeDate: seconds(stored.purgeDate),
        }),
  };
}

function operate(world: AzureWorld, vault: string, request: Request, fault: Fault | undefined) {
  const [, collection = '', key = '', ...more] = request.url.pathname
    .split('/')
    .filter((part, at) => part || at === 0);
  const place = { vault, key };
  const verb = `${request.method} ${collection} ${more.filter((part) => !/^[0-9a-f]{32}$/.test(part)).join('/')}`;
  const body = request.body === '' ? {} : (JSON.parse(request.body) as Record<string, unknown>);
  switch (verb.trim()) {
    case 'POST keys create': {
      const operations = body.key_ops as string[] | undefined;
      return bundle(place, createKey(world, place, { bits: Number(body.key_size ?? 2048), operations }));
    }
    case 'GET keys':
      return bundle(place, keyOf(world, place));
    case 'POST keys decrypt': {
      const stored = keyOf(world, place);
      if (fault?.mode === 'denied') throw denied(world, place, 'keys/decrypt/action');
      const ciphertext = Buffer.from(String(body.value), 'base64url');
      const plaintext = decryptWith(stored, String(body.alg), ciphertext, fault);
      return { kid: kidOf(place, stored), value: plaintext.toString('base64url') };
    }
    case 'DELETE keys': {
      const stored = keyOf(world, place);
      deleteKey(stored);
      return bundle(place, stored);
    }
    case 'GET deletedkeys':
      return bundle(place, keyOf(world, place, true));
    case 'POST deletedkeys recover': {
      const stored = keyOf(world, place, true);
      delete stored.purgeDate;
      return bundle(place, stored);
    }
    default:
      throw new VaultError(404, 'NotFound', 'The requested resource was not found.');
  }
}

function answerVault({ world }: Call, request: Request): Answer | undefined {
  const vault = request.host.slice(0, -vaultSuffix.length);
  const fault = wayTo(world, vault);
  if (fault?.mode === 'hang') return undefined;
  const fail = ({ status, code, message, inner }: VaultError) => {
    const innererror = inner === undefined ? {} : { innererror: { code: inner } };
    return json(status, { error: { code, message, ...innererror } });
  };
  const inTheWay = obstacle(fault);
  if (inTheWay !== undefined) return fail(inTheWay);
  if (request.headers.authorization !== `Bearer ${accessToken}`) {
    const error = { code: 'Unauthorized', message: 'AKV10000: Request is missing a Bearer or PoP token.' };
    const challenge = `Bearer authorization="${signIn}", resource="https://vault.azure.net"`;
    return json(401, { error }, { 'www-authenticate': challenge });
  }
  const state = azureState.load(world);
  try {
    const answer = operate(state, vault, request, fault);
    azureState.save(world, state);
    return json(200, answer);
  } catch (error) {
    if (error instanceof VaultError) return fail(error);
    throw error;
  }
}

/** Folder in which `az` keeps who is signed in; the real tool itself signs a service principal in once. */
async function signedIn(
  { world }: Call,
  account: string,
  start: (config: string, words: readonly string[]) => Promise<number>,
) {
  const folder = join(world, 'az');
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  const who = ['--username', account, '--password', randomUUID(), '--tenant', tenantId];
  const code = await start(draft, ['login', '--service-principal', ...who]);
  if (code !== 0) throw new Error(`az could not sign ${account} in`);
  renameSync(draft, folder);
  return folder;
}

const debian = '/usr/lib/python3/dist-packages/azure';

/** True for Debian's 2.45: it comes without azure-keyvault 1.1, which all of its commands on keys import. */
const isIncomplete = (): boolean =>
  existsSync(`${debian}/cli/command_modules/keyvault`) && !existsSync(`${debian}/keyvault/key_vault_id.py`);

/**
 * The names that an incomplete `az` imports before it creates, shows and decrypts with another library, azure-keyvault-keys,
 * which is there. They do nothing; no file of the tool is changed.
 */
const missingNames: Readonly<Record<string, string>> = {
  '__init__.py': "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
  'key_vault_id.py': 'class KeyVaultIdentifier:\n    pass\n',
  'v7_0/__init__.py': '',
  'v7_0/key_vault_client.py': `class KeyVaultClient:\n    def create_key(self):\n        'Creates a key.'\n`,
  'v7_0/models.py': 'class KeyVaultErrorException(Exception):\n    pass\n',
};

/** What lets an incomplete tool start, as a part of its environment. */
function completion(world: string): Record<string, string> {
  if (!isIncomplete()) return {};
  const folder = join(world, 'az-names');
  for (const [name, text] of Object.entries(missingNames)) {
    const file = join(folder, 'azure/keyvault', name);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (!existsSync(file)) writeFileSync(file, text, { mode: 0o600 });
  }
  return { PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' };
}

/** What is done with the older library alone. */
const lack: Lack = {
  name: 'az:azure-keyvault',
  reason:
    'Debian’s azure-cli 2.45 lacks azure-keyvault 1.1, with which it downloads, deletes and recovers keys',
  commands: ['download', 'delete', 'show-deleted', 'recover'].map((verb) => `keyvault key ${verb}`),
};

/** A program that reports how the tool is used would outlive it. */
const quiet = { AZURE_CORE_COLLECT_TELEMETRY: 'false' };

const service: Service = {
  hosts({ world }) {
    const vaults = Object.keys(azureState.load(world).vaults);
    return [
      { host: signInHost },
      { host: subscriptionsHost },
      ...vaults.map((vault) => ({ host: vault + vaultSuffix, way: wayTo(world, vault)?.mode })),
    ];
  },
  answer(call, request) {
    const vault = named(call.words, '--vault-name');
    if (request.host === signInHost) return answerSignIn(request, wayTo(call.world, vault));
    return request.host === subscriptionsHost ? answerSubscriptions() : answerVault(call, request);
  },
  async start(call, authority, start) {
    const { world, words } = call;
    const mode = wayTo(world, named(words, '--vault-name'))?.mode;
    const env = (config: string) => ({
      AZURE_CONFIG_DIR: config,
      ...quiet,
      ...completion(world),
      REQUESTS_CA_BUNDLE: mode === 'unknown-authority' ? '/etc/ssl/certs/ca-certificates.crt' : authority,
    });
    const state = azureState.load(world);
    if (state.account === '' || mode === 'no-credentials') return start(words, env(join(world, 'az-nobody')));
    const run: Start = (line, more) => start(line, more, 'ignore');
    const config = await signedIn(call, state.account, (folder, line) => run(line, env(folder)));
    // A token that was given out before the secret expired would hide it.
    if (mode === 'expired-sign-in') rmSync(join(config, 'msal_token_cache.json'), { force: true });
    const code = await start(words, env(config));
    if (words.join(' ') !== 'account clear' || code !== 0) return code;
    azureState.save(world, { ...state, account: '', signedOut: state.account });
    rmSync(config, { recursive: true });
    return code;
  },
};

export const azRow: RealRow = {
  target: 'azure-key-vault',
  install: 'the package azure-cli',
  debian: ['azure-cli'],
  path: () => installed('/usr/bin/az'),
  // It waits five minutes for an answer, four times.
  meets: [
    ...onTheWire.filter((mode) => mode !== 'hang' && mode !== 'clock-skew'),
    'expired-sign-in',
    'unknown-authority',
    'unknown-host',
    ...keyStates,
  ],
  service,
  quiet,
  lacks: () => (isIncomplete() ? lack : undefined),
};
