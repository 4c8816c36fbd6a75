/** GF(2^8) modulo 0x11B with a table of its own (generator 3, the library has 229): what the library did is computed back. */
import { xOf } from './shares';

const EXP = new Uint8Array(510);
const LOG = new Uint8Array(256);
for (let i = 0, power = 1; i < 255; i += 1) {
  EXP[i] = EXP[i + 255] = power;
  LOG[power] = i;
  power ^= (power << 1) ^ (power & 0x80 ? 0x11b : 0);
}

const times = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : (EXP[(LOG[a] ?? 0) + (LOG[b] ?? 0)] ?? 0);

/**
 * The polynomials through these shares (ISO/IEC 19592-2), one a byte of the key: row k holds the coefficients of x^k, and
 * row 0 is the key. Every row is secret.
 */
export function coefficientsOf(shares: readonly Uint8Array[]): Uint8Array[] {
  const rows = shares.map((share) => new Uint8Array(share.length - 1));
  for (const share of shares) {
    // The polynomial that is 1 at this share's x and 0 at every other's (Lagrange), lowest power first.
    let basis = Uint8Array.of(1);
    for (const other of shares) {
      if (other === share) continue;
      const scale = EXP[255 - (LOG[xOf(share) ^ xOf(other)] ?? 0)] ?? 0;
      const next = new Uint8Array(basis.length + 1);
      for (const [k, c] of basis.entries()) {
        next[k] = (next[k] ?? 0) ^ times(times(c, xOf(other)), scale);
        next[k + 1] = (next[k + 1] ?? 0) ^ times(c, scale);
      }
      basis = next;
    }
    for (const [k, row] of rows.entries())
      for (let i = 0; i < row.length; i += 1) row[i] = (row[i] ?? 0) ^ times(basis[k] ?? 0, share[i] ?? 0);
  }
  return rows;
}
