/** The figures of a scenario, each with its formula and its assumptions. */
import type { ReactNode } from 'react';
import DataTable from '../DataTable';
import { formatAvailability, formatCount, formatRisk, formatYears } from '../format';
import { csvHref, tableAsCsv } from './csv';
import type { Results } from './scenario';
import { type FigureId, figureTexts, strings } from './strings';
import styles from './styles.module.css';

const values: Readonly<Record<FigureId, (results: Results) => string>> = {
  availability: ({ chosen }) => formatAvailability(chosen.availability, chosen.loss, chosen.lossPossible),
  loss: ({ chosen }) => formatRisk(chosen.loss, chosen.lossPossible),
  compromise: ({ chosen }) => formatRisk(chosen.compromise, chosen.compromisePossible),
  toleratedLosses: ({ structure }) => String(structure.toleratedLosses),
  toleratedThefts: ({ structure }) => String(structure.toleratedThefts),
  paths: ({ structure }) => formatCount(structure.paths),
  cuts: ({ structure }) => formatCount(structure.cuts),
  fewestLost: ({ fewestLost }) => (fewestLost === undefined ? strings.none : String(fewestLost)),
  fewestBreached: ({ fewestBreached }) =>
    fewestBreached === undefined ? strings.none : String(fewestBreached),
  meanTimeToLoss: (results) => `${formatYears(results.meanTimeToLoss)} ${strings.years}`,
  meanTimeToCompromise: (results) => `${formatYears(results.meanTimeToCompromise)} ${strings.years}`,
  perYear: ({ perYear }) => formatRisk(perYear, true),
};

export interface FiguresProps {
  readonly results: Results;
  /** Address of the page on threshold mathematics. */
  readonly mathematics: string;
  /** Typeset formulas, where the page has them; the plain text otherwise. */
  readonly formulas?: Partial<Record<FigureId, ReactNode>> | undefined;
}

export default function Figures({ results, mathematics, formulas }: FiguresProps): ReactNode {
  const ids = Object.keys(figureTexts) as FigureId[];
  const { threshold } = results.chosen;
  const file = [
    [strings.figure, strings.value, strings.formula, strings.assumption],
    ...ids.map((id) => {
      const { label, formula, assumption } = figureTexts[id];
      return [label, values[id](results), formula, assumption];
    }),
  ];
  return (
    <>
      <DataTable
        caption={`${strings.figures}: ${threshold} of ${results.risks.length}`}
        columns={[
          { label: strings.figure },
          { label: strings.value, numeric: true },
          { label: strings.formula },
          { label: strings.assumption },
        ]}
        rows={ids.map((id) => {
          const { label, formula, anchor, assumption } = figureTexts[id];
          return {
            key: id,
            head: label,
            cells: [
              <output key="value" data-figure={id}>
                {values[id](results)}
              </output>,
              <span key="formula">
                {formulas?.[id] ?? formula}{' '}
                <a href={`${mathematics}#${anchor}`} aria-label={`${strings.derivation}: ${label}`}>
                  {strings.derivation}
                </a>
              </span>,
              assumption,
            ],
          };
        })}
      />
      <p>
        <a
          className={styles.save}
          download={`figures-${threshold}-of-${results.risks.length}.csv`}
          href={csvHref(tableAsCsv(file))}
        >
          {strings.csvFigures}
        </a>
      </p>
    </>
  );
}
