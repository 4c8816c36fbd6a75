/** The forms in which a secret of a drill can turn up in a file or a log, and the search for them. */

export interface Secret {
  /** Said in reports instead of the value: `master key`, `shard 3`. */
  readonly name: string;
  /** The bytes, or the text of a shard. */
  readonly value: Uint8Array | string;
}

/** Shorter values are found by chance everywhere. */
const minimumBytes = 8;

const bytesOf = (value: Uint8Array | string) => Buffer.from(value as Uint8Array);

/** Base64 of the bytes wherever they stand in a longer base64 text: the characters that no neighbor can change. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const first = Math.ceil((shift * 4) / 3);
    const spare = (shift + bytes.length) % 3 === 0 ? 0 : 1;
    return padded.slice(first, padded.length - spare);
  });
}

interface Forms {
  /** Searched in the bytes as they are. */
  readonly raw: readonly Buffer[];
  /** Searched in the text without white space. */
  readonly packed: readonly string[];
  /** Searched in the text without white space, in lower case. */
  readonly packedLower: readonly string[];
}

function formsOf({ name, value }: Secret): Forms {
  const bytes = bytesOf(value);
  if (bytes.length < minimumBytes)
    throw new RangeError(`secret "${name}": wanted at least ${minimumBytes} bytes`);
  const variants =
    typeof value === 'string'
      ? [bytes, Buffer.from(value.toLowerCase()), Buffer.from(value.toUpperCase())]
      : [bytes];
  const base64 = variants.flatMap(base64Forms);
  return {
    raw: variants,
    packed: [
      ...new Set([...base64, ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))]),
    ],
    packedLower: [
      ...new Set(variants.map((variant) => variant.toString('hex'))),
      ...(typeof value === 'string' ? [value.toLowerCase().replace(/\s/g, '')] : []),
    ],
  };
}

/** Looks for secrets in bytes: raw, hexadecimal, base64, wrapped or in groups, shards in upper and lower case. */
export function secretFinder(secrets: readonly Secret[]): (bytes: Buffer) => string[] {
  const all = secrets.map((secret) => ({ name: secret.name, ...formsOf(secret) }));
  return (bytes) => {
    const packed = bytes.toString('latin1').replace(/[\s\0]+/g, '');
    const lower = packed.toLowerCase();
    return all
      .filter(
        ({ raw, packed: mixed, packedLower }) =>
          raw.some((form) => bytes.includes(form)) ||
          mixed.some((form) => packed.includes(form)) ||
          packedLower.some((form) => lower.includes(form)),
      )
      .map(({ name }) => name);
  };
}

const quote = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** An expression that finds the secret in text, also where white space was put into it. */
export function secretPattern(secret: Secret): RegExp {
  const { packed, packedLower } = formsOf(secret);
  const loose = (form: string) => [...form].map(quote).join('\\s*');
  // Flags cannot differ within one expression: either case is spelled out.
  const anyCase = (form: string) =>
    [...form]
      .map((letter) => (/[a-z]/.test(letter) ? `[${letter}${letter.toUpperCase()}]` : quote(letter)))
      .join('\\s*');
  return new RegExp([...packed.map(loose), ...packedLower.map(anyCase)].join('|'), 'g');
}
