/** What a page puts together from a file of the project, such as a long table of a lock: the search leaves it out. */
import type { ReactNode } from 'react';

export default function Derived({ children }: { children: ReactNode }): ReactNode {
  return <div data-derived="">{children}</div>;
}
