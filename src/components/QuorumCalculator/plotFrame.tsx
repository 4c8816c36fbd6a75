/** Frame of the plots: logarithmic grid, title and a description in words. Lines are told apart by dashes, marks and labels, not by color. */
import { type ReactNode, useId } from 'react';
import type { Risk } from '../../quorum/probabilities';
import { formatRisk } from '../format';
import { type Axis, place } from './scale';
import styles from './styles.module.css';

export const width = 640;
export const height = 320;
export const box = { left: 64, right: 124, top: 24, bottom: 44 };

export interface PlotProps {
  readonly risks: readonly Risk[];
  readonly chosen: Risk;
}

/** Risks in words. */
export const lossText = ({ loss, lossPossible }: Risk) => formatRisk(loss, lossPossible);
export const compromiseText = (risk: Risk) => formatRisk(risk.compromise, risk.compromisePossible);

/** Shares of the axes, 0 to 1, to places in the drawing. */
export const xOf = (share: number) => box.left + share * (width - box.left - box.right);
export const yOf = (share: number) => height - box.bottom - share * (height - box.top - box.bottom);

export function Grid({ axis, vertical }: { axis: Axis; vertical: boolean }): ReactNode {
  return axis.ticks.map((exponent) => {
    const at = vertical ? yOf(place(axis, 10 ** exponent)) : xOf(place(axis, 10 ** exponent));
    return (
      <g key={exponent} className={styles.grid}>
        {vertical ? (
          <line x1={box.left} x2={width - box.right} y1={at} y2={at} />
        ) : (
          <line x1={at} x2={at} y1={box.top} y2={height - box.bottom} />
        )}
        <text
          x={vertical ? box.left - 8 : at}
          y={vertical ? at + 4 : height - box.bottom + 18}
          textAnchor={vertical ? 'end' : 'middle'}
        >
          {exponent === 0 ? '1' : `1e${exponent}`}
        </text>
      </g>
    );
  });
}

export function Figure(props: { title: string; description: string; children: ReactNode }): ReactNode {
  const id = useId();
  return (
    <figure className={styles.plot}>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={`${id}-title ${id}-text`}>
        <title id={`${id}-title`}>{props.title}</title>
        <desc id={`${id}-text`}>{props.description}</desc>
        {props.children}
      </svg>
      <figcaption>
        {props.title}. {props.description}
      </figcaption>
    </figure>
  );
}
