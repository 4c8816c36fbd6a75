/** Calculator of M of N: availability, loss and compromise with shared domains, exact, and the same for everybody who opens the link. */
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { QuorumInput } from '../../quorum/types';
import DomainInputs from './DomainInputs';
import Figures, { type FiguresProps } from './Figures';
import { fromQuery, withScenario } from './link';
import SetInputs from './SetInputs';
import ShardInputs from './ShardInputs';
import { presetScenario, type Results, results, type Scenario } from './scenario';
import { strings } from './strings';
import styles from './styles.module.css';
import ThresholdPlot from './ThresholdPlot';
import Thresholds from './Thresholds';
import TradeOffPlot from './TradeOffPlot';

export interface QuorumCalculatorProps extends Omit<FiguresProps, 'results'> {
  readonly preset: QuorumInput;
}

type Outcome = { readonly results: Results } | { readonly refusal: string };

function calculate(scenario: Scenario): Outcome {
  try {
    return { results: results(scenario) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { refusal: error.message };
  }
}

export default function QuorumCalculator({
  preset,
  mathematics,
  formulas,
}: QuorumCalculatorProps): ReactNode {
  const [initial] = useState(() => presetScenario(preset));
  const [scenario, setScenario] = useState(initial);
  const [ready, setReady] = useState(false);
  const [linkProblem, setLinkProblem] = useState<string>();
  const outcome = useMemo(() => calculate(scenario), [scenario]);

  // The server knows no address: the first render shows the deployment, then the link is read.
  useEffect(() => {
    setReady(true);
    try {
      const names = initial.shards.map(({ name }) => name);
      const linked = fromQuery(window.location.search, names);
      if (linked) setScenario(linked);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      setLinkProblem(error.message);
    }
  }, [initial]);

  const change = (next: Scenario | undefined) => {
    setScenario(next ?? initial);
    setLinkProblem(undefined);
    window.history.replaceState(window.history.state, '', withScenario(window.location.href, next));
  };

  return (
    <section className={styles.calculator} aria-label="Quorum calculator">
      <noscript>
        <p>{strings.needsScript}</p>
      </noscript>
      {linkProblem === undefined ? null : (
        <p role="alert">
          {strings.badLink} {linkProblem}
        </p>
      )}
      <fieldset className={styles.inputs} disabled={!ready}>
        <SetInputs scenario={scenario} change={change} />
        <ShardInputs scenario={scenario} change={change} />
        <DomainInputs scenario={scenario} change={change} />
        <button type="button" onClick={() => change(undefined)}>
          {strings.reset}
        </button>
      </fieldset>
      {'refusal' in outcome ? (
        <p role="alert" className={styles.refusal}>
          {strings.refused} {outcome.refusal}
        </p>
      ) : (
        <>
          <Figures results={outcome.results} mathematics={mathematics} formulas={formulas} />
          <ThresholdPlot {...outcome.results} />
          <TradeOffPlot {...outcome.results} />
          <Thresholds {...outcome.results} />
        </>
      )}
    </section>
  );
}
