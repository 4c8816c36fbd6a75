/** Stand-in for `pkcs11-tool` (OpenSC 0.23) on a token that behaves like SoftHSM 2.6: RSA-PKCS-OAEP with SHA-1 only, unless the token was seeded with another hash. */
import { Exit, type Outcome, type Shell } from '../exit';
import { type Flags, flag, given, type Parsed, parseFlags } from '../grammar';
import { type Fault, type FaultMode, faultOn } from '../world';
import { initialize, perform } from './actions';
import { type HsmToken, type HsmWorld, hsmState, isOpenCryptoki } from './state';
import { describeSlot, fatal, logIn, type PinSource } from './token';

const flags: Flags = {
  module: 'value',
  'token-label': 'value',
  slot: 'value',
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
const usage = 'Usage: pkcs11-tool [OPTIONS]\nOptions:\n  (see the manual page)\n';

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

  const world = hsmState.load(directory);
  try {
    return act(directory, world, parsed, shell);
  } finally {
    // A wrong PIN counts even though the command fails.
    hsmState.save(directory, world);
  }
}

function act(directory: string, world: HsmWorld, parsed: Parsed, shell: Shell): Outcome {
  const path = flag(parsed, 'module');
  const faultOf = (label: string) => faultOn(directory, modes, `pkcs11-hsm:${label}`, 'pkcs11-hsm');
  const module = path === undefined ? undefined : world.modules[path];
  const refused = module?.tokens.some(({ label }) => faultOf(label)?.mode === 'refuse');
  if (path !== undefined && (module === undefined || refused)) {
    throw new Exit(
      1,
      `sc_dlopen failed: ${path}: cannot open shared object file: No such file or directory\n` +
        'error: Failed to load pkcs11 module\nAborting.\n',
    );
  }
  const all = module?.tokens ?? [];
  const numbered = isOpenCryptoki(path ?? '');
  const tokens = all.filter(
    ({ label, userPin }) => userPin === undefined || faultOf(label)?.mode !== 'absent',
  );
  const actions = ['init-token', 'init-pin', 'list-slots', 'list-token-slots', 'list-objects'];
  actions.push('keypairgen', 'read-object', 'delete-object', 'decrypt');
  if (!actions.some((action) => given(parsed, action))) throw new Exit(2, '', usage);
  if (['slot', 'slot-index', 'token-label'].filter((way) => given(parsed, way)).length > 1) {
    const ways = '--slot, --slot-description, --slot-index or --token-label';
    throw new Exit(2, `Error: Only one of ${ways} can be used\n`, usage);
  }
  if (given(parsed, 'list-token-slots') || given(parsed, 'list-slots')) {
    return {
      code: 0,
      stdout: `Available slots:\n${tokens.map((token, index) => describeSlot(token, index, numbered)).join('')}`,
      stderr: '',
    };
  }
  if (tokens.length === 0) throw new Exit(1, 'No slots.\n');
  const { token, note } = choose(tokens, parsed, numbered);
  const fault = faultOf(token.label);
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
  return { ...outcome, stderr: note + outcome.stderr };
}

/** The token that a command reaches. A label needs only to begin as it was given: OpenSC compares no further. */
function choose(
  tokens: readonly HsmToken[],
  parsed: Parsed,
  numbered: boolean,
): { readonly token: HsmToken; readonly note: string } {
  const slot = flag(parsed, 'slot');
  const label = flag(parsed, 'token-label');
  if (slot !== undefined) {
    // strtoul: what is no number, and nothing at all, is slot 0.
    const wanted = Number.parseInt(slot, slot.startsWith('0x') ? 16 : 10) || 0;
    const token = tokens.find(({ slotId }, index) => (numbered ? index + 1 : Number(slotId)) === wanted);
    if (token === undefined) {
      const first = given(parsed, 'login') || given(parsed, 'decrypt') ? 'C_GetTokenInfo' : 'C_OpenSession';
      throw fatal(`PKCS11 function ${first} failed: rv = CKR_SLOT_ID_INVALID (0x3)`);
    }
    return { token, note: '' };
  }
  if (label !== undefined) {
    const token = tokens.find((entry) => entry.label.startsWith(label));
    if (token === undefined) throw new Exit(1, `No slot with token named "${label}" found\n`);
    return { token, note: '' };
  }
  const token = tokens[Number(flag(parsed, 'slot-index') ?? 0)];
  if (token === undefined) throw new Exit(1, 'The slot does not exist.\n');
  return { token, note: `Using slot 0 with a present token (${token.slotId})\n` };
}

/** `env:NAME` reads a variable; an unset one means that the tool would ask, which it can't without a terminal. */
function secret(parsed: Parsed, name: string, shell: Shell, fault: Fault | undefined): string | undefined {
  const value = flag(parsed, name);
  if (value === undefined || (name === 'pin' && fault?.mode === 'no-credentials')) return undefined;
  return value.startsWith('env:') ? shell.env[value.slice(4)] : value;
}
