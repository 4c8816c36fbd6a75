/** Follows the quotes of bash and of SQL through the lines of a fence, so that a value can be quoted for the place where it stands. */
import { Unquotable, type Value } from './quoted';

const plainWord = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A word of bash, or a part of one: in single quotes where bash would read anything into it. */
export function shellWord(text: string): string {
  return plainWord.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A part of a text in double quotes. `!` leaves them, as an interactive bash would look for a past command. */
const inDoubleQuotes = (text: string): string => text.replace(/[\\"$`]/g, '\\$&').replaceAll('!', `"'!'"`);

const sqlName = /^[a-z_][a-z0-9_]*$/;

/** A number, or a name in SQL. */
function sqlBare(value: Value): string {
  const text = String(value);
  return typeof value === 'number' || sqlName.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}

/** Reads the text of a fence from its beginning to its end; `quote` prints a value for the place reached. */
export interface FenceText {
  /** Goes to the next line. */
  begin(line: string): void;
  /** Reads what stands at `at` in a line, and returns where to go on. */
  read(line: string, at: number): number;
  /** Throws Unquotable. */
  quote(value: Value): string;
}

/** SQL: literals in single quotes, names in double ones. A backslash is a letter (standard_conforming_strings). */
export class SqlText implements FenceText {
  private open: '' | "'" | '"' = '';
  private comment = false;

  begin(): void {
    this.comment = false;
  }

  read(line: string, at: number): number {
    const character = line[at];
    if (this.open === '' && line.startsWith('--', at)) this.comment = true;
    if (this.comment) return at + 1;
    if (character === this.open) this.open = '';
    else if (this.open === '' && (character === "'" || character === '"')) this.open = character;
    return at + 1;
  }

  quote(value: Value): string {
    if (this.comment) return String(value);
    if (this.open === '') return sqlBare(value);
    return String(value).replaceAll(this.open, this.open + this.open);
  }
}

/** Within a group, `$(…)`, `${…}`, `(…)` or `{…}`, quotes begin anew. */
type Quotes = 'single' | 'double' | 'group';

const hereDocument = /<<-?\s*(['"]?)([A-Za-z_]\w*)\1/y;

/** bash: quotes, substitutions, comments, and here-documents, of which `<<'SQL'` alone can hold values. */
export class ShellText implements FenceText {
  private readonly open: Quotes[] = [];
  /** Delimiters of the here-documents that begin after this line, or have begun; with quotes where they have some. */
  private readonly documents: string[] = [];
  private document: FenceText | undefined;
  private continued = false;
  private comment = false;

  begin(line: string): void {
    this.comment = false;
    if (this.document !== undefined && line.trim() === this.documents[0]?.replaceAll(/['"]/g, '')) {
      this.documents.shift();
      this.document = undefined;
    } else if (this.documents.length > 0 && !this.continued) this.document ??= new SqlText();
    this.continued = false;
    this.document?.begin(line);
  }

  /** Where the reading stands: outside of quotes and groups, in single quotes, elsewhere in code, or in what bash takes as it is. */
  get place(): 'top' | 'single' | 'inside' | 'verbatim' {
    if (this.document !== undefined || this.comment) return 'verbatim';
    if (this.open.length === 0) return 'top';
    return this.open.at(-1) === 'single' ? 'single' : 'inside';
  }

  /** Whether the line that was read goes on in the next. */
  get continues(): boolean {
    return this.continued;
  }

  read(line: string, at: number): number {
    if (this.document !== undefined) return this.document.read(line, at);
    const quotes = this.open.at(-1);
    const character = line[at];
    if (this.comment) return at + 1;
    if (quotes === 'single') {
      if (character === "'") this.open.pop();
    } else if (character === '\\') {
      this.continued = at + 1 === line.length;
      return at + 2;
    } else if (character === '"') {
      if (quotes === 'double') this.open.pop();
      else this.open.push('double');
    } else if (line.startsWith('$(', at) || line.startsWith('${', at)) {
      this.open.push('group');
      return at + 2;
    } else if (quotes !== 'double') return this.readPlain(line, at);
    return at + 1;
  }

  /** What stands outside of quotes. */
  private readPlain(line: string, at: number): number {
    const character = line[at] as string;
    hereDocument.lastIndex = at;
    const [whole, quote = '', delimiter = ''] = (line[at - 1] !== '<' && hereDocument.exec(line)) || [];
    if (whole !== undefined) {
      this.documents.push(quote + delimiter + quote);
      return at + whole.length;
    }
    if (character === "'") this.open.push('single');
    else if ('({'.includes(character)) this.open.push('group');
    else if (')}'.includes(character) && this.open.at(-1) === 'group') this.open.pop();
    else if (character === '#' && /(?:^|\s)$/.test(line.slice(0, at))) this.comment = true;
    return at + 1;
  }

  quote(value: Value): string {
    const text = String(value);
    if (this.document !== undefined) {
      if (this.documents[0] === "'SQL'") return this.document.quote(value);
      if (plainWord.test(text)) return text;
      throw new Unquotable("it stands in a here-document that is not <<'SQL'");
    }
    // An interactive bash looks for past commands in comments too, once quotes have confused it.
    if (this.comment && /[!"'`\\]/.test(text)) throw new Unquotable('it stands in a comment');
    if (this.comment) return text;
    const quotes = this.open.at(-1);
    if (quotes === 'single') return text.replaceAll("'", "'\\''");
    return quotes === 'double' ? inDoubleQuotes(text) : shellWord(text);
  }
}
