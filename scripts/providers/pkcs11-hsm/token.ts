/** The token behind the `pkcs11-tool` stand-in: PINs with a retry counter, and how slots and objects are shown (PKCS#11 2.40). */
import { Exit } from '../exit';
import type { HsmObject, HsmToken } from './state';

/** PINs as given on the command line; undefined where the tool would have to ask. */
export interface PinSource {
  readonly user: string | undefined;
  readonly officer: string | undefined;
  readonly fresh: string | undefined;
}

/** Who is logged in. */
export type HsmSession = 'none' | 'user' | 'so';

/** The way the tool reports a fatal error. */
export function fatal(message: string): Exit {
  return new Exit(1, `error: ${message}\nAborting.\n`);
}

function loginFailed(reason: string): Exit {
  return fatal(`PKCS11 function C_Login failed: rv = ${reason}`);
}

function prompt(token: HsmToken, who: string): Exit {
  return new Exit(
    1,
    'error: util_getpass error\nAborting.\n',
    `Logging in to "${token.label}".\nPlease enter ${who} PIN: `,
  );
}

/** Logs in where the command wants it. A wrong user PIN counts; after `pinTries` in a row the PIN is locked. */
export function logIn(
  token: HsmToken,
  pins: PinSource,
  { wanted, type }: { readonly wanted: boolean; readonly type: string },
): HsmSession {
  if (!wanted) return 'none';
  // OpenSC 0.23 sends no empty PIN, and says nothing.
  if ((type === 'so' ? pins.officer : pins.user) === '') throw new Exit(1, '');
  if (type === 'so') {
    if (pins.officer === undefined) throw prompt(token, 'SO');
    if (pins.officer !== token.soPin) throw loginFailed('CKR_PIN_INCORRECT (0xa0)');
    return 'so';
  }
  if (type !== 'user') throw fatal(`Unknown login type "${type}"`);
  if (pins.user === undefined) throw prompt(token, 'User');
  if (token.userPin === undefined) throw loginFailed('CKR_USER_PIN_NOT_INITIALIZED (0x102)');
  if (token.failedPins >= token.pinTries) throw loginFailed('CKR_PIN_LOCKED (0xa4)');
  if (pins.user !== token.userPin) {
    token.failedPins += 1;
    throw loginFailed('CKR_PIN_INCORRECT (0xa0)');
  }
  token.failedPins = 0;
  return 'user';
}

/** One slot of openCryptoki 3.8 as `--list-token-slots` shows it: numbered, without serial numbers that tell tokens apart. */
function describeNumbered(token: HsmToken, index: number): string {
  const left = token.pinTries - token.failedPins;
  const flags = [
    'login required',
    'rng',
    'token initialized',
    ...(left === 1
      ? ['final user PIN try']
      : left > 0 && left < token.pinTries
        ? ['user PIN count low']
        : []),
    ...(token.userPin === undefined ? ['user PIN to be changed'] : ['PIN initialized']),
    ...(left === 0 ? ['user PIN locked'] : []),
    'other flags=0x40',
  ];
  return [
    `Slot ${index} (0x${(index + 1).toString(16)}): Linux`,
    `  token label        : ${token.label}`,
    '  token manufacturer : IBM Corp.',
    '  token model        : IBM SoftTok',
    `  token flags        : ${flags.join(', ')}`,
    '  hardware version   : 1.0',
    '  firmware version   : 1.0',
    '  serial num         : 123',
    '  pin min/max        : 4/8\n',
  ].join('\n');
}

/** One slot as `--list-token-slots` shows it. */
export function describeSlot(token: HsmToken, index: number, numbered: boolean): string {
  if (numbered) return describeNumbered(token, index);
  const left = token.pinTries - token.failedPins;
  const flags = [
    'login required',
    'rng',
    'token initialized',
    ...(token.userPin === undefined ? [] : ['PIN initialized']),
    ...(left === 0
      ? ['user PIN locked']
      : left === 1
        ? ['final user PIN try']
        : left < token.pinTries
          ? ['user PIN count low']
          : []),
    'other flags=0x20',
  ];
  return [
    `Slot ${index} (${token.slotId}): SoftHSM slot ID ${token.slotId}`,
    `  token label        : ${token.label}`,
    '  token manufacturer : SoftHSM project',
    '  token model        : SoftHSM v2',
    `  token flags        : ${flags.join(', ')}`,
    '  hardware version   : 2.6',
    '  firmware version   : 2.6',
    `  serial num         : ${token.serial}`,
    '  pin min/max        : 4/255\n',
  ].join('\n');
}

/** One half of a key pair as the tool lists it; nothing where it is deleted or, being private, not visible. */
export function describeObject(object: HsmObject, kind: 'pubkey' | 'privkey', session: string): string {
  const kept = object.extractable === true ? 'extractable' : 'never extractable';
  if (kind === 'pubkey' && !object.hasPublic) return '';
  if (kind === 'privkey' && (!object.hasPrivate || session !== 'user')) return '';
  const [title, usage, access] =
    kind === 'pubkey'
      ? [`Public Key Object; RSA ${object.bits} bits`, 'encrypt, verify, wrap', 'local']
      : ['Private Key Object; RSA ', 'decrypt, sign, unwrap', `sensitive, always sensitive, ${kept}, local`];
  return [
    title,
    ...(object.label === '' ? [] : [`  label:      ${object.label}`]),
    ...(object.id === '' ? [] : [`  ID:         ${object.id}`]),
    `  Usage:      ${usage}`,
    `  Access:     ${access}\n`,
  ].join('\n');
}
