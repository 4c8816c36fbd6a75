/** Gives the tokens of a world to SoftHSM2: same labels, PINs, ids and keys, in a token folder of the world. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HsmToken, hsmState } from '../pkcs11-hsm/state';

/** The tokens of the real tools are made again from what the world then says. */
export function forgetTokens(world: string): void {
  for (const name of ['softhsm', 'opencryptoki']) rmSync(join(world, name), { recursive: true, force: true });
}

const settingsText = (folder: string) =>
  `directories.tokendir = ${folder}/tokens\nslots.removable = false\nlog.level = ERROR\n`;

/** Path of the SoftHSM2 configuration of a world; makes and fills the tokens on the first call, without those that are absent. */
export function softHsm(world: string, module: string, isAbsent: (token: HsmToken) => boolean): string {
  const all = hsmState.load(world).modules[module]?.tokens ?? [];
  const tokens = all.filter((token) => !isAbsent(token));
  const folder = join(world, tokens.length < all.length ? 'softhsm-absent' : 'softhsm');
  const settings = join(folder, 'softhsm2.conf');
  // A world that was copied brings its tokens along, but not to the place that its settings name.
  if (existsSync(settings)) {
    writeFileSync(settings, settingsText(folder));
    return settings;
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'tokens'), { recursive: true, mode: 0o700 });
  const draft = join(folder, 'draft.conf');
  writeFileSync(draft, settingsText(folder));
  const run = (program: string, words: readonly string[], secrets: Readonly<Record<string, string>>) =>
    execFileSync(program, words, {
      env: { PATH: '/usr/bin:/bin', SOFTHSM2_CONF: draft, ...secrets },
      stdio: 'pipe',
    });
  const tool = (words: string, secrets: Readonly<Record<string, string>>) =>
    run('pkcs11-tool', ['--module', module, ...words.split(' ')], secrets);
  // SoftHSM sorts its slots by a random serial number: made again until they stand in their order.
  const wanted = tokens.map(({ label }) => label).join(' ');
  let order: string | undefined;
  for (let round = 0; order !== wanted && round < 100; round += 1) {
    rmSync(join(folder, 'tokens'), { recursive: true });
    mkdirSync(join(folder, 'tokens'), { mode: 0o700 });
    for (const [index, token] of tokens.entries()) {
      tool(`--init-token --slot-index ${index} --label ${token.label} --so-pin env:SO_PIN`, {
        SO_PIN: token.soPin,
      });
    }
    const listed = tool('--list-token-slots', {}).toString();
    order = [...listed.matchAll(/token label +: (\S+)/g)].map(([, label]) => label).join(' ');
  }
  for (const [index, token] of tokens.entries()) {
    if (token.userPin === undefined) continue;
    const secrets = { SO_PIN: token.soPin, HSM_PIN: token.userPin };
    const at = `--slot-index ${index} --login`;
    tool(`${at} --login-type so --so-pin env:SO_PIN --init-pin --new-pin env:HSM_PIN`, secrets);
    for (const object of token.objects.filter(({ hasPrivate }) => hasPrivate)) {
      const file = join(folder, 'key.pem');
      writeFileSync(file, object.privateKey, { mode: 0o600 });
      const words = ['--import', file, '--token', token.label, '--label', object.label, '--id', object.id];
      run('softhsm2-util', [...words, '--pin', token.userPin], {});
      rmSync(file);
    }
  }
  renameSync(draft, settings);
  return settings;
}
