/**
 * Makes an island of a component that reacts: its markup is in the page, and scripts/ship/islands.ts ships the code
 * that wakes it. Only pages with an island load React.
 */
import type { ComponentType, ReactNode } from 'react';
import { renderToString } from 'react-dom/server';

/** Wraps a component under its name in scripts/ship/islands.ts. Props must be plain JSON. */
export function island<P extends object>(name: string, Component: ComponentType<P>): (props: P) => ReactNode {
  if (process.env.NODE_ENV === 'development') {
    return function Direct(props: P) {
      return <Component {...props} />;
    };
  }
  return function Island(props: P) {
    // Rendered apart, so that ids are those that the island will make when it wakes.
    const markup = renderToString(<Component {...props} />, { identifierPrefix: name });
    return (
      <div
        data-island={name}
        data-props={JSON.stringify(props)}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: React rendered it.
        dangerouslySetInnerHTML={{ __html: markup }}
      />
    );
  };
}
