/** Verifies an audit trail in the browser: the same code and verdicts as `sss audit verify`, nothing uploaded. */
import { type DragEvent, type FormEvent, type ReactNode, useId, useRef, useState } from 'react';
import { headWords } from '../../audit/head';
import type { Standing } from '../../audit/standing';
import { judge, modeNotice } from '../../audit/verdict';
import type { Checked } from './check';
import { CannotVerify, run } from './run';
import { strings } from './strings';
import styles from './styles.module.css';

export interface AuditVerifierProps {
  /** Address of the script that verifies (worker.ts as one file). */
  readonly worker: string;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly read: number; readonly all: number }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'done'; readonly checked: Checked };

const LOOKS: Readonly<Record<Standing, string | undefined>> = {
  VERIFIED: styles.sound,
  FAILED: styles.notSound,
  UNVERIFIABLE: styles.partly,
};

function Result({ checked: { verdict, steps } }: { readonly checked: Checked }): ReactNode {
  const judged = judge(verdict, steps);
  const lines = [...judged.lines, ...[modeNotice(verdict) ?? []].flat()];
  return (
    <div className={LOOKS[judged.standing]}>
      <p>
        <strong>{judged.standing}</strong>
      </p>
      {lines.map((line) => (
        <p key={line} className={styles.line}>
          {line}
        </p>
      ))}
      {verdict.ok && (
        <>
          <p>{strings.wordsTitle}</p>
          <pre>{headWords(verdict.head.digest).join('\n')}</pre>
        </>
      )}
    </div>
  );
}

export default function AuditVerifier({ worker }: AuditVerifierProps): ReactNode {
  const id = useId();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [head, setHead] = useState('');
  const [procedure, setProcedure] = useState<File>();
  const [state, setState] = useState<State>({ kind: 'idle' });
  // A second run makes the first one's late messages void.
  const turn = useRef(0);

  const choose = (list: FileList | null) => {
    turn.current++;
    setFiles([...(list ?? [])]);
    setState({ kind: 'idle' });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    choose(event.dataTransfer.files);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (files.length === 0) return setState({ kind: 'refused', message: strings.noFile });
    const mine = ++turn.current;
    const show = (next: State) => {
      if (turn.current === mine) setState(next);
    };
    const all = files.reduce((sum, file) => sum + file.size, 0);
    show({ kind: 'working', read: 0, all });
    try {
      const checked = await run({ files, head, procedure }, worker, (read) =>
        show({ kind: 'working', read, all }),
      );
      show({ kind: 'done', checked });
    } catch (error) {
      show({ kind: 'refused', message: error instanceof CannotVerify ? error.message : String(error) });
    }
  };

  return (
    <section aria-label={strings.region}>
      <noscript>
        <p>{strings.needsScript}</p>
      </noscript>
      <form className={styles.form} onSubmit={submit}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the field inside does the same. */}
        <div className={styles.drop} onDragOver={(event) => event.preventDefault()} onDrop={drop}>
          <label htmlFor={`${id}-files`}>{strings.files}</label>
          <input
            id={`${id}-files`}
            type="file"
            multiple
            aria-describedby={`${id}-files-help`}
            onChange={({ target }) => choose(target.files)}
          />
          <p id={`${id}-files-help`}>{strings.filesHelp}</p>
          {files.length > 0 && <p>{files.map((file) => file.name).join(', ')}</p>}
        </div>
        <label htmlFor={`${id}-head`}>{strings.head}</label>
        <textarea
          id={`${id}-head`}
          rows={4}
          spellCheck={false}
          value={head}
          aria-describedby={`${id}-head-help`}
          onChange={({ target }) => setHead(target.value)}
        />
        <p id={`${id}-head-help`}>{strings.headHelp}</p>
        <label htmlFor={`${id}-procedure`}>{strings.procedure}</label>
        <input
          id={`${id}-procedure`}
          type="file"
          accept=".json"
          aria-describedby={`${id}-procedure-help`}
          onChange={({ target }) => setProcedure(target.files?.[0])}
        />
        <p id={`${id}-procedure-help`}>{strings.procedureHelp}</p>
        <button type="submit">{strings.verify}</button>
      </form>
      <div aria-live="polite">
        {state.kind === 'working' && <p>{strings.working(state.read, state.all)}</p>}
        {state.kind === 'refused' && <p className={styles.notSound}>{state.message}</p>}
        {state.kind === 'done' && <Result checked={state.checked} />}
      </div>
    </section>
  );
}
