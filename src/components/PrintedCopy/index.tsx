/** Asks for the digest of a printed sheet, and lists the pages with their digests of today, which needs no script. */
import type { ReactNode } from 'react';
import DataTable from '../DataTable';

export interface PrintedCopyProps {
  readonly pages: readonly {
    readonly title: string;
    readonly href: string;
    readonly digest: string;
    /** Day on which this edition was recorded. */
    readonly since: string | undefined;
  }[];
  /** Days on which editions were recorded, with how many pages each. */
  readonly editions: readonly { readonly date: string; readonly version: string; readonly pages: number }[];
}

export default function PrintedCopy({ pages, editions }: PrintedCopyProps): ReactNode {
  return (
    <>
      <form className="copy-check needs-js" data-editions="" noValidate aria-label="Check a printed copy">
        <p>
          <label>
            Page digest of the sheet{' '}
            <input
              type="text"
              data-copy-digest=""
              maxLength={40}
              size={20}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
            />
          </label>{' '}
          <button type="submit">Check</button>
        </p>
        <div role="status" data-copy-said="" />
      </form>
      {editions.length === 0 ? (
        <p>No edition is recorded yet.</p>
      ) : (
        <DataTable
          caption="Editions that were recorded"
          columns={[
            { label: 'Day', short: true },
            { label: 'Release' },
            { label: 'Pages that changed', numeric: true },
          ]}
          rows={editions.map(({ date, version, pages: count }) => ({
            key: `${date} ${version}`,
            head: date,
            cells: [version, count],
          }))}
        />
      )}
      <DataTable
        caption="Digests of today"
        columns={[
          { label: 'Page', wide: true },
          { label: 'Digest', short: true },
          { label: 'Recorded on', short: true },
        ]}
        rows={pages.map(({ title, href, digest, since }) => ({
          key: href,
          head: <a href={href}>{title}</a>,
          cells: [<code key="digest">{digest}</code>, since ?? 'not yet'],
        }))}
      />
    </>
  );
}
