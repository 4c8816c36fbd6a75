/** Where the runs that are open in this browser are named; src/client/resume.ts fills it in, and shows it if there is one. */
import type { ReactNode } from 'react';

export default function Resume(): ReactNode {
  return (
    <section className="resume" aria-label="Go on" data-resume="" hidden>
      <p>
        <strong>Go on</strong>
      </p>
      <ul />
    </section>
  );
}
