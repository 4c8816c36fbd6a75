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

/** The backslash at the end of a long line stays beside its last word: alone below, it would look like one to type. */
function Line({ text }: { readonly text: string }): ReactNode {
  const [, before, end] = /^(.{60,} )(\S{1,20} \\\n)$/.exec(text) ?? [];
  if (before === undefined) return <span>{text}</span>;
  return (
    <span>
      {before}
      <i>{end}</i>
    </span>
  );
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
  const lines = text.split('\n');
  return (
    <figure className={`code ${kind}`}>
      {named === undefined ? null : <figcaption>{named}</figcaption>}
      <pre>
        <code>
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a block never change places.
            <Line key={index} text={index === lines.length - 1 ? line : `${line}\n`} />
          ))}
        </code>
      </pre>
      {isCommand ? (
        <button type="button" className="code-copy needs-js" data-copy="">
          Copy
        </button>
      ) : null}
    </figure>
  );
}
