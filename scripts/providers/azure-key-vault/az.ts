/**
 * Stand-in for the `az` command: keys of Azure Key Vault, with the options and errors of azure-cli 2.45.
 * Options, their values and exit codes are those of the vendor's published source; what the service answers to a
 * ciphertext that it cannot decrypt is from its REST reference and was not seen live.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Exit, type Outcome, type Shell } from '../exit';
import { flag, type Parsed } from '../grammar';
import { writeOutput } from '../output-file';
import { decryptOaep, generatePrivateKey, publicPem } from '../rsa';
import { type FaultMode, faultModes, faultOn, hang } from '../world';
import { azCommands, readArguments } from './grammar';
import { type AzureKey, type AzureWorld, azureState } from './state';

/** A request to Azure carries a token and not the client's time. */
const modes = faultModes.filter((mode) => mode !== 'clock-skew');

/** Default of a vault with soft delete. */
const recoverableDays = 90;

const failure = (text: string, code = 1) => new Exit(code, `ERROR: ${text}\n`);

/** An error that the service itself answers. */
function refused(code: string, message: string, exit = 1): Exit {
  return failure(`(${code}) ${message}\nCode: ${code}\nMessage: ${message}`, exit);
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
        typeof shown === 'object' && shown !== null ? (shown as Record<string, unknown>)[name] : undefined;
    }
  }
  const format = flag(parsed, 'output') ?? 'json';
  if (format === 'none' || shown === undefined) return { code: 0, stdout: '', stderr: '' };
  if (format === 'json') return { code: 0, stdout: `${JSON.stringify(shown, null, 2)}\n`, stderr: '' };
  if (format !== 'tsv') throw new RangeError(`--output ${format} is not played here`);
  const text =
    typeof shown === 'object'
      ? Object.values(shown as object)
          .map(String)
          .join('\t')
      : String(shown);
  return { code: 0, stdout: `${text}\n`, stderr: '' };
}

/** The vault that a command asks, past every fault on the way to it. */
function reach(directory: string, world: AzureWorld, parsed: Parsed) {
  const name = flag(parsed, 'vault-name') ?? '';
  const fault = faultOn(directory, modes, `azure-key-vault:${name}`, 'azure-key-vault');
  const connection = '<urllib3.connection.HTTPSConnection object at 0x7f0000000000>';
  if (fault?.mode === 'no-credentials' || world.account === '')
    throw failure("Please run 'az login' to setup account.");
  if (fault?.mode === 'expired-sign-in')
    throw failure(
      'AADSTS700082: The refresh token has expired due to inactivity.\nInteractive authentication is needed. Please run:\naz login',
    );
  if (fault?.mode === 'unknown-authority')
    throw failure(
      `HTTPSConnectionPool(host='${name}.vault.azure.net', port=443): Max retries exceeded (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1007)')))`,
    );
  if (fault?.mode === 'refuse')
    throw failure(`${connection}: Failed to establish a new connection: [Errno 111] Connection refused`);
  const vault = Object.hasOwn(world.vaults, name) ? world.vaults[name] : undefined;
  if (vault === undefined || fault?.mode === 'absent' || fault?.mode === 'unknown-host') {
    throw failure(
      `${connection}: Failed to establish a new connection: [Errno -2] Name or service not known`,
    );
  }
  if (fault?.mode === 'hang') {
    hang(fault, 300);
    throw failure(
      `HTTPSConnectionPool(host='${name}.vault.azure.net', port=443): Read timed out. (read timeout=300)`,
    );
  }
  if (fault?.mode === 'http-503')
    throw refused('ServiceUnavailable', 'The service is currently unavailable.');
  if (fault?.mode === 'throttle')
    throw refused(
      'Throttled',
      'Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached',
    );
  return { name, vault, fault };
}

function keyNotFound(name: string): Exit {
  const message = `A key with (name/id) ${name} was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`;
  return refused('KeyNotFound', message, 3);
}

function describe(vault: string, name: string, stored: AzureKey) {
  return {
    attributes: {
      created: stored.createdAt,
      enabled: stored.enabled,
      recoverableDays,
      recoveryLevel: 'Recoverable',
    },
    key: {
      keyOps: ['decrypt', 'encrypt'],
      kid: `https://${vault}.vault.azure.net/keys/${name}/${stored.version}`,
      kty: 'RSA',
    },
    ...(stored.purgeDate === undefined
      ? {}
      : { scheduledPurgeDate: `${stored.purgeDate.slice(0, 19)}+00:00` }),
    managed: null,
    tags: null,
  };
}

function create(name: string, parsed: Parsed): AzureKey {
  if (flag(parsed, 'kty') !== 'RSA' || flag(parsed, 'size') !== '4096') {
    throw new RangeError(
      `only --kty RSA --size 4096 is played here; found ${name} with ${flag(parsed, 'kty')} ${flag(parsed, 'size')}`,
    );
  }
  return {
    enabled: true,
    version: crypto.randomUUID().replaceAll('-', ''),
    createdAt: `${new Date().toISOString().slice(0, 19)}+00:00`,
    privateKey: generatePrivateKey(4096),
  };
}

function decrypt(
  stored: AzureKey,
  parsed: Parsed,
  fault: { mode: FaultMode; plaintext?: string } | undefined,
): Buffer {
  if (fault?.mode === 'denied') {
    throw refused(
      'Forbidden',
      'Caller is not authorized to perform action on resource.\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
    );
  }
  if (!stored.enabled) throw refused('Forbidden', 'Operation decrypt is not allowed on a disabled key.');
  if (fault?.mode === 'wrong-shard') return Buffer.from(fault.plaintext ?? '');
  const hash = ({ 'RSA-OAEP': 'sha1', 'RSA-OAEP-256': 'sha256' } as const)[
    flag(parsed, 'algorithm') as 'RSA-OAEP'
  ];
  const ciphertext = Buffer.from(flag(parsed, 'value') ?? '', 'base64');
  const plaintext =
    hash && fault?.mode !== 'tampered' ? decryptOaep(stored.privateKey, hash, ciphertext) : undefined;
  if (plaintext === undefined) throw refused('BadParameter', 'The parameter is incorrect.');
  return plaintext;
}

/** Runs one `az` command line in the world directory. */
export function az(directory: string, words: readonly string[], shell: Shell): Outcome {
  if (words[0] === '--version' || words[0] === 'version') {
    return { code: 0, stdout: 'azure-cli 2.45.0 (MasterKey Runbook stand-in)\n', stderr: '' };
  }
  const end = words.findIndex((word) => word.startsWith('-'));
  const name = words.slice(0, end < 0 ? words.length : end).join(' ');
  const command = Object.hasOwn(azCommands, name) ? azCommands[name] : undefined;
  if (command === undefined) {
    const word = words[0] ?? '';
    throw new Exit(2, `ERROR: '${word}' is misspelled or not recognized by the system.\n`);
  }
  const parsed = readArguments(name, words.slice(end < 0 ? words.length : end), command);
  const world = azureState.load(directory);
  if (name === 'account clear') {
    azureState.save(directory, { ...world, account: '', signedOut: world.account });
    return { code: 0, stdout: '', stderr: '' };
  }
  if (name === 'account show') {
    if (world.account === '') throw failure("Please run 'az login' to setup account.");
    return print({ state: 'Enabled', user: { name: world.account, type: 'servicePrincipal' } }, parsed);
  }
  const { name: vaultName, vault, fault } = reach(directory, world, parsed);
  const keyName = flag(parsed, 'name') ?? '';
  if (name === 'keyvault key create') {
    vault.keys[keyName] = create(keyName, parsed);
    azureState.save(directory, world);
  }
  const stored = Object.hasOwn(vault.keys, keyName) ? vault.keys[keyName] : undefined;
  // A deleted key is out of sight of every command but those that are about deleted keys.
  const wantsDeleted = name === 'keyvault key show-deleted' || name === 'keyvault key recover';
  if (stored === undefined || (stored.purgeDate !== undefined) !== wantsDeleted) throw keyNotFound(keyName);
  switch (name) {
    case 'keyvault key download': {
      const file = resolve(shell.cwd, flag(parsed, 'file') ?? '');
      if (existsSync(file))
        throw failure(`File or directory named '${flag(parsed, 'file')}' already exists.`);
      if (flag(parsed, 'encoding') !== 'PEM')
        throw failure(
          `Unsupported encoding: ${flag(parsed, 'encoding') ?? 'None'}. (Supported encodings: DER, PEM)`,
        );
      writeOutput(shell, file, publicPem(stored.privateKey));
      return { code: 0, stdout: '', stderr: '' };
    }
    case 'keyvault key decrypt': {
      const plaintext = decrypt(stored, parsed, fault);
      const result =
        flag(parsed, 'data-type') === 'plaintext' ? plaintext.toString('utf8') : plaintext.toString('base64');
      return print(
        { algorithm: flag(parsed, 'algorithm'), kid: describe(vaultName, keyName, stored).key.kid, result },
        parsed,
      );
    }
    case 'keyvault key delete':
      stored.purgeDate = new Date(Date.now() + recoverableDays * 86_400_000).toISOString();
      azureState.save(directory, world);
      return print(describe(vaultName, keyName, stored), parsed);
    case 'keyvault key recover':
      delete stored.purgeDate;
      azureState.save(directory, world);
      return print(describe(vaultName, keyName, stored), parsed);
    default:
      return print(describe(vaultName, keyName, stored), parsed);
  }
}
