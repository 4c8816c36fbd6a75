/** Steps that are done at one place. The reader is told where; the drill has a machine for it. */
import type { ReactNode } from 'react';
import { type PlaceKind, places } from '../../procedure/vocabulary/places';

interface Props {
  readonly place: PlaceKind;
  readonly children: ReactNode;
}

export default function At({ place, children }: Props): ReactNode {
  return (
    <div data-place={place}>
      <p>
        <strong>Where:</strong> {places[place]}
      </p>
      {children}
    </div>
  );
}
