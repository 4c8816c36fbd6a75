/**
 * Stand-in for the `az` command: keys of Azure Key Vault, with the options, texts and exit codes of azure-cli 2.45, which
 * tests/scripts/providers compare with the tool itself.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Exit, type Outcome, type Shell } from '../exit';
import { flag, type Parsed } from '../grammar';
import { writeOutput } from '../output-file';
import { publicPem } from '../rsa';
import { faultModes, faultOn, hang } from '../world';
import { azCommands, misspelled, readArguments } from './grammar';
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

/** A request to Azure carries a token and not the client's time. */
const modes = faultModes.filter((mode) => mode !== 'clock-skew');

/** How often a request that may be repeated is sent, and the seconds that each waits for its answer (azure-core 1.26). */
const attempts = 4;
const readTimeout = 300;

const failure = (text: string, code = 1) => new Exit(code, `ERROR: ${text}\n`);

/** Where a service principal has signed in whose secret is past its day. */
const secretExpired =
  'AADSTS7000222: The provided client secret keys for app are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.';

/** What the tool says before anything else when it decrypts. */
const preview =
  'WARNING: This command is in preview and under development. Reference and support levels: https://aka.ms/CLI_refstatus\n';

/** An error that the service itself answers. A key that is not there has an exit code of its own. */
function refused({ status, code, message, inner }: VaultError): Exit {
  const told = inner === undefined ? '' : `\nInner error: {\n    "code": "${inner}"\n}`;
  return failure(`(${code}) ${message}\nCode: ${code}\nMessage: ${message}${told}`, status === 404 ? 3 : 1);
}

/** Prints an object, or with --query one member of it by dotted names, as JSON or TSV. */
function print(value: unknown, parsed: Parsed): Outcome {
  const query = flag(parsed, 'query');
  let shown = value;
  if (query !== undefined) {
    if (!/^[A-Za-z]+(\.[A-Za-z]+)*$/.test(query))
      throw failure(`argument --query: invalid jmespath_type value: '${query}'`, 2);
    for (const name of query.split('.')) {
      shown =
        typeof shown === 'object' && shown !== null
          ? ((shown as Record<string, unknown>)[name] ?? null)
          : null;
    }
  }
  const format = flag(parsed, 'output') ?? 'json';
  if (format === 'none' || shown === null) return { code: 0, stdout: '', stderr: '' };
  if (format === 'json') return { code: 0, stdout: `${JSON.stringify(shown, null, 2)}\n`, stderr: '' };
  if (format !== 'tsv') throw new RangeError(`--output ${format} is not played here`);
  const rows = Array.isArray(shown)
    ? shown.map(String)
    : [
        typeof shown === 'object'
          ? Object.values(shown as object)
              .map(String)
              .join('\t')
          : String(shown),
      ];
  return { code: 0, stdout: rows.map((row) => `${row}\n`).join(''), stderr: '' };
}

/** The vault that a command asks, past every fault on the way to it. */
function reach(directory: string, world: AzureWorld, parsed: Parsed, repeats: number) {
  const name = flag(parsed, 'vault-name') ?? '';
  const fault = faultOn(directory, modes, `azure-key-vault:${name}`, 'azure-key-vault');
  const connection = '<urllib3.connection.HTTPSConnection object at 0x7f0000000000>';
  if (fault?.mode === 'no-credentials' || world.account === '')
    throw failure("Please run 'az login' to setup account.");
  if (fault?.mode === 'expired-sign-in') throw failure(secretExpired);
  if (fault?.mode === 'unknown-authority')
    throw failure(
      '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:992)',
    );
  if (fault?.mode === 'refuse' || fault?.mode === 'absent')
    throw failure(`${connection}: Failed to establish a new connection: [Errno 111] Connection refused`);
  if (!Object.hasOwn(world.vaults, name) || fault?.mode === 'unknown-host') {
    throw failure(
      `${connection}: Failed to establish a new connection: [Errno -2] Name or service not known`,
    );
  }
  if (fault?.mode === 'hang') {
    hang(fault, repeats * readTimeout);
    throw failure(
      `HTTPSConnectionPool(host='${name}.vault.azure.net', port=443): Read timed out. (read timeout=${readTimeout})`,
    );
  }
  const inTheWay = obstacle(fault);
  if (inTheWay !== undefined) throw refused(inTheWay);
  return { name, fault };
}

/** A key as every command but `decrypt` prints it. */
function describe(place: KeyPlace, stored: AzureKey) {
  const time = (text: string) => `${text.slice(0, 19)}+00:00`;
  return {
    attributes: {
      created: time(stored.createdAt),
      enabled: stored.enabled,
      expires: null,
      exportable: false,
      notBefore: null,
      ...recovery,
      updated: time(stored.createdAt),
    },
    key: { keyOps: stored.operations ?? everyOperation, kid: kidOf(place, stored), kty: 'RSA' },
    managed: null,
    releasePolicy: null,
    ...(stored.purgeDate === undefined ? {} : { scheduledPurgeDate: time(stored.purgeDate) }),
    tags: null,
  };
}

function signedIn({ account }: AzureWorld) {
  if (account === '') throw failure("Please run 'az login' to setup account.");
  return {
    environmentName: 'AzureCloud',
    homeTenantId: tenantId,
    id: subscriptionId,
    isDefault: true,
    managedByTenants: null,
    name: 'Example subscription',
    state: 'Enabled',
    tenantId,
    user: { name: account, type: 'servicePrincipal' },
  };
}

/** Runs one `az` command line in the world directory. */
export function az(directory: string, words: readonly string[], shell: Shell): Outcome {
  if (words[0] === '--version' || words[0] === 'version') {
    return { code: 0, stdout: 'azure-cli 2.45.0 (MasterKey Runbook stand-in)\n', stderr: '' };
  }
  const end = words.findIndex((word) => word.startsWith('-'));
  const name = words.slice(0, end < 0 ? words.length : end).join(' ');
  const command = Object.hasOwn(azCommands, name) ? azCommands[name] : undefined;
  if (command === undefined) throw misspelled(words);
  const parsed = readArguments(name, words.slice(end < 0 ? words.length : end), command);
  const world = azureState.load(directory);
  if (name === 'account clear') {
    azureState.save(directory, { ...world, account: '', signedOut: world.account });
    return { code: 0, stdout: '', stderr: '' };
  }
  if (name === 'account show') return print(signedIn(world), parsed);
  const decrypts = name === 'keyvault key decrypt';
  try {
    const outcome = onKey(directory, world, name, parsed, shell);
    return decrypts ? { ...outcome, stderr: preview } : outcome;
  } catch (error) {
    const exit = error instanceof VaultError ? refused(error) : error;
    if (decrypts && exit instanceof Exit) throw new Exit(exit.code, preview + exit.stderr);
    throw exit;
  }
}

function onKey(directory: string, world: AzureWorld, name: string, parsed: Parsed, shell: Shell): Outcome {
  const file = resolve(shell.cwd, flag(parsed, 'file') ?? '');
  const downloads = name === 'keyvault key download';
  if (downloads && existsSync(file))
    throw failure(`File or directory named '${flag(parsed, 'file')}' already exists.`);
  const { name: vault, fault } = reach(directory, world, parsed, attempts);
  const place = { vault, key: flag(parsed, 'name') ?? '' };
  switch (name) {
    case 'keyvault key create': {
      const operations = parsed.values.has('ops')
        ? [...(flag(parsed, 'ops')?.split(' ') ?? []), ...parsed.positional]
        : undefined;
      if (flag(parsed, 'kty') !== 'RSA') throw new RangeError('only --kty RSA is played here');
      const made = createKey(world, place, { bits: Number(flag(parsed, 'size') ?? 2048), operations });
      azureState.save(directory, world);
      return print(describe(place, made), parsed);
    }
    case 'keyvault key download': {
      const stored = keyOf(world, place);
      if (flag(parsed, 'encoding') !== 'PEM')
        throw failure(
          `Unsupported encoding: ${flag(parsed, 'encoding') ?? 'None'}. (Supported encodings: DER, PEM)`,
        );
      writeOutput(shell, file, publicPem(stored.privateKey));
      return { code: 0, stdout: '', stderr: '' };
    }
    case 'keyvault key decrypt': {
      const stored = keyOf(world, place);
      const algorithm = flag(parsed, 'algorithm') ?? '';
      if (fault?.mode === 'denied') throw denied(world, place, 'keys/decrypt/action');
      const ciphertext = Buffer.from(flag(parsed, 'value') ?? '', 'base64');
      const plaintext = decryptWith(stored, algorithm, ciphertext, fault);
      const result = plaintext.toString(flag(parsed, 'data-type') === 'plaintext' ? 'utf8' : 'base64');
      return print({ algorithm, keyId: kidOf(place, stored), result }, parsed);
    }
    case 'keyvault key delete': {
      const stored = keyOf(world, place);
      deleteKey(stored);
      azureState.save(directory, world);
      return print(describe(place, stored), parsed);
    }
    case 'keyvault key show-deleted':
      return print(describe(place, keyOf(world, place, true)), parsed);
    case 'keyvault key recover': {
      const stored = keyOf(world, place, true);
      delete stored.purgeDate;
      azureState.save(directory, world);
      return print(describe(place, stored), parsed);
    }
    default:
      return print(describe(place, keyOf(world, place)), parsed);
  }
}
