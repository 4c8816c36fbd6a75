/** Risks of every threshold: the text equivalent of the plots, and a file for a spreadsheet. */
import type { ReactNode } from 'react';
import DataTable from '../DataTable';
import { formatAvailability, formatRisk } from '../format';
import { csvHref, risksAsCsv } from './csv';
import type { PlotProps } from './plotFrame';
import { strings } from './strings';
import styles from './styles.module.css';

export default function Thresholds({ risks, chosen }: PlotProps): ReactNode {
  return (
    <>
      <DataTable
        long
        caption={strings.byThreshold}
        columns={[
          { label: 'M', numeric: true },
          { label: 'Availability', numeric: true },
          { label: 'Loss', numeric: true },
          { label: 'Compromise', numeric: true },
        ]}
        rows={risks.map((risk) => ({
          key: String(risk.threshold),
          head: risk.threshold === chosen.threshold ? `→ ${risk.threshold}` : risk.threshold,
          cells: [
            formatAvailability(risk.availability, risk.loss, risk.lossPossible),
            formatRisk(risk.loss, risk.lossPossible),
            formatRisk(risk.compromise, risk.compromisePossible),
          ],
        }))}
      />
      <p>
        <a
          className={styles.save}
          download={`quorum-${chosen.threshold}-of-${risks.length}.csv`}
          href={csvHref(risksAsCsv(risks))}
        >
          {strings.csv}
        </a>
      </p>
    </>
  );
}
