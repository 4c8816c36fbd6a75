/** Loss (solid, dots) and compromise (dashed, squares) for each threshold. */
import type { ReactNode } from 'react';
import type { Risk } from '../../quorum/probabilities';
import {
  box,
  compromiseText,
  Figure,
  Grid,
  height,
  lossText,
  type PlotProps,
  width,
  xOf,
  yOf,
} from './plotFrame';
import { everyNth, logAxis, place } from './scale';
import { strings } from './strings';
import styles from './styles.module.css';

export default function ThresholdPlot({ risks, chosen }: PlotProps): ReactNode {
  const n = risks.length;
  const axis = logAxis(risks.flatMap(({ loss, compromise }) => [loss, compromise]));
  const x = (threshold: number) => xOf(n === 1 ? 0.5 : (threshold - 1) / (n - 1));
  const points = (of: 'loss' | 'compromise') =>
    risks.map((risk) => `${x(risk.threshold).toFixed(1)},${yOf(place(axis, risk[of])).toFixed(1)}`);
  const marks = n <= 40 ? risks : [chosen];
  const last = risks[n - 1] as Risk;
  const first = risks[0] as Risk;
  const description = `At M = ${chosen.threshold} the loss is ${lossText(chosen)} and the compromise ${compromiseText(chosen)}. From M = 1 to M = ${n} the loss rises from ${lossText(first)} to ${lossText(last)}, and the compromise falls from ${compromiseText(first)} to ${compromiseText(last)}.`;
  return (
    <Figure title={strings.plotThreshold} description={description}>
      <Grid axis={axis} vertical />
      <line
        className={styles.chosen}
        x1={x(chosen.threshold)}
        x2={x(chosen.threshold)}
        y1={box.top}
        y2={height - box.bottom}
      />
      <text x={x(chosen.threshold)} y={box.top - 8} textAnchor="middle">{`M = ${chosen.threshold}`}</text>
      <polyline className={styles.loss} points={points('loss').join(' ')} />
      <polyline className={styles.compromise} points={points('compromise').join(' ')} />
      {marks.map((risk) => (
        <g key={risk.threshold}>
          <circle className={styles.lossMark} cx={x(risk.threshold)} cy={yOf(place(axis, risk.loss))} r={4} />
          <rect
            className={styles.compromiseMark}
            x={x(risk.threshold) - 4}
            y={yOf(place(axis, risk.compromise)) - 4}
            width={8}
            height={8}
          />
        </g>
      ))}
      <text x={width - box.right + 10} y={yOf(place(axis, last.loss)) + 4}>
        ● Loss
      </text>
      <text x={width - box.right + 10} y={yOf(place(axis, last.compromise)) + 4}>
        □ Compromise
      </text>
      {everyNth(n, 10).map((threshold) => (
        <text key={threshold} x={x(threshold)} y={height - box.bottom + 18} textAnchor="middle">
          {threshold}
        </text>
      ))}
      <text x={(width - box.right + box.left) / 2} y={height - 6} textAnchor="middle">
        {strings.threshold}
      </text>
    </Figure>
  );
}
