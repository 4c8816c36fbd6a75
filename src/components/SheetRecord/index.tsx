/** What only the paper of a procedure has: what is done and when in the head, who took part and signs at the end. */
import type { ReactNode } from 'react';
import { roleTitle } from '../Step/titles';

/** What a page of a chapter is followed for. */
const occasions: Readonly<Record<string, string>> = {
  ceremony: 'Ceremony',
  emergency: 'Incident number',
  lifecycle: 'Change number',
};

/** Blanks in the head of the first sheet. @param page Source of the page: `docs/emergency/unseal.mdx`. */
export function SheetHead({ page }: { readonly page: string }): ReactNode {
  return (
    <p className="form sheet-head" aria-hidden="true">
      <span className="sheet-occasion">
        {occasions[page.split('/')[1] ?? ''] ?? 'Reference'} <i className="ink" />
      </span>
      <span>
        Date (UTC) <i className="cells cells-date" data-cells="10" />
      </span>
      <span>
        Begin (UTC) <i className="cells cells-time" data-cells="5" />
      </span>
      <span>
        End (UTC) <i className="cells cells-time" data-cells="5" />
      </span>
    </p>
  );
}

/** One line a role of the page and one to spare: whose initials stand on the sheets, and the signatures. */
export function SheetPeople({ roles }: { readonly roles: readonly string[] }): ReactNode {
  return (
    <div className="sheet-people" aria-hidden="true">
      <p>
        <strong>People.</strong> I was present. I have read every sheet, and it says what I saw.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Role</th>
            <th scope="col">Name in capitals</th>
            <th scope="col">Initials</th>
            <th scope="col">Signature</th>
          </tr>
        </thead>
        <tbody>
          {[...roles, ''].map((role) => (
            <tr key={role}>
              <td>{role === '' ? '' : roleTitle(role)}</td>
              <td />
              <td />
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
