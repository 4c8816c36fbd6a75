/** Stand-in for `pkcs11-tool` (OpenSC 0.23) on a token that behaves like SoftHSM 2.6: RSA-PKCS-OAEP with SHA-1 only. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Exit, type Outcome, type Shell } from './exit';
import { type Flags, flag, given, type Parsed, parseFlags } from './grammar';
import { describeObject, describeSlot, logIn, type PinSource } from './hsm';
import { decryptOaep, generatePrivateKey, publicDer } from './rsa';
import { type Fault, type FaultMode, faultOn, type HsmToken, type HsmWorld, load, save } from './world';

const flags: Flags = {
  module: 'value',
  'token-label': 'value',
  'slot-index': 'value',
  login: 'switch',
  'login-type': 'value',
  pin: 'value',
  'so-pin': 'value',
  'new-pin': 'value',
  'init-token': 'switch',
  'init-pin': 'switch',
  'list-slots': 'switch',
  'list-token-slots': 'switch',
  'list-objects': 'switch',
  keypairgen: 'switch',
  'key-type': 'value',
  id: 'value',
  label: 'value',
  'read-object': 'switch',
  'delete-object': 'switch',
  type: 'value',
  decrypt: 'switch',
  mechanism: 'value',
  'hash-algorithm': 'value',
  mgf: 'value',
  'input-file': 'value',
  'output-file': 'value',
  'usage-decrypt': 'switch',
};

const modes: readonly FaultMode[] = ['absent', 'refuse', 'no-credentials', 'wrong-shard', 'tampered'];
const objectTypes = ['cert', 'privkey', 'pubkey', 'secrkey', 'data'];
const hashes = ['SHA-1', 'SHA224', 'SHA256', 'SHA384', 'SHA512'];
const mgfs = ['MGF1-SHA1', 'MGF1-SHA224', 'MGF1-SHA256', 'MGF1-SHA384', 'MGF1-SHA512'];
const usage = 'Usage: pkcs11-tool [OPTIONS]\nOptions:\n  (see the manual page)\n';

/** The way the tool reports a fatal error. */
export function fatal(message: string): Exit {
  return new Exit(1, `error: ${message}\nAborting.\n`);
}

/** Runs one `pkcs11-tool` command line in the world directory. */
export function pkcs11Tool(directory: string, words: readonly string[], shell: Shell): Outcome {
  const parsed = parseFlags(words, flags, { dashes: 2, valueMayBeFlag: true });
  const unknown = parsed.unknown[0];
  if (unknown !== undefined) {
    throw new Exit(2, `pkcs11-tool: unrecognized option '${unknown.replace(/=.*/s, '')}'\n`, usage);
  }
  if (parsed.incomplete !== undefined) {
    throw new Exit(2, `pkcs11-tool: option '--${parsed.incomplete}' requires an argument\n`, usage);
  }
  const id = flag(parsed, 'id');
  if (id !== undefined && !/^([0-9a-fA-F]{1,2})+$/.test(id)) throw new Exit(2, `Invalid ID "${id}"\n`, usage);
  const type = flag(parsed, 'type');
  if (type !== undefined && !objectTypes.includes(type)) {
    throw new Exit(2, `Unsupported object type "${type}"\n`, usage);
  }
  if (parsed.positional.length > 0) throw fatal('invalid option(s) given');

  const world = load(directory, 'hsm');
  try {
    return act(directory, world, parsed, shell);
  } finally {
    // A wrong PIN counts even though the command fails.
    save(directory, 'hsm', world);
  }
}

function act(directory: string, world: HsmWorld, parsed: Parsed, shell: Shell): Outcome {
  const path = flag(parsed, 'module');
  const label = flag(parsed, 'token-label');
  const fault = faultOn(directory, modes, `pkcs11-hsm:${label ?? ''}`, 'pkcs11-hsm');
  const module = path === undefined ? undefined : world.modules[path];
  if (path !== undefined && (module === undefined || fault?.mode === 'refuse')) {
    throw new Exit(
      1,
      `sc_dlopen failed: ${path}: cannot open shared object file: No such file or directory\n` +
        'error: Failed to load pkcs11 module\nAborting.\n',
    );
  }
  const all = module?.tokens ?? [];
  const tokens = fault?.mode === 'absent' ? all.filter((token) => token.label === 'decoy') : all;
  const actions = ['init-token', 'init-pin', 'list-slots', 'list-token-slots', 'list-objects'];
  actions.push('keypairgen', 'read-object', 'delete-object', 'decrypt');
  if (!actions.some((action) => given(parsed, action))) throw new Exit(2, '', usage);
  if (given(parsed, 'list-token-slots') || given(parsed, 'list-slots')) {
    return { code: 0, stdout: `Available slots:\n${tokens.map(describeSlot).join('')}`, stderr: '' };
  }
  if (tokens.length === 0) throw new Exit(1, 'No slots.\n');
  const notes: string[] = [];
  const token =
    label === undefined
      ? tokens[Number(flag(parsed, 'slot-index') ?? 0)]
      : tokens.find((entry) => entry.label === label);
  if (token === undefined) {
    throw new Exit(
      1,
      label === undefined ? 'The slot does not exist.\n' : `No slot with token named "${label}" found\n`,
    );
  }
  if (label === undefined) notes.push(`Using slot 0 with a present token (${token.slotId})\n`);
  const pins: PinSource = {
    user: secret(parsed, 'pin', shell, fault),
    officer: secret(parsed, 'so-pin', shell, fault),
    fresh: secret(parsed, 'new-pin', shell, fault),
  };
  if (given(parsed, 'init-token')) return initialize(token, parsed, pins);
  const session = logIn(token, pins, {
    wanted: given(parsed, 'login') || given(parsed, 'decrypt') || pins.user !== undefined,
    type: flag(parsed, 'login-type') ?? 'user',
  });
  const outcome = perform(token, session, parsed, pins, shell, fault);
  return { ...outcome, stderr: notes.join('') + outcome.stderr };
}

/** `env:NAME` reads a variable; an unset one means that the tool would ask, which it can't without a terminal. */
function secret(parsed: Parsed, name: string, shell: Shell, fault: Fault | undefined): string | undefined {
  const value = flag(parsed, name);
  if (value === undefined || (name === 'pin' && fault?.mode === 'no-credentials')) return undefined;
  return value.startsWith('env:') ? shell.env[value.slice(4)] : value;
}

function initialize(token: HsmToken, parsed: Parsed, pins: PinSource): Outcome {
  const label = flag(parsed, 'label');
  if (label === undefined) throw fatal('The token label must be specified using --label');
  if (pins.officer === undefined) throw fatal('util_getpass error');
  if (pins.officer !== token.soPin) {
    throw fatal('PKCS11 function C_InitToken failed: rv = CKR_PIN_INCORRECT (0xa0)');
  }
  token.label = label;
  token.objects.length = 0;
  delete token.userPin;
  return { code: 0, stdout: 'Token successfully initialized\n', stderr: '' };
}

type Session = ReturnType<typeof logIn>;

function perform(
  token: HsmToken,
  session: Session,
  parsed: Parsed,
  pins: PinSource,
  shell: Shell,
  fault: Fault | undefined,
): Outcome {
  if (given(parsed, 'init-pin')) {
    const fresh = pins.fresh ?? pins.user;
    if (fresh === undefined) throw fatal('util_getpass error');
    if (session !== 'so')
      throw fatal('PKCS11 function C_InitPIN failed: rv = CKR_USER_NOT_LOGGED_IN (0x101)');
    token.userPin = fresh;
    token.failedPins = 0;
    return { code: 0, stdout: 'User PIN successfully initialized\n', stderr: '' };
  }
  if (given(parsed, 'keypairgen')) return generate(token, session, parsed);
  if (given(parsed, 'read-object')) return read(token, parsed, shell);
  if (given(parsed, 'delete-object')) return remove(token, session, parsed);
  if (given(parsed, 'decrypt')) return decrypt(token, session, parsed, shell, fault);
  const type = flag(parsed, 'type');
  const kinds = (['pubkey', 'privkey'] as const).filter((kind) => type === undefined || kind === type);
  const lines = kinds.flatMap((kind) => token.objects.map((object) => describeObject(object, kind, session)));
  return { code: 0, stdout: lines.join(''), stderr: '' };
}

function generate(token: HsmToken, session: Session, parsed: Parsed): Outcome {
  const keyType = flag(parsed, 'key-type');
  if (keyType === undefined) {
    throw fatal('PKCS11 function C_GenerateKeyPair failed: rv = CKR_TEMPLATE_INCOMPLETE (0xd0)');
  }
  const bits = /^rsa:(\d+)$/i.exec(keyType)?.[1];
  if (bits === undefined) throw fatal(`Unknown key pair type ${keyType}`);
  if (session !== 'user') {
    throw fatal('PKCS11 function C_GenerateKeyPair failed: rv = CKR_USER_NOT_LOGGED_IN (0x101)');
  }
  if (Number(bits) < 512 || Number(bits) > 16_384) {
    throw fatal('PKCS11 function C_GenerateKeyPair failed: rv = CKR_KEY_SIZE_RANGE (0x62)');
  }
  const object = {
    id: normalized(flag(parsed, 'id') ?? ''),
    label: flag(parsed, 'label') ?? '',
    bits: Number(bits),
    privateKey: generatePrivateKey(Number(bits)),
    hasPrivate: true,
    hasPublic: true,
  };
  token.objects.push(object);
  const text = describeObject(object, 'privkey', session) + describeObject(object, 'pubkey', session);
  return { code: 0, stdout: `Key pair generated:\n${text}`, stderr: '' };
}

/** Pairs of lower-case hex digits, as CKA_ID is shown. */
function normalized(id: string): string {
  return (id.length % 2 === 1 ? `0${id}` : id).toLowerCase();
}

function matching(token: HsmToken, parsed: Parsed, half: 'hasPrivate' | 'hasPublic') {
  const id = flag(parsed, 'id');
  const label = flag(parsed, 'label');
  return token.objects.find(
    (object) =>
      object[half] &&
      (id === undefined || object.id === normalized(id)) &&
      (label === undefined || object.label === label),
  );
}

function read(token: HsmToken, parsed: Parsed, shell: Shell): Outcome {
  const type = flag(parsed, 'type');
  if (type === undefined) throw fatal('You should specify type of the object to read');
  if (flag(parsed, 'id') === undefined && flag(parsed, 'label') === undefined) {
    throw fatal(
      'You should specify at least one of the object ID, object label, application label or application ID',
    );
  }
  const object = type === 'pubkey' ? matching(token, parsed, 'hasPublic') : undefined;
  if (object === undefined) throw fatal('object not found');
  return output(parsed, shell, publicDer(object.privateKey), '');
}

function remove(token: HsmToken, session: Session, parsed: Parsed): Outcome {
  const type = flag(parsed, 'type');
  if (type === undefined) throw fatal('You should specify type of the object to delete');
  const half = type === 'privkey' ? 'hasPrivate' : 'hasPublic';
  const visible = type === 'pubkey' || (type === 'privkey' && session === 'user');
  const object = visible ? matching(token, parsed, half) : undefined;
  if (object === undefined) throw fatal('object not found');
  if (session !== 'user') {
    throw fatal('PKCS11 function C_DestroyObject() failed: rv = CKR_USER_NOT_LOGGED_IN (0x101)');
  }
  object[half] = false;
  return { code: 0, stdout: '', stderr: '' };
}

function decrypt(
  token: HsmToken,
  session: Session,
  parsed: Parsed,
  shell: Shell,
  fault: Fault | undefined,
): Outcome {
  const mechanism = flag(parsed, 'mechanism');
  const hash = flag(parsed, 'hash-algorithm') ?? 'SHA256';
  const mgf = flag(parsed, 'mgf') ?? `MGF1-${hash.replace('SHA-1', 'SHA1')}`;
  if (mechanism !== undefined && mechanism !== 'RSA-PKCS-OAEP') {
    throw fatal(`Unknown PKCS11 mechanism "${mechanism}"`);
  }
  if (!hashes.includes(hash)) throw fatal(`Unknown PKCS11 mechanism "${hash}"`);
  if (!mgfs.includes(mgf)) throw fatal(`Unknown PKCS11 MGF "${mgf}"`);
  const object = session === 'user' ? matching(token, parsed, 'hasPrivate') : undefined;
  if (object === undefined) throw fatal('Private/secret key not found');
  if (mechanism === undefined) throw fatal('Decrypt mechanism not supported');
  const notes =
    'Using decrypt algorithm RSA-PKCS-OAEP\n' +
    `OAEP parameters: hashAlg=${hash}, mgf=${mgf}, source_type=0, source_ptr=(nil), source_len=0\n`;
  const input = flag(parsed, 'input-file');
  let ciphertext: Buffer;
  try {
    ciphertext = input === undefined ? shell.stdin() : readFileSync(resolve(shell.cwd, input));
  } catch {
    throw new Exit(1, `${notes}error: Cannot open ${input}: No such file or directory\nAborting.\n`);
  }
  // The tool opens its output before it decrypts: a failure leaves an empty file.
  output(parsed, shell, Buffer.alloc(0), '');
  if (hash !== 'SHA-1' || mgf !== 'MGF1-SHA1') {
    throw new Exit(
      1,
      `${notes}error: PKCS11 function C_DecryptInit failed: rv = CKR_ARGUMENTS_BAD (0x7)\nAborting.\n`,
    );
  }
  const plaintext = decryptOaep(object.privateKey, 'sha1', ciphertext);
  if (plaintext === undefined || fault?.mode === 'tampered') {
    throw new Exit(
      1,
      `${notes}error: PKCS11 function C_DecryptUpdate failed: rv = CKR_FUNCTION_NOT_SUPPORTED (0x54)\nAborting.\n`,
    );
  }
  return output(
    parsed,
    shell,
    fault?.mode === 'wrong-shard' ? Buffer.from(fault.plaintext ?? '') : plaintext,
    notes,
  );
}

function output(parsed: Parsed, shell: Shell, content: Buffer, stderr: string): Outcome {
  const path = flag(parsed, 'output-file');
  if (path === undefined) return { code: 0, stdout: content, stderr };
  writeFileSync(resolve(shell.cwd, path), content, { mode: 0o600 });
  return { code: 0, stdout: '', stderr };
}
