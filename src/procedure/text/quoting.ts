/**
 * Prints the lines of a page with the values of the deployment in them, each quoted for the language of the place where
 * it stands: bash, SQL in a here-document, YAML, JSON, Mermaid or MDX. Whatever a name holds, it is read as that name.
 */
import { Folding } from './fold';
import { inMermaid, inProse, inYaml, Unquotable, type Value } from './quoted';
import { type FenceText, ShellText, SqlText } from './shell-text';

const fenceLine = /^\s*(`{3,}|~{3,})\s*([A-Za-z]*)/;
/** Values that the pages themselves have written, in the language of the place where they stand. */
const ofThePage = /^(?:letter|set|page|state|fact)\b/;
/** Values that are commands by themselves: the schema takes nothing in them that bash would read anything into. */
const command = /^service\.(?:showImportKey|load|check)$/;
const placeholder = /\{\{([A-Za-z][A-Za-z0-9.-]*)\}\}/y;

interface OpenFence {
  readonly marker: string;
  readonly language: string;
  readonly text: FenceText | undefined;
  readonly folding: Folding | undefined;
}

function open(marker: string, language: string): OpenFence {
  const text = language === 'bash' ? new ShellText() : language === 'sql' ? new SqlText() : undefined;
  return { marker, language, text, folding: language === 'bash' ? new Folding() : undefined };
}

/** For the words after the language of a fence, which have no escapes. */
function inMeta(value: Value): string {
  if (/["\\&`]/.test(String(value))) throw new Unquotable('it stands in the title of a code fence');
  return String(value);
}

/** Follows one page from its first line to its last. */
export class PageQuoting {
  private fence: OpenFence | undefined;
  private printed = 0;
  private frontMatter = false;

  /** Prints the next line, as several where a command is too wide. `lookUp` throws for a name that has no value. Throws Unquotable with the name. */
  lines(text: string, lookUp: (name: string) => Value): string[] {
    if (text === '---' && (this.printed === 0 || this.frontMatter)) this.frontMatter = !this.frontMatter;
    this.printed++;
    const [, marker = '', language = ''] = fenceLine.exec(text) ?? [];
    if (this.fence !== undefined && text.trim() === marker && marker.startsWith(this.fence.marker)) {
      this.fence = undefined;
      return [text];
    }
    if (this.fence === undefined && marker !== '' && !this.frontMatter) {
      const printed = this.substitute(text, lookUp, inMeta);
      this.fence = open(marker, language);
      return [printed];
    }
    this.fence?.text?.begin(text);
    const printed = this.substitute(text, lookUp, (...where) => this.quote(...where));
    return this.fence?.folding?.fold(printed) ?? [printed];
  }

  private quote(value: Value, before: string, after: string): string {
    if (this.frontMatter) return inYaml(value, before, after);
    if (this.fence === undefined) return inProse(value, before);
    if (this.fence.text) return this.fence.text.quote(value);
    if (this.fence.language === 'yaml' || this.fence.language === 'json') return inYaml(value, before, after);
    return this.fence.language === 'mermaid' ? inMermaid(value) : String(value);
  }

  private substitute(
    text: string,
    lookUp: (name: string) => Value,
    quote: (value: Value, before: string, after: string) => string,
  ): string {
    let printed = '';
    for (let at = 0; at < text.length; ) {
      placeholder.lastIndex = at;
      const [whole, name] = placeholder.exec(text) ?? [];
      if (whole !== undefined && name !== undefined) {
        try {
          const value = lookUp(name);
          printed +=
            ofThePage.test(name) || command.test(name)
              ? String(value)
              : quote(value, text.slice(0, at), text.slice(at + whole.length));
        } catch (error) {
          if (!(error instanceof Unquotable)) throw error;
          throw new Unquotable(`{{${name}}} cannot be quoted here: ${error.message}`);
        }
        at += whole.length;
      } else {
        const next = this.fence?.text?.read(text, at) ?? at + 1;
        printed += text.slice(at, next);
        at = next;
      }
    }
    return printed;
  }
}
