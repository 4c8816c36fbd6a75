/** manifest: digest as hex and words, and signatures made and checked by the real ssh-keygen. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../src/shard/manifest';
import { spell } from '../../../src/shard/words';
import { errorOf, HOLDERS, makeSet, scratch, sss } from './run';

describe('words', () => {
  it('spells the examples of the proquint proposal', () => {
    const examples = {
      '7f000001': 'lusab-babad',
      '3f54dcc1': 'gutih-tugad',
      '3f760723': 'gutuk-bisog',
      '8c62c18d': 'mudof-sakat',
      '40ff06c8': 'haguz-biram',
      '801e342d': 'mabiv-gibot',
      '93437702': 'natag-lisaf',
      d43afd44: 'tibup-zujah',
      d82344d7: 'tobog-higil',
      d844e815: 'todah-vobij',
      c6518188: 'sinid-makam',
      '0c6e6ecc': 'budov-kuras',
    };
    for (const [hex, words] of Object.entries(examples)) expect(spell(hex).join('-')).toBe(words);
  });

  it('spells nothing but whole groups of hex digits', () => {
    for (const text of ['7f0', '7f0g', '7F00', ' 7f00', '7f00\n'])
      expect(() => spell(text)).toThrow(RangeError);
    expect(() => spell(0x7f00 as never)).toThrow(TypeError);
  });

  it('gives 65,536 different words, each for four hex digits', () => {
    const words = new Set<string>();
    for (let i = 0; i < 65_536; i += 1) words.add(spell(i.toString(16).padStart(4, '0'))[0] ?? '');
    expect(words.size).toBe(65_536);
    for (const word of words)
      expect(word).toMatch(/^[bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz]$/);
  });
});

describe('manifest', () => {
  it('lists the set and its digest', async () => {
    const set = await makeSet();
    const bytes = fs.readFileSync(set.manifest);
    const { setId, commitment, shards } = parseManifest(bytes.toString());
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const ran = await sss(['manifest', set.manifest]);
    const words = spell(sha256);
    const pairs = Array.from({ length: 8 }, (_, i) => `${words[2 * i]}-${words[2 * i + 1]}`);
    expect(ran).toMatchObject({
      code: 0,
      out: `${set.manifest}: ledger-master-key, 32 bytes, 3 of 5 shards, generation 1, set ${setId}
${shards.map(({ label }, i) => `shard ${i + 1}: ${label}, ${HOLDERS[i]}`).join('\n')}
commitment: ${commitment}
SHA-256: ${sha256}
words:   ${pairs.slice(0, 4).join(' ')}
         ${pairs.slice(4).join(' ')}
`,
    });
  });

  const hasSsh = spawnSync('ssh-keygen', ['-?']).error === undefined || process.env.CI !== undefined;
  it.runIf(hasSsh)(
    'signs and checks; another signer, another text and another namespace are refused',
    async () => {
      const set = await makeSet();
      const folder = scratch();
      const [key, other, signers] = ['witness', 'other', 'allowed'].map((name) =>
        path.join(folder, name),
      ) as [string, string, string];
      for (const file of [key, other])
        execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
      fs.writeFileSync(signers, `witness ${fs.readFileSync(`${key}.pub`, 'utf8')}`);
      const check = (...more: string[]) =>
        sss(['manifest', set.manifest, '--check', signers, '--signer', 'witness', ...more]);
      expect(errorOf(await check())).toContain('manifest.json.sig: no such file');

      const signed = await sss(['manifest', set.manifest, '--sign', key]);
      expect(signed.out).toMatch(new RegExp(`^${set.manifest}.sig: signed with ${key}\n`));
      expect((await check()).out).toMatch(new RegExp(`^${set.manifest}: signature OK, by witness\n`));
      // The same check without sss, as the help text promises.
      const raw = [
        '-Y',
        'verify',
        '-f',
        signers,
        '-I',
        'witness',
        '-n',
        'mks-manifest',
        '-s',
        `${set.manifest}.sig`,
      ];
      expect(spawnSync('ssh-keygen', raw, { input: fs.readFileSync(set.manifest) }).status).toBe(0);

      expect((await sss(['manifest', set.manifest, '--sign', key])).code).toBe(3);
      fs.renameSync(`${set.manifest}.sig`, path.join(folder, 'good.sig'));
      expect((await check('--signature', path.join(folder, 'good.sig'))).code).toBe(0);

      await sss(['manifest', set.manifest, '--sign', other]);
      expect(await check()).toMatchObject({ code: 1, out: '' });
      fs.rmSync(`${set.manifest}.sig`);
      execFileSync('ssh-keygen', ['-Y', 'sign', '-q', '-f', key, '-n', 'file', set.manifest]);
      expect(await check()).toMatchObject({ code: 1, out: '' });

      const text = fs.readFileSync(set.manifest, 'utf8');
      fs.writeFileSync(set.manifest, text.replace('GCP KMS', 'GCP KMZ'));
      const altered = await check('--signature', path.join(folder, 'good.sig'));
      expect(altered).toMatchObject({ code: 1, out: '' });
      expect(errorOf(altered)).toMatch(
        /the signature is not by witness over this manifest\nsss: hint: Do not use/,
      );
    },
  );
});
