/** Words of digests: the published example, both directions, and what a slip of the tongue gives. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHead, headWords, parseHead } from '../../src/audit/head';
import { fromWords, toWords } from '../../src/audit/words';

describe('words', () => {
  it('gives the published example', () => {
    // The fingerprint that the article on the PGP word list spells out.
    const bytes = Buffer.from('E58294F2E9A227486E8B061B31CC528FD7FA3F19', 'hex');
    expect(toWords(bytes).join(' ')).toBe(
      'topmost Istanbul Pluto vagabond treadmill Pacific brackish dictator goldfish Medusa ' +
        'afflict bravado chatter revolver Dupont midsummer stopwatch whimsical cowbell bottomless',
    );
  });

  it('has 256 different words in each half', () => {
    for (const place of [0, 1]) {
      const words = Array.from({ length: 256 }, (_, byte) => toWords(Uint8Array.of(byte, byte))[place]);
      expect(new Set(words.map((word) => word?.toLowerCase())).size).toBe(256);
    }
  });

  it('reads back what it wrote, in any case', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(fromWords(toWords(bytes).map((word) => word.toUpperCase()))).toEqual(bytes);
      }),
    );
  });

  it('notices a dropped, doubled, swapped or unknown word', () => {
    const words = toWords(new Uint8Array(32).fill(7));
    const dropped = words.toSpliced(3, 1);
    const doubled = words.toSpliced(3, 0, words[3] as string);
    const swapped = words.with(3, words[4] as string).with(4, words[3] as string);
    for (const [bad, place] of [
      [dropped, 4],
      [doubled, 5],
      [swapped, 4],
    ] as const)
      expect(() => fromWords(bad)).toThrow(`word ${place}:`);
    expect(() => fromWords(words.with(3, 'zebra'))).toThrow('word 4: "zebra" is not in the PGP word list');
  });
});

describe('heads', () => {
  const digest = 'e58294f2e9a227486e8b061b31cc528fd7fa3f19e58294f2e9a227486e8b061b';

  it('reads all three forms', () => {
    expect(parseHead(`12:${digest}`)).toEqual({ digest, sequence: 12 });
    expect(parseHead(` ${digest.toUpperCase()}\n`)).toEqual({ digest, sequence: undefined });
    expect(parseHead(headWords(digest).join('\n'))).toEqual({ digest, sequence: undefined });
    expect(parseHead(formatHead({ sequence: 3, digest }))).toEqual({ digest, sequence: 3 });
    expect(headWords(digest).map((line) => line.split(' ').length)).toEqual([8, 8, 8, 8]);
  });

  it('reads a whole print, and notices when its words are not those of its digits', () => {
    const print = [`12:${digest}`, ...headWords(digest), ''].join('\n');
    expect(parseHead(print)).toEqual({ digest, sequence: 12 });
    expect(parseHead(print.replace('12:', ''))).toEqual({ digest, sequence: undefined });
    const other = digest.replace(/^e5/, 'e4');
    expect(() => parseHead(print.replace(digest, other))).toThrow('the words are not those of the digits');
    expect(() => parseHead(`12:${digest} topmost Istanbul`)).toThrow('2 words; wanted 32');
  });

  it.each([
    ['', 'neither'],
    ['abc', 'neither'],
    [`0:${digest}`, 'neither'],
    [digest.slice(1), 'neither'],
    ['topmost Istanbul', '2 words; wanted 32'],
  ])('refuses %j', (text, message) => {
    expect(() => parseHead(text)).toThrow(message);
  });
});
