/** A line that was typed on one keyboard layout and read as another: found by trying, proved by the checksum alone. */

/** What the same keys give, row by row: digits, then three rows of letters; without and with Shift. */
const LAYOUTS: Readonly<Record<string, readonly [plain: string, shifted: string]>> = {
  QWERTY: ['1234567890qwertyuiopasdfghjkl;zxcvbnm,', '!@#$%^&*()QWERTYUIOPASDFGHJKL:ZXCVBNM<'],
  QWERTZ: ['1234567890qwertzuiopasdfghjklöyxcvbnm,', '!"§$%&/()=QWERTZUIOPASDFGHJKLÖYXCVBNM;'],
  AZERTY: ['&é"\'(-è_çàazertyuiopqsdfghjklmwxcvbn,;', '1234567890AZERTYUIOPQSDFGHJKLMWXCVBN?.'],
  Dvorak: ["1234567890',.pyfgcrlaoeuidhtns;qjkxbmw", '!@#$%^&*()"<>PYFGCRLAOEUIDHTNS:QJKXBMW'],
};

export interface Retyped {
  /** The layout that is printed on the keys, and the one that the machine has. */
  keys: string;
  machine: string;
  /** The text as the keys say; as secret as the shard. */
  text: string;
}

/** What the keys of one layout say where a machine of another gave these characters. */
function retype(text: string, keys: readonly [string, string], machine: readonly [string, string]): string {
  const [plain, shifted] = keys;
  return Array.from(text, (typed) => {
    const at = machine[0].indexOf(typed) >= 0 ? machine[0].indexOf(typed) : machine[1].indexOf(typed);
    if (at < 0) return typed;
    const [a = '', b = ''] = [plain[at], shifted[at]];
    // A line holds letters and digits only, and on some layouts the digits need Shift.
    return /[a-z0-9]/i.test(a) ? a : /[a-z0-9]/i.test(b) ? b : a;
  }).join('');
}

/** Every way in which the text can come from a mix-up of two layouts, each different text once; without spaces. */
export function retypings(text: string): Retyped[] {
  const compact = text.replace(/[ \t\r\n]/g, '');
  const typed = compact.toLowerCase();
  const found = new Map<string, Retyped>();
  for (const [keys, printed] of Object.entries(LAYOUTS)) {
    for (const [machine, given] of Object.entries(LAYOUTS)) {
      const line = keys === machine ? typed : retype(compact, printed, given).toLowerCase();
      if (line !== typed && !found.has(line)) found.set(line, { keys, machine, text: line });
    }
  }
  return [...found.values()];
}
