/** retire releases the old shards only on evidence that nobody can write without a shard, the key, and the witness. */
import * as fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sealManifest } from '../../../scripts/sss/seal';
import { formatManifest, type Manifest, parseManifest } from '../../../src/shard/manifest';
import { manifestDigest } from '../../../src/shard/turnover';
import { errorOf, fileWith, type MadeSet, makeSet, makeWitness, scratch, sss } from './run';

const witness = makeWitness();
const read = (file: string): Manifest => parseManifest(fs.readFileSync(file, 'utf8'));
const HOLDERS = ['--holder', 'safe, Oslo', '--holder', 'safe, Lima', '--holder', 'HSM'];

let old: MadeSet;
let next: string;
const nextShard = (n: number) => path.join(path.dirname(next), `shard-${n}.txt`);
beforeAll(async () => {
  old = await makeSet();
  const out = path.join(scratch(), 'set2');
  const deal = ['--threshold', '2', '--generation', '2', ...HOLDERS, '--out', out];
  const ran = await sss(['reshare', '--manifest', old.manifest, ...deal, ...[1, 2, 3].map(old.shard)]);
  expect(ran.code, ran.err).toBe(0);
  next = path.join(out, 'manifest.json');
  for (const file of [old.manifest, next]) witness.sign(file);
});

const retire = async (files: string[], { from = old.manifest, to = next, more = witness.options } = {}) => {
  const out = path.join(scratch(), 'retirement.json');
  const ran = await sss([
    'retire',
    '--manifest',
    from,
    '--new-manifest',
    to,
    ...more,
    '--out',
    out,
    ...files,
  ]);
  if (ran.code !== 0) expect(fs.existsSync(out)).toBe(false);
  return { ...ran, record: ran.code === 0 ? fs.readFileSync(out, 'utf8') : '' };
};
const receiptOf = async (n: number) => {
  const file = path.join(scratch(), `receipt-${n}.json`);
  const ran = await sss(['verify', '--manifest', next, '--receipt', file, nextShard(n)]);
  expect(ran.code, ran.err).toBe(0);
  return file;
};
const receipts = () => Promise.all([1, 2, 3].map(receiptOf));

describe('receipts', () => {
  it('computed from the public manifest alone retire nothing', async () => {
    const manifest = read(next);
    const forge = (more: object) =>
      manifest.shards.map(({ number, label, sha256 }) =>
        fileWith(
          'receipt.json',
          JSON.stringify({
            format: 'mks-receipt/2',
            manifestSha256: manifestDigest(manifest),
            number,
            label,
            sha256,
            ...more,
          }),
        ),
      );
    expect(await retire(forge({ format: 'mks-receipt/1' }))).toMatchObject({ code: 3, out: '' });
    expect(await retire(forge({}))).toMatchObject({ code: 3, out: '' });
    const ran = await retire(forge({ signature: '00'.repeat(64) }));
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(errorOf(ran)).toMatch(/receipt.json: not signed with shard 1 \(/);
    // What is public of another shard is no help either.
    const { signature } = JSON.parse(fs.readFileSync(await receiptOf(2), 'utf8'));
    expect((await retire(forge({ signature }))).code).toBe(1);
  });

  it('made with each shard retire the old set, once for this manifest only', async () => {
    const files = await receipts();
    expect(files.map((file) => fs.readFileSync(file, 'utf8')).join()).not.toContain('mks1');
    const ran = await retire(files);
    expect(ran.code, ran.err).toBe(0);
    expect(JSON.parse(ran.record)).toMatchObject({ signedBy: 'witness' });
    // The same set under another list, as reissue --raise-n makes one: each holder verifies against it anew.
    const folder = scratch();
    const [list, four] = [path.join(folder, 'manifest.json'), path.join(folder, 'shard-4.txt')];
    const raise = ['--number', '4', '--raise-n', '--holder', 'D', '--new-manifest', list, '--out', four];
    expect((await sss(['reissue', '--manifest', next, ...raise, nextShard(1), nextShard(2)])).code).toBe(0);
    witness.sign(list);
    expect(errorOf(await retire([...files, four], { to: list }))).toContain(
      'no receipt for a shard of the new',
    );
  });
});

describe('signatures', () => {
  it('of the witness are wanted on both manifests', async () => {
    const files = await receipts();
    expect(await retire(files, { more: [] })).toMatchObject({ code: 2, out: '' });
    const other = makeWitness();
    expect(await retire(files, { more: other.options })).toMatchObject({ code: 1, out: '' });
    for (const which of [old.manifest, next]) {
      fs.renameSync(`${which}.sig`, `${which}.away`);
      expect(errorOf(await retire(files))).toContain('manifest.json.sig: no such file');
      other.sign(which);
      expect(errorOf(await retire(files))).toContain('the signature is not by witness over this manifest');
      fs.renameSync(`${which}.away`, `${which}.sig`);
    }
  });
});

describe('a manifest of another key', () => {
  const withOrigin = (manifest: Manifest): Manifest => {
    const { setId, generation, commitment, shards } = read(old.manifest);
    return { ...manifest, follows: { setId, generation, commitment, shards: shards.length } };
  };

  it('with follows added by hand is refused by every command', async () => {
    const made = await makeSet({ generation: 2 });
    const shards = [1, 2, 3, 4, 5].map(made.shard);
    fs.writeFileSync(made.manifest, formatManifest(withOrigin(read(made.manifest))));
    witness.sign(made.manifest);
    const seal = /changed after it was made: its seal does not fit/;
    expect(errorOf(await retire(shards, { to: made.manifest }))).toMatch(seal);
    expect(errorOf(await sss(['manifest', made.manifest]))).toMatch(seal);
    expect(errorOf(await sss(['verify', '--manifest', made.manifest, made.shard(1)]))).toMatch(seal);
    const { seal: _, ...bare } = withOrigin(read(made.manifest));
    fs.writeFileSync(made.manifest, formatManifest(bare));
    expect(errorOf(await sss(['manifest', made.manifest]))).toContain('follows needs a seal');
  });

  it('that its maker sealed and that the witness signed is still no successor', async () => {
    const made = await makeSet({ generation: 2 });
    const out = path.join(scratch(), 'key');
    await sss(['combine', '--manifest', made.manifest, '--out', out, ...[1, 2, 3].map(made.shard)]);
    const forged = sealManifest(withOrigin(read(made.manifest)), Uint8Array.from(fs.readFileSync(out)));
    fs.writeFileSync(made.manifest, formatManifest(forged));
    witness.sign(made.manifest);
    const ran = await retire([1, 2, 3, 4, 5].map(made.shard), { to: made.manifest });
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(errorOf(ran)).toMatch(/not sealed with the key of set [0-9a-f]{16}: it holds another key/);
    const shown = await sss(['manifest', made.manifest]);
    expect(shown.out).not.toContain('the same key as');
    expect(shown.out).toContain('as it says: --old checks it');
    expect((await sss(['manifest', made.manifest, '--old', old.manifest])).code).toBe(1);
  });

  it('is noticed by combine and reshare, which have the key', async () => {
    const forged = sealManifest(read(old.manifest), new Uint8Array(32).fill(7));
    const file = fileWith('manifest.json', formatManifest(forged));
    const shards = [1, 2, 3].map(old.shard);
    const ran = await sss(['combine', '--manifest', file, '--out', path.join(scratch(), 'key'), ...shards]);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain('sealed with another key: the recovered key is right, but names and holders');
    const deal = ['--threshold', '2', '--generation', '2', ...HOLDERS, '--out', path.join(scratch(), 's')];
    expect(errorOf(await sss(['reshare', '--manifest', file, ...deal, ...shards]))).toContain(
      'the manifest is sealed with another key',
    );
  });
});

describe('every field of a manifest', () => {
  it('is bound: whatever is changed, the seal does not fit', async () => {
    const manifest = read(next);
    const changes: ((m: Manifest) => void)[] = [
      (m) => (m.keyName = 'other'),
      (m) => (m.keyBytes = 31),
      (m) => (m.threshold = 3),
      (m) => (m.generation = 3),
      (m) =>
        (m.commitment = `0${m.commitment.slice(1)}`.replace(
          manifest.commitment,
          `1${m.commitment.slice(1)}`,
        )),
      (m) => (m.follows = { ...(m.follows ?? never()), shards: 4 }),
      (m) => delete m.follows,
      (m) => ((m.shards[0] ?? never()).holder = 'Mallory'),
      (m) => ((m.shards[0] ?? never()).receiptKey = '0'.repeat(64)),
      (m) => ((m.shards[0] ?? never()).sha256 = '0'.repeat(64)),
    ];
    for (const change of changes) {
      const copy = structuredClone(manifest);
      change(copy);
      const ran = await sss(['manifest', fileWith('manifest.json', formatManifest(copy))]);
      expect(ran, change.toString()).toMatchObject({ code: 1, out: '' });
      expect(errorOf(ran)).toContain('its seal does not fit');
    }
  });

  it('keeps its seal when a database has reordered them', async () => {
    const { shards, ...rest } = read(next);
    const entries = shards.map((shard) => Object.fromEntries(Object.entries(shard).reverse()));
    const text = JSON.stringify({ shards: entries, ...Object.fromEntries(Object.entries(rest).reverse()) });
    expect((await sss(['manifest', fileWith('manifest.json', text)])).code).toBe(0);
  });

  it('must fit the shards: the length of the key as well', async () => {
    const { seal: _, ...bare } = read(old.manifest);
    const file = fileWith('manifest.json', formatManifest({ ...bare, keyBytes: 16 }));
    const ran = await sss(['verify', '--manifest', file, old.shard(1)]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(errorOf(ran)).toContain('a share of 32 bytes, and the manifest says 16');
  });
});

function never(): never {
  throw new Error('not there');
}
