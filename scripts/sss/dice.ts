/** Dice of the witnesses: counted cautiously, then mixed with the machine's randomness by HKDF (RFC 5869). */
import { hkdfSync } from 'node:crypto';
import { printable, refusal } from './command';
import { draw } from './draw';
import { readText } from './files';

const LIMIT = 16_384;
const ONLY_ROLLS = 'Type the rolls as they fell, one digit each, and nothing else.';
/** A run of this many rolls occurs twice in a hundred fair rolls once in a million times. */
const REPEAT = 14;

/**
 * Bits that rolls of a six-sided die are worth: their number times the min-entropy of the most frequent face.
 * A fair die counts for about 2.2 bits a roll here instead of 2.58.
 */
export function diceBits(rolls: string): number {
  const counts = [...'123456'].map((face) => rolls.split(face).length - 1);
  return rolls.length === 0 ? 0 : Math.floor(rolls.length * Math.log2(rolls.length / Math.max(...counts)));
}

/** Reads rolls (digits 1 to 6, spaces and line breaks between them) and refuses too few, or a pattern. */
export function readDice(file: string, bytes: number): { rolls: string; bits: number } {
  const rolls = readText(file, LIMIT, 'a list of dice rolls').replace(/[ \t\r\n]/g, '');
  if (!/^[1-6]*$/.test(rolls))
    throw refusal(`${printable(file)}: holds something else than the digits 1 to 6`, ONLY_ROLLS);
  const wanted = 8 * Math.min(bytes, 32);
  const bits = diceBits(rolls);
  if (bits < wanted) {
    const found = `${rolls.length} rolls count for ${bits} bits, wanted ${wanted}`;
    throw refusal(
      `${printable(file)}: ${found}`,
      'Roll on and append; a fair die counts for about 2.2 bits a roll.',
    );
  }
  const blocks = new Set<string>();
  for (let i = 0; i + REPEAT <= rolls.length; i += 1) {
    const block = rolls.slice(i, i + REPEAT);
    if (blocks.has(block))
      throw refusal(`${printable(file)}: ${REPEAT} rolls repeat, so these are no fair rolls`, ONLY_ROLLS);
    blocks.add(block);
  }
  return { rolls, bits };
}

/** Fills `key` from 64 bytes of the operating system, and from the rolls if any: never weaker than the better one. */
export async function drawKey(key: Uint8Array, rolls: string): Promise<void> {
  if (rolls === '') {
    await draw(key);
    return;
  }
  const material = new Uint8Array(64 + rolls.length);
  await draw(material.subarray(0, 64));
  material.set(new TextEncoder().encode(rolls), 64);
  const mixed = new Uint8Array(hkdfSync('sha512', material, new Uint8Array(0), 'mks/v1/dice', key.length));
  key.set(mixed);
  mixed.fill(0);
  material.fill(0);
}
