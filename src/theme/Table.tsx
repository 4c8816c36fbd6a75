/** A table that scrolls inside itself, so that the page never does. */
import { Children, type ComponentProps, type CSSProperties, type ReactNode } from 'react';

export default function Table(props: ComponentProps<'table'>): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
    // biome-ignore lint/a11y/useSemanticElements: a section would become a landmark of every page.
    <div className="table-scroll" role="group" aria-label="Table" tabIndex={0}>
      <table {...props} />
    </div>
  );
}

/** Markdown says with a style attribute what a class can say; the policy of a page forbids such attributes. */
function aligned<
  P extends { readonly style?: CSSProperties | undefined; readonly className?: string | undefined },
>({ style, className, ...props }: P) {
  const align = style?.textAlign;
  const names = [className, align === 'right' ? 'number' : align === 'center' ? 'center' : undefined];
  const name = names.filter((each) => each !== undefined).join(' ');
  return { ...props, ...(name === '' ? {} : { className: name }) };
}

/** A cell of the body. */
export function Cell(props: ComponentProps<'td'>): ReactNode {
  return <td {...aligned(props)} />;
}

/** The head of a column. A column without a name has a plain cell, as an empty header says nothing aloud. */
export function HeadCell({ children, ...props }: ComponentProps<'th'>): ReactNode {
  const isBlank = Children.toArray(children).every(
    (child) => typeof child === 'string' && child.trim() === '',
  );
  if (isBlank) return <Cell {...(props as ComponentProps<'td'>)} />;
  return (
    <th scope="col" {...aligned(props)}>
      {children}
    </th>
  );
}
