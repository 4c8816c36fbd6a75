/** Each threshold as a point: loss to the right, compromise upwards. No threshold is better at both. */
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

export default function TradeOffPlot({ risks, chosen }: PlotProps): ReactNode {
  const across = logAxis(risks.map(({ loss }) => loss));
  const up = logAxis(risks.map(({ compromise }) => compromise));
  const point = (risk: Risk) => ({ cx: xOf(place(across, risk.loss)), cy: yOf(place(up, risk.compromise)) });
  const labeled = new Set([...everyNth(risks.length, 12), chosen.threshold]);
  const description = `Each dot is a threshold M. ${strings.logNote} The ring is M = ${chosen.threshold}: loss ${lossText(chosen)}, compromise ${compromiseText(chosen)}.`;
  return (
    <Figure title={strings.plotTradeOff} description={description}>
      <Grid axis={up} vertical />
      <Grid axis={across} vertical={false} />
      <polyline
        className={styles.loss}
        points={risks.map((risk) => `${point(risk).cx.toFixed(1)},${point(risk).cy.toFixed(1)}`).join(' ')}
      />
      {risks
        .filter(({ threshold }) => labeled.has(threshold))
        .map((risk) => (
          <g key={risk.threshold}>
            <circle className={styles.lossMark} {...point(risk)} r={4} />
            <text x={point(risk).cx + 8} y={point(risk).cy - 8}>{`M = ${risk.threshold}`}</text>
          </g>
        ))}
      <circle className={styles.ring} {...point(chosen)} r={9} />
      <text x={box.left} y={box.top - 8}>
        Compromise
      </text>
      <text x={width - box.right + 10} y={height - box.bottom + 18}>
        Loss
      </text>
    </Figure>
  );
}
