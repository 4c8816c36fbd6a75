/** The figures of a scenario, each with its formula and its assumptions. */
import type { ReactNode } from 'react';
import DataTable from '../DataTable';
import { formatAvailability, formatCount, formatRisk, formatYears } from '../format';
import { csvHref, tableAsCsv } from './csv';
import { drawn, type FormulaNode } from './formula';
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
  /** Typeset formulas, made when the site is built; the plain text without. */
  readonly formulas?: Partial<Record<FigureId, FormulaNode>> | undefined;
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
          { label: strings.formulaAndAssumptions },
        ]}
        rows={ids.map((id) => {
          const { label, formula, anchor, assumption } = figureTexts[id];
          const typeset = formulas?.[id];
          return {
            key: id,
            head: label,
            cells: [
              <output key="value" data-figure={id}>
                {values[id](results)}
              </output>,
              <span key="formula">
                {typeset === undefined ? formula : <span className={styles.formula}>{drawn(typeset)}</span>}{' '}
                <a href={`${mathematics}#${anchor}`} aria-label={`${strings.derivation}: ${label}`}>
                  {strings.derivation}
                </a>
                <span className={styles.assumption}>{assumption}</span>
              </span>,
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
