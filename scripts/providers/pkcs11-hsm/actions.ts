/** What `pkcs11-tool` does on a token once it is logged in: PINs, key pairs, objects, decryption (OpenSC 0.23 on SoftHSM 2.6). */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Exit, type Outcome, type Shell } from '../exit';
import { flag, given, type Parsed } from '../grammar';
import { writeOutput } from '../output-file';
import { decryptOaep, generatePrivateKey, publicDer } from '../rsa';
import type { Fault } from '../world';
import { type HsmToken, isOpenCryptoki } from './state';
import { describeObject, fatal, type HsmSession, type PinSource } from './token';

const hashes = ['SHA-1', 'SHA224', 'SHA256', 'SHA384', 'SHA512'];
/** The options that name each hash that a token can know. */
const words = { sha1: ['SHA-1', 'MGF1-SHA1'], sha256: ['SHA256', 'MGF1-SHA256'] } as const;
const mgfs = ['MGF1-SHA1', 'MGF1-SHA224', 'MGF1-SHA256', 'MGF1-SHA384', 'MGF1-SHA512'];

/** `--init-token`: a new label, no objects, no user PIN. */
export function initialize(token: HsmToken, parsed: Parsed, pins: PinSource): Outcome {
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

/** Performs the action that the options name. */
export function perform(
  token: HsmToken,
  session: HsmSession,
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

function generate(token: HsmToken, session: HsmSession, parsed: Parsed): Outcome {
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
    ...(isOpenCryptoki(flag(parsed, 'module') ?? '') ? { extractable: true } : {}),
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
  return output(parsed, shell, publicDer(object.privateKey), '', 0o666);
}

function remove(token: HsmToken, session: HsmSession, parsed: Parsed): Outcome {
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
  session: HsmSession,
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
  const soft = isOpenCryptoki(flag(parsed, 'module') ?? '');
  const { oaepHashes = ['sha1'] } = soft ? { oaepHashes: ['sha1', 'sha256'] as const } : token;
  const oaepHash = oaepHashes.find((known) => words[known].join() === [hash, mgf].join());
  if (oaepHash === undefined && !soft) {
    throw new Exit(
      1,
      `${notes}error: PKCS11 function C_DecryptInit failed: rv = CKR_ARGUMENTS_BAD (0x7)\nAborting.\n`,
    );
  }
  const plaintext = oaepHash && decryptOaep(object.privateKey, oaepHash, ciphertext);
  const unlike = soft ? 'CKR_MECHANISM_INVALID (0x70)' : 'CKR_FUNCTION_NOT_SUPPORTED (0x54)';
  if (plaintext === undefined || fault?.mode === 'tampered') {
    throw new Exit(1, `${notes}error: PKCS11 function C_DecryptUpdate failed: rv = ${unlike}\nAborting.\n`);
  }
  return output(
    parsed,
    shell,
    fault?.mode === 'wrong-shard' ? Buffer.from(fault.plaintext ?? '') : plaintext,
    notes,
  );
}

/** OpenSC opens the output of a decryption for its owner alone, and that of an object as any file. */
function output(parsed: Parsed, shell: Shell, content: Buffer, stderr: string, mode = 0o600): Outcome {
  const path = flag(parsed, 'output-file');
  if (path === undefined) return { code: 0, stdout: content, stderr };
  writeOutput(shell, path, content, mode);
  return { code: 0, stdout: '', stderr };
}
