/** The mark: a ring of five shards, three of which make the key. */
import type { ReactNode } from 'react';

const arc = 58;
const gap = 14;

function segment(index: number): string {
  const start = ((index * (arc + gap) - 90 + gap / 2) * Math.PI) / 180;
  const end = start + (arc * Math.PI) / 180;
  const point = (angle: number) =>
    `${(16 + 11 * Math.cos(angle)).toFixed(2)} ${(16 + 11 * Math.sin(angle)).toFixed(2)}`;
  return `M${point(start)}A11 11 0 0 1 ${point(end)}`;
}

export default function Mark(): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <g fill="none" stroke="currentColor" strokeWidth="5">
        <path d={`${segment(0)}${segment(1)}${segment(3)}`} />
        <path d={`${segment(2)}${segment(4)}`} opacity=".35" />
      </g>
      <circle cx="16" cy="16" r="3.5" fill="currentColor" />
    </svg>
  );
}
