/** Gives the tokens of a world to openCryptoki's soft token: same labels, PINs, ids and keys, in a folder of the world; each call has a slot daemon of its own. */
import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HsmToken, hsmState, isOpenCryptoki } from '../pkcs11-hsm/state';
import { publicDer } from '../rsa';
import { systemPath } from './support';

/** True where the tokens behind a module know what SoftHSM does not, so that openCryptoki stands in its place. */
export const needsOpenCryptoki = (world: string, module: string): boolean =>
  isOpenCryptoki(module) ||
  hsmState.load(world).modules[module]?.tokens.some(({ oaepHashes }) => oaepHashes?.includes('sha256')) ===
    true;

/** PIN of the security officer of a token that nobody has set up (openCryptoki, pkcsconf). */
const firstOfficerPin = '87654321';

/**
 * Starts the daemon of the slots and then a program, in a namespace whose end is the end of both. Folders of memory stay
 * where they are for the program; what the daemon and the library leave there does not.
 */
const inside = `set -e
folder=$1 module=$2 && shift 2
for library in /usr/lib/*/libopencryptoki.so.0; do
  [ "$module" = "$library" ] || mount --bind "$library" "$module"
done
mount -t tmpfs aside /mnt
for place in run dev/shm; do
  mkdir -p "/mnt/$place" && mount --rbind "/$place" "/mnt/$place"
  mount -t tmpfs -o mode=1777 memory "/$place"
done
for kept in /mnt/dev/shm/*/ /mnt/run/user/; do
  [ -d "$kept" ] || continue
  mkdir -p "\${kept#/mnt}" && mount --rbind "$kept" "\${kept#/mnt}"
done
mkdir -p /run/lock/opencryptoki
for token in "$folder"/tokens/*/; do mkdir "/run/lock/opencryptoki/$(basename "$token")"; done
mount --bind "$folder/tokens" /var/lib/opencryptoki
mount --bind "$folder/etc" /etc/opencryptoki
/usr/sbin/pkcsslotd
exec "$@"
`;

/** Words that start a program which meets the tokens in `folder` behind `module`. Root alone can: the library asks for a group of the system. */
export const aroundToken = (folder: string, module: string): string[] => {
  const apart = ['--mount', '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return ['unshare', ...apart, 'sh', '-c', inside, 'sh', folder, module];
};

/** What is done once with each token. PINs come from the environment, as a list of processes shows arguments to all. */
const setUp = `set -e
tool() { pkcs11-tool --module "$MODULE" --slot "$SLOT" "$@"; }
tool --init-token --label "$LABEL" --so-pin env:FIRST
tool --change-pin --login --login-type so --so-pin env:FIRST --new-pin env:SO_PIN
[ -n "$HSM_PIN" ] || exit 0
tool --login --login-type so --so-pin env:SO_PIN --init-pin --new-pin env:FIRST
tool --change-pin --login --pin env:FIRST --new-pin env:HSM_PIN
while read -r id label private public; do
  if [ "$private" != - ]; then
    tool --login --pin env:HSM_PIN --write-object "$private" --type privkey --id "$id" --label "$label" \\
      --usage-decrypt --sensitive
  fi
  if [ "$public" != - ]; then
    tool --login --pin env:HSM_PIN --write-object "$public" --type pubkey --id "$id" --label "$label"
  fi
done
for try in $TRIES; do tool --login --pin env:FIRST --list-objects || true; done
`;

function fill(folder: string, module: string, slot: number, token: HsmToken): void {
  const lines = token.objects.map((object, index) => {
    const [secret, open] = ['key', 'pub'].map((kind) => join(folder, `${index}.${kind}`)) as [string, string];
    const der = createPrivateKey(object.privateKey).export({ type: 'pkcs1', format: 'der' });
    if (object.hasPrivate) writeFileSync(secret, der, { mode: 0o600 });
    if (object.hasPublic) writeFileSync(open, publicDer(object.privateKey), { mode: 0o600 });
    return `${object.id} ${object.label} ${object.hasPrivate ? secret : '-'} ${object.hasPublic ? open : '-'}\n`;
  });
  const [program = '', ...words] = [...aroundToken(folder, module), 'sh', '-c', setUp];
  execFileSync(program, words, {
    input: lines.join(''),
    env: {
      PATH: systemPath,
      MODULE: module,
      SLOT: String(slot),
      LABEL: token.label,
      FIRST: firstOfficerPin,
      SO_PIN: token.soPin,
      HSM_PIN: token.userPin ?? '',
      TRIES: 'wrong '.repeat(token.failedPins),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  for (const index of lines.keys())
    for (const kind of ['key', 'pub']) rmSync(join(folder, `${index}.${kind}`), { force: true });
}

/** Folder of the tokens of a world; makes and fills them on the first call, without those that are absent. */
export function openCryptoki(world: string, module: string, isAbsent: (token: HsmToken) => boolean): string {
  const all = hsmState.load(world).modules[module]?.tokens ?? [];
  const tokens = all.filter((token) => !isAbsent(token));
  const folder = join(world, tokens.length < all.length ? 'opencryptoki-absent' : 'opencryptoki');
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  const slots = tokens.map((_, index) => {
    mkdirSync(join(draft, `tokens/token${index + 1}/TOK_OBJ`), { recursive: true, mode: 0o700 });
    return `slot ${index + 1}\n{\nstdll = libpkcs11_sw.so\ntokname = token${index + 1}\n}\n`;
  });
  mkdirSync(join(draft, 'etc'), { mode: 0o755 });
  writeFileSync(join(draft, 'etc/opencryptoki.conf'), `version opencryptoki-3.8\n${slots.join('')}`);
  for (const [index, token] of tokens.entries()) fill(draft, module, index + 1, token);
  renameSync(draft, folder);
  return folder;
}
