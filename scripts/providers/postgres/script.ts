/** Reads SQL as psql does: splits statements, fills in `:name`, `:'name'`, `:"name"`, and picks out backslash commands. */

export type ScriptPart =
  | { readonly kind: 'sql'; readonly text: string; readonly line: number }
  | { readonly kind: 'command'; readonly text: string; readonly line: number };

/**
 * Splits a script into its statements and backslash commands, one after the other, so that a `\set` counts for what
 * follows it. `line` is the line on which the part ends, as psql counts in its messages.
 */
export function* partsOf(script: string, variables: ReadonlyMap<string, string>): Generator<ScriptPart> {
  let text = '';
  let line = 1;
  let depth = 0;
  let at = 0;

  /** Takes `length` characters over as they are. */
  const take = (length: number) => {
    const piece = script.slice(at, at + length);
    line += piece.split('\n').length - 1;
    text += piece;
    at += length;
  };

  while (at < script.length) {
    const rest = script.slice(at);
    const opaque = opaqueLength(rest);
    if (opaque > 0) {
      take(opaque);
      continue;
    }
    const variable = /^:(?:(\w+)|'(\w+)'|"(\w+)")/.exec(rest);
    if (rest.startsWith('::')) take(2);
    else if (variable !== null) {
      const value = variables.get(variable[1] ?? variable[2] ?? variable[3] ?? '');
      if (value === undefined) take(1);
      else {
        text +=
          variable[2] !== undefined ? literal(value) : variable[3] !== undefined ? identifier(value) : value;
        at += variable[0].length;
      }
    } else if (rest.startsWith('\\')) {
      const command = /^\\[^\n]*/.exec(rest)?.[0] ?? '';
      at += command.length;
      yield { kind: 'command', text: command, line };
    } else if (rest.startsWith(';') && depth === 0) {
      take(1);
      if (text.trim() !== ';') yield { kind: 'sql', text: text.trimStart(), line };
      text = '';
    } else {
      if (rest.startsWith('(')) depth += 1;
      if (rest.startsWith(')')) depth = Math.max(0, depth - 1);
      take(1);
    }
  }
  if (withoutComments(text).trim() !== '') yield { kind: 'sql', text: text.trimStart(), line };
}

/** Length of the quoted string, dollar-quoted string or comment at the start of `rest`; 0 where there is none. */
function opaqueLength(rest: string): number {
  const escaped = /^[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)/.exec(rest);
  if (escaped !== null) return escaped[0].length;
  // A name is taken whole, so that the e of `name'…` does not start an escape string.
  const word = /^[A-Za-z_][\w$]*/.exec(rest);
  if (word !== null) return word[0].length;
  const simple = /^(?:'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|--[^\n]*)/.exec(rest);
  if (simple !== null) return simple[0].length;
  const dollar = /^\$(?:[A-Za-z_]\w*)?\$/.exec(rest)?.[0];
  if (dollar !== undefined) {
    const end = rest.indexOf(dollar, dollar.length);
    return end < 0 ? rest.length : end + dollar.length;
  }
  return rest.startsWith('/*') ? blockComment(rest) : 0;
}

function blockComment(rest: string): number {
  let depth = 0;
  for (let at = 0; at < rest.length; at += 1) {
    if (rest.startsWith('/*', at)) depth += 1;
    if (rest.startsWith('*/', at)) {
      depth -= 1;
      if (depth === 0) return at + 2;
    }
  }
  return rest.length;
}

function withoutComments(text: string): string {
  return text.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '');
}

function literal(value: string): string {
  const quoted = `'${value.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return value.includes('\\') ? ` E${quoted}` : quoted;
}

function identifier(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
