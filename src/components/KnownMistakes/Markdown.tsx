/** Shows the Markdown of a case: paragraphs, lists, code, emphasis and links. Anything else stands as it was written. */
import type { Nodes } from 'mdast';
import { Fragment, type ReactNode } from 'react';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

const parser = unified().use(remarkParse);

function children(nodes: readonly Nodes[], source: string): ReactNode {
  return nodes.map((node) => <Fragment key={node.position?.start.offset}>{shown(node, source)}</Fragment>);
}

function shown(node: Nodes, source: string): ReactNode {
  switch (node.type) {
    case 'root':
      return children(node.children, source);
    case 'paragraph':
      return <p>{children(node.children, source)}</p>;
    case 'text':
      return node.value;
    case 'strong':
      return <strong>{children(node.children, source)}</strong>;
    case 'emphasis':
      return <em>{children(node.children, source)}</em>;
    case 'inlineCode':
      return <code>{node.value}</code>;
    case 'code':
      return (
        <pre>
          <code>{node.value}</code>
        </pre>
      );
    case 'list':
      return node.ordered ? (
        <ol>{children(node.children, source)}</ol>
      ) : (
        <ul>{children(node.children, source)}</ul>
      );
    case 'listItem':
      return <li>{children(node.children, source)}</li>;
    case 'break':
      return <br />;
    default:
      return source.slice(node.position?.start.offset, node.position?.end.offset);
  }
}

export default function Markdown({ text }: { readonly text: string }): ReactNode {
  return shown(parser.parse(text), text);
}
