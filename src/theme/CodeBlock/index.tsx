/** A command or its output as plain text: one span a line, so that paper can show where a long line goes on. */
import { parseCodeBlockTitle } from '@docusaurus/theme-common/internal';
import type { ReactNode } from 'react';

interface Props {
  readonly children?: ReactNode;
  readonly className?: string;
  readonly metastring?: string;
  readonly title?: string;
  readonly language?: string;
}

function textOf(children: ReactNode): string {
  if (Array.isArray(children)) return children.map(textOf).join('');
  return typeof children === 'string' || typeof children === 'number' ? String(children) : '';
}

/** The smallest phone shows so many characters beside the Copy button. */
const PHONE = 22;

/** Words of a command: a quoted one keeps its blanks. */
const word = /(?:'[^'\n]*'|"[^"\n]*"|[^\s'"]|['"])+/;

/** What stays together while there is room: an option with its value, and the backslash at the end with the last word. */
const unit = new RegExp(
  `(?:(?:--?[\\w-]+|\\d?[<>]+) (?![-\\\\])${word.source}|${word.source})(?: \\\\(?=\\n|$))?`,
  'g',
);

/** A word that a browser would break, as it would break `--no-psqlrc` behind its first hyphens. */
const isBreakable = (text: string): boolean => /[^\w.]/.test(text);

/** Each piece of a text that matches, and what is between. */
function pieces(text: string, pattern: RegExp, show: (piece: string, key: number) => ReactNode): ReactNode[] {
  const list: ReactNode[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    list.push(text.slice(at, match.index), show(match[0], match.index));
    at = match.index + match[0].length;
  }
  return [...list, text.slice(at)];
}

/** A line breaks between options, and inside a word only where the window is narrower than the word. */
function Line({ text, breaks }: { readonly text: string; readonly breaks: boolean }): ReactNode {
  if (!breaks || text.length <= PHONE) return <span>{text}</span>;
  const whole = (piece: string, key: number): ReactNode =>
    isBreakable(piece) ? <i key={key}>{piece}</i> : piece;
  const inside = (piece: string, key: number): ReactNode =>
    piece.includes(' ') ? <i key={key}>{pieces(piece, /\S+/g, whole)}</i> : whole(piece, key);
  return <span>{pieces(text, unit, inside)}</span>;
}

export default function CodeBlock({
  children,
  className = '',
  metastring = '',
  title,
  language,
}: Props): ReactNode {
  const text = textOf(children).replace(/\n$/, '');
  const named = title ?? (parseCodeBlockTitle(metastring) || undefined);
  const spoken = language ?? /language-(\S+)/.exec(className)?.[1] ?? 'text';
  const isOutput = /\boutput=/.test(metastring);
  const isCommand = !isOutput && ['bash', 'sh', 'sql'].includes(spoken);
  const kind = isOutput ? 'code-output' : isCommand ? 'code-command' : 'code-plain';
  const step = /\bstep=(\S+)/.exec(metastring)?.[1];
  const lines = text.split('\n');
  return (
    <figure className={`code ${kind}`}>
      {named === undefined ? null : <figcaption>{named}</figcaption>}
      <pre>
        <code>
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a block never change places.
            <Line key={index} text={index === lines.length - 1 ? line : `${line}\n`} breaks={isCommand} />
          ))}
        </code>
      </pre>
      {isCommand ? (
        <button type="button" className="code-copy needs-js" data-copy="">
          Copy
          <span className="spoken">{` ${step === undefined ? (named ?? 'the command') : `the command of ${step}`}`}</span>
        </button>
      ) : null}
    </figure>
  );
}
