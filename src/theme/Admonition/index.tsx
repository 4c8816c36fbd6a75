/** A note beside the text. The kind is said in words, never by color alone. */
import type { ReactNode } from 'react';

interface Props {
  readonly type: string;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
}

const titles: Readonly<Record<string, string>> = {
  note: 'Note',
  tip: 'Tip',
  info: 'Good to know',
  warning: 'Warning',
  caution: 'Warning',
  danger: 'Danger',
  important: 'Important',
};

export default function Admonition({ type, title, children }: Props): ReactNode {
  const kind = type === 'caution' ? 'warning' : type;
  return (
    <aside className={`note note-${kind}`}>
      <p className="note-title">{title ?? titles[type] ?? type}</p>
      {children}
    </aside>
  );
}
