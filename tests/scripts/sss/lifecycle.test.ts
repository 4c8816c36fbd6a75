/** split, dice, locate, reissue, reshare and retire as an operator runs them. */
import * as fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { diceBits } from '../../../scripts/sss/dice';
import { printShard } from '../../../src/shard/format';
import { type Manifest, parseManifest } from '../../../src/shard/manifest';
import { errorOf, fileWith, HOLDERS, type MadeSet, makeSet, makeWitness, scratch, sss } from './run';

let set: MadeSet;
let manifest: Manifest;
beforeAll(async () => {
  set = await makeSet();
  manifest = parseManifest(fs.readFileSync(set.manifest, 'utf8'));
});

const label = (n: number) => manifest.shards[n - 1]?.label;
const read = (file: string) => fs.readFileSync(file, 'utf8');
const keyIn = async (folder: string, numbers: number[], env?: Record<string, string>) => {
  const out = path.join(scratch(), 'key');
  const shards = numbers.map((n) => path.join(folder, `shard-${n}.txt`));
  const list = path.join(folder, 'manifest.json');
  const ran = await sss(['combine', '--manifest', list, '--out', out, ...shards], env);
  expect(ran.code, ran.err).toBe(0);
  return fs.readFileSync(out).toString('hex');
};

const keyOf = (folder: string, ...numbers: number[]) => keyIn(folder, numbers);

describe('split', () => {
  // A drill takes no key that exists already: these are real.
  const split = (key: Uint8Array | string, out: string, ...more: string[]) =>
    sss(
      [
        ...['split', '--key-file', fileWith('old.key', key), '--threshold', '2', '--key-name', 'k'],
        ...['--generation', '3', '--holder', 'A', '--holder', 'B', '--holder', 'C', '--out', out, ...more],
      ],
      {},
    );

  it('deals a random key that combine gives back, for every length', async () => {
    for (const length of [16, 17, 24, 31, 32, 33, 48, 64]) {
      const key = crypto.getRandomValues(new Uint8Array(length));
      const out = path.join(scratch(), 'set');
      const ran = await split(key, out, '--uniformly-random');
      expect(ran.code, ran.err).toBe(0);
      expect(ran.out).toContain('verified: every combination of 2 shards gives the same key (3 of 3)\n');
      expect(await keyIn(out, [3, 1], {})).toBe(Buffer.from(key).toString('hex'));
    }
  });

  const random = crypto.getRandomValues(new Uint8Array(32));
  const cases: [string, Uint8Array | string, RegExp][] = [
    ['15 bytes', random.slice(0, 15), /15 bytes, wanted 16 to 64/],
    ['65 bytes', crypto.getRandomValues(new Uint8Array(65)), /65 bytes, wanted 16 to 64/],
    ['a key in hex', Buffer.from(random).toString('hex'), /is text/],
    ['a password with a newline', 'correct horse battery staple\n', /is text/],
    ['zeros', new Uint8Array(32), /too few different bytes/],
    ['a counter', Uint8Array.from({ length: 32 }, (_, i) => i), /its bytes count up or down/],
    ['UTF-16', new Uint8Array(Buffer.from('correct horse', 'utf16le')), /is text/],
    ['UTF-8', 'Prüfung größer als je zuvor', /is text/],
    [
      'the same 8 bytes again',
      Uint8Array.of(...random.slice(0, 8), ...random.slice(0, 8)),
      /a block of it repeats/,
    ],
  ];
  for (const [name, key, message] of cases) {
    it(`refuses ${name} and advises to wrap`, async () => {
      const out = path.join(scratch(), 'set');
      const ran = await split(key, out, '--uniformly-random');
      expect(ran).toMatchObject({ code: 1, out: '' });
      expect(errorOf(ran)).toMatch(message);
      expect(errorOf(ran)).toContain('AES-256-GCM');
      expect(fs.existsSync(out)).toBe(false);
    });
  }

  it('needs the statement of the operator', async () => {
    expect(errorOf(await split(random, path.join(scratch(), 'set')))).toContain(
      '--uniformly-random is missing',
    );
  });
});

describe('generate --dice', () => {
  const rolls = (count: number) => {
    let text = '';
    while (text.length < count) text += ((crypto.getRandomValues(new Uint8Array(1))[0] ?? 0) % 6) + 1;
    return text;
  };
  const generate = (dice: string, out: string) =>
    sss([
      ...['generate', '--threshold', '2', '--bytes', '32', '--key-name', 'k', '--generation', '1'],
      ...['--holder', 'A', '--holder', 'B', '--out', out, '--dice', fileWith('dice.txt', dice)],
    ]);

  it('counts cautiously: below log2(6) a roll, nothing for a loaded die', () => {
    expect(diceBits('')).toBe(0);
    expect(diceBits('1'.repeat(1000))).toBe(0);
    expect(diceBits('123456'.repeat(10))).toBe(Math.floor(60 * Math.log2(6)));
    for (let i = 0; i < 50; i += 1) expect(diceBits(rolls(130))).toBeLessThan(130 * Math.log2(6));
  });

  it('makes different keys from the same rolls: the machine adds its own randomness', async () => {
    const dice = rolls(200);
    const keys = new Set<string>();
    for (let i = 0; i < 3; i += 1) {
      const out = path.join(scratch(), 'set');
      const ran = await generate(dice.replace(/.{10}/g, '$& '), out);
      expect(ran.code, ran.err).toBe(0);
      expect(ran.out).toMatch(/dice: 200 rolls, counted as \d{3} bits\n$/);
      expect(ran.out + read(path.join(out, 'manifest.json'))).not.toContain(dice.slice(0, 8));
      keys.add(await keyOf(out, 1, 2));
    }
    expect(keys.size).toBe(3);
  });

  it('refuses too few, a pattern, and anything but 1 to 6', async () => {
    const out = path.join(scratch(), 'set');
    const few = await generate(rolls(60), out);
    expect(few).toMatchObject({ code: 1, out: '' });
    expect(errorOf(few)).toMatch(/60 rolls count for \d+ bits, wanted 256/);
    expect(errorOf(await generate('123456'.repeat(40), out))).toContain('14 rolls repeat');
    expect(errorOf(await generate(`${rolls(150)}7`, out))).toContain('something else than the digits 1 to 6');
    expect(fs.existsSync(out)).toBe(false);
  });
});

describe('locate', () => {
  it('points at the place in words, with exit code 1', async () => {
    const line = read(set.shard(1));
    const other = (at: number) => (line[at] === 'q' ? 'p' : 'q');
    const typed = `${line.slice(0, 22)}${other(22)}${line.slice(23, 60)}${other(60)}${line.slice(61)}`;
    const file = fileWith('typed.txt', printShard(typed));
    const ran = await sss(['locate', file]);
    expect(ran).toMatchObject({
      code: 1,
      out: `${file}: character 23 (group 5, character 3) and character 61 (group 13, character 1): read this again on the sheet\n`,
    });
    expect(await sss(['locate', set.shard(1)])).toMatchObject({
      code: 0,
      out: `${set.shard(1)}: checksum OK, nothing is mistyped\n`,
    });
    const heard = async (text: string) => (await sss(['locate', fileWith('heard.txt', text)])).out;
    expect(await heard(line.slice(0, 70))).toMatch(
      /: 70 characters, and more than two are wrong: type it again\n$/,
    );
    expect(await heard(line.slice(0, 69))).toMatch(
      /: 69 characters, and no shard has so many \(90 for a key of 32 bytes\): type it again\n$/,
    );
    expect(await heard(`${line.slice(0, 30)}${line.slice(31)}`)).toMatch(
      /: a character is missing before character \d+ \(group 7, character 1\)/,
    );
    const dashes = await heard(line.replace(/.{5}/g, '$&-'));
    expect(dashes).toMatch(/: character 6 \(.*\), character 12 \(.*\), .* and 12 more: no shard holds such/);
  });

  it('names a keyboard layout, and gives the line as a file alone', async () => {
    const line = read(set.shard(5));
    const typed = fileWith('typed.txt', Array.from(line, (c) => 'zy'['yz'.indexOf(c)] ?? c).join(''));
    const out = path.join(scratch(), 'proposal.txt');
    if (read(typed) !== line) {
      const seen = await sss(['locate', typed]);
      expect(seen.code).toBe(1);
      expect(seen.out).toMatch(
        /: typed on QWERTY keys that the machine took for QWERTZ \(y\/z\): read so, its checksum is OK\n/,
      );
      const given = await sss(['locate', typed, '--out', out, '--json']);
      expect(given.code, given.err).toBe(0);
      for (const text of [seen.out, given.out]) expect(text).not.toContain(line.slice(10, 30));
      expect(read(out)).toBe(line);
      expect(fs.statSync(out).mode & 0o777).toBe(0o600);
      expect(read(typed)).not.toBe(line);
    }
  });
});

describe('reissue', () => {
  it('recreates exactly the shard of the manifest', async () => {
    const out = path.join(scratch(), 'shard-2.txt');
    const ran = await sss([
      ...['reissue', '--manifest', set.manifest, '--number', '2', '--out', out],
      ...[1, 2, 3, 5].map((n) => set.shard(n)),
    ]);
    expect(ran).toMatchObject({
      code: 0,
      out: `${out}: shard 2 of 5, ${label(2)}, GCP KMS\nfrom shards ${label(1)} ${label(3)} ${label(5)}\n`,
    });
    expect(read(out)).toBe(read(set.shard(2)));
  });

  it('gives nobody a second shard of the set', async () => {
    const folder = scratch();
    const ran = await sss([
      ...['reissue', '--manifest', set.manifest, '--number', '6', '--raise-n', '--holder', 'GCP KMS'],
      ...['--new-manifest', path.join(folder, 'm'), '--out', path.join(folder, 's')],
      ...[1, 2, 3].map((n) => set.shard(n)),
    ]);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(errorOf(ran)).toMatch(
      /--holder: holds shard 2 already\nsss: hint: Who holds two shards counts twice/,
    );
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('refuses too few others, an altered one among M, and a new number', async () => {
    const out = path.join(scratch(), 'shard.txt');
    const run = (number: string, ...files: string[]) =>
      sss(['reissue', '--manifest', set.manifest, '--number', number, '--out', out, ...files]);
    const [one, two, three] = [set.shard(1), set.shard(2), set.shard(3)];
    expect(errorOf(await run('2', one, two, three))).toContain('give 3 shards other than shard 2');
    expect(errorOf(await run('2', one, three))).toContain('2 good shards, and 3 are needed');
    const ran = await run('6', one, two, three);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(errorOf(ran)).toMatch(/lists no shard 6, wanted 1 to 5\nsss: hint: .*--raise-n/);
    expect(fs.existsSync(out)).toBe(false);
  });

  it('makes a shard above N only with --raise-n, warns, and lists it in a new manifest', async () => {
    const folder = scratch();
    const [out, list] = [path.join(folder, 'shard-6.txt'), path.join(folder, 'manifest.json')];
    const base = ['reissue', '--manifest', set.manifest, '--number', '6', '--out', out, '--raise-n'];
    const three = [1, 2, 3].map((n) => set.shard(n));
    expect(errorOf(await sss([...base, ...three]))).toContain('--raise-n needs --holder');
    const ran = await sss([...base, '--holder', 'safe, Lima', '--new-manifest', list, ...three]);
    expect(ran.code, ran.err).toBe(0);
    expect(errorOf(ran)).toContain('sss: warning: this shard is above N: every older shard still counts');
    expect(await sss(['verify', '--manifest', list, out])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/shard-6.txt: OK, shard 6 of 6, [0-9A-F]{4}-\d{3}, safe, Lima\n$/),
    });
    const key = path.join(folder, 'key');
    await sss(['combine', '--manifest', list, '--out', key, out, set.shard(4), set.shard(5)]);
    expect(fs.readFileSync(key).toString('hex')).toBe(await keyOf(set.folder, 1, 2, 3));
    expect((await sss(['verify', '--manifest', set.manifest, out])).code).toBe(1);
  });

  it('raises N once from one list: two holders never get the same shard', async () => {
    const folder = scratch();
    const at = (name: string) => path.join(folder, name);
    const raise = (from: string, holder: string, name: string) =>
      sss([
        ...['reissue', '--manifest', from, '--number', '6', '--raise-n', '--holder', holder],
        ...['--new-manifest', at(`${name}.json`), '--out', at(`${name}.txt`)],
        ...[1, 2, 3].map((n) => set.shard(n)),
      ]);
    const list = fileWith('manifest.json', read(set.manifest));
    expect((await raise(list, 'safe, Lima', 'first')).code).toBe(0);
    const again = await raise(list, 'safe, Rome', 'second');
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(errorOf(again)).toMatch(
      /a shard above N was made from it already: .*manifest.json.raised says which/,
    );
    expect(read(`${list}.raised`)).toMatch(/^shard 6, [0-9A-F]{4}-\d{3}, safe, Lima\n$/);
    expect(fs.readdirSync(folder).sort()).toEqual(['first.json', 'first.txt']);
    // A copy can't know of it. By lot the shards still differ, and each list refuses the shard of the other.
    const made = new Set([read(at('first.txt'))]);
    for (let i = 0; i < 4; i += 1) {
      const copy = fileWith('manifest.json', read(set.manifest));
      expect((await raise(copy, 'safe, Rome', `copy-${i}`)).code).toBe(0);
      made.add(read(at(`copy-${i}.txt`)));
    }
    expect(made.size).toBeGreaterThan(2);
    const foreign = await sss(['verify', '--manifest', at('first.json'), at('copy-0.txt')]);
    if (read(at('copy-0.txt')) !== read(at('first.txt'))) expect(foreign.code).toBe(1);
  });
});

describe('reshare and retire', () => {
  const witness = makeWitness();
  /** Both manifests signed, then retire. */
  const signAndRetire = (old: string, young: string, out: string, ...files: string[]) => {
    for (const file of [old, young]) witness.sign(file);
    const sets = ['--manifest', old, '--new-manifest', young];
    return sss(['retire', ...sets, ...witness.options, '--out', out, ...files]);
  };
  const reshare = (out: string, generation = '2') =>
    sss([
      ...[
        'reshare',
        '--manifest',
        set.manifest,
        '--threshold',
        '2',
        '--generation',
        generation,
        '--out',
        out,
      ],
      ...['--holder', 'safe, Oslo', '--holder', 'safe, Lima', '--holder', 'HSM'],
      ...[1, 2, 3].map((n) => set.shard(n)),
    ]);

  it('deals the same key anew; the old set stays in force until every new shard is verified', async () => {
    const folder = scratch();
    const next = path.join(folder, 'set2');
    const dealt = await reshare(next);
    expect(dealt.code, dealt.err).toBe(0);
    expect(dealt.out).toMatch(
      new RegExp(`\\nin force: set ${manifest.setId}, generation 1, until sss retire\\n$`),
    );
    expect(await keyOf(next, 1, 3)).toBe(await keyOf(set.folder, 2, 4, 5));

    const newManifest = path.join(next, 'manifest.json');
    expect((await sss(['manifest', newManifest])).out).toContain(
      `\nfollows set ${manifest.setId}, generation 1, as it says: --old checks it\nSHA-256: `,
    );
    expect((await sss(['manifest', newManifest, '--old', set.manifest])).out).toContain(
      `\nthe same key as set ${manifest.setId}, generation 1: sealed with it\nSHA-256: `,
    );
    const receipts = [1, 2, 3].map((n) => path.join(folder, `receipt-${n}.json`));
    for (const [i, receipt] of receipts.entries()) {
      const shard = path.join(next, `shard-${i + 1}.txt`);
      const ran = await sss(['verify', '--manifest', newManifest, '--receipt', receipt, shard]);
      expect(ran.out).toMatch(/: OK, shard \d of 3, .*\n.*receipt-\d.json: receipt for [0-9A-F]{4}-\d{3}\n$/);
      expect(read(receipt)).not.toContain('mks1');
    }
    const out = path.join(folder, 'retirement.json');
    const retire = (...files: string[]) => signAndRetire(set.manifest, newManifest, out, ...files);

    const early = await retire(receipts[0] ?? '', receipts[2] ?? '');
    expect(early).toMatchObject({ code: 1, out: '' });
    expect(errorOf(early)).toMatch(
      /not verified yet: shard 2 \([0-9A-F]{4}-\d{3}\)\nsss: hint: The old set stays/,
    );
    expect(fs.existsSync(out)).toBe(false);

    const done = await retire(receipts[0] ?? '', path.join(next, 'shard-2.txt'), receipts[2] ?? '');
    const { setId } = parseManifest(read(newManifest));
    expect(done).toMatchObject({
      code: 0,
      out: `verified: all 3 shards of set ${setId}, generation 2
${out}: set ${manifest.setId}, generation 1, is retired
destroy: ${manifest.shards.map((shard) => shard.label).join(' ')}
`,
    });
    expect(JSON.parse(read(out))).toMatchObject({ inForce: { setId }, retired: { setId: manifest.setId } });
  });

  it('refuses a generation that is not higher, and receipts of another manifest', async () => {
    const folder = scratch();
    const ran = await reshare(path.join(folder, 'set2'), '1');
    expect(errorOf(ran)).toContain("--generation 1: wanted more than 1, the old set's");
    const other = await makeSet({ generation: 3 });
    const next = { manifest: path.join(scratch(), 'set2', 'manifest.json') };
    await reshare(path.dirname(next.manifest));
    const receipt = path.join(folder, 'receipt.json');
    await sss(['verify', '--manifest', other.manifest, '--receipt', receipt, other.shard(1)]);
    const retire = (old: string, young: string, file: string) =>
      signAndRetire(old, young, path.join(folder, 'r.json'), file);
    expect(errorOf(await retire(set.manifest, next.manifest, receipt))).toContain(
      'no receipt for a shard of the new',
    );
    expect(errorOf(await retire(set.manifest, next.manifest, set.shard(1)))).toContain(
      'a shard of another set',
    );
    expect(errorOf(await retire(next.manifest, set.manifest, receipt))).toContain(
      "generation 1 can't follow generation 2",
    );
    expect(fs.readdirSync(folder)).toEqual(['receipt.json']);
  });

  it('never retires a set for one that may hold another key, or by a list that is too short', async () => {
    const folder = scratch();
    const retire = (old: string, young: string, ...files: string[]) =>
      signAndRetire(old, young, path.join(folder, 'r'), ...files);
    // A new key under the same name: every shard of it is fine.
    const made = await makeSet({ generation: 2 });
    const ran = await retire(set.manifest, made.manifest, ...[1, 2, 3, 4, 5].map((n) => made.shard(n)));
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(errorOf(ran)).toMatch(
      /manifest.json: not made from set [0-9a-f]{16} by sss reshare: it may hold another key\nsss: hint: Without/,
    );
    // A shard above N that only the newest manifest lists has to be destroyed as well.
    const [newest, six] = [path.join(folder, 'newest.json'), path.join(folder, 'shard-6.txt')];
    const three = [1, 2, 3].map((n) => set.shard(n));
    const raise = ['--number', '6', '--raise-n', '--holder', 'safe, Lima', '--new-manifest', newest];
    const copy = fileWith('manifest.json', read(set.manifest));
    await sss(['reissue', '--manifest', copy, ...raise, '--out', six, ...three]);
    const next = path.join(folder, 'set2');
    const deal = ['--threshold', '2', '--generation', '2', '--holder', 'A', '--holder', 'B', '--out', next];
    expect((await sss(['reshare', '--manifest', newest, ...deal, ...three])).code).toBe(0);
    const [manifest2, ...shards] = ['manifest.json', 'shard-1.txt', 'shard-2.txt'].map((f) =>
      path.join(next, f),
    );
    const old = await retire(set.manifest, manifest2 ?? '', ...shards);
    expect(old).toMatchObject({ code: 1, out: '' });
    expect(errorOf(old)).toMatch(
      /the old manifest lists 5 shards, and sss reshare saw 6\nsss: hint: Take the newest/,
    );
    expect(fs.existsSync(path.join(folder, 'r'))).toBe(false);
    const done = await retire(newest, manifest2 ?? '', ...shards);
    expect(done.code, done.err).toBe(0);
    expect(done.out).toMatch(/\ndestroy:( [0-9A-F]{4}-\d{3}){6}\n$/);
  });

  it('leaves nothing when the old shards are not enough', async () => {
    const out = path.join(scratch(), 'set2');
    const ran = await sss([
      ...['reshare', '--manifest', set.manifest, '--threshold', '2', '--generation', '2', '--out', out],
      ...HOLDERS.flatMap((holder) => ['--holder', holder]),
      set.shard(1),
      set.shard(2),
    ]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(fs.existsSync(out)).toBe(false);
  });
});
