/** Renders a form from its description: for the screen, as JSON through the script, and as a sheet for pen and ink. */
import type { ReactNode } from 'react';
import type { Field, FormDescription, Prefill, Section, Values } from '../../audit/forms/form';
import Blank from './Blank';

export interface FormProps {
  readonly form: FormDescription;
  readonly prefill: Prefill;
  /** Source of the page and its digest, and the release: they go into the export. */
  readonly page: string;
  readonly digest: string;
  readonly release: { readonly version: string; readonly commit: string };
}

/** An id of a person, a step: a word. */
function isShort({ kind, size = 120 }: Field): boolean {
  return kind === 'text' && size <= 20;
}

function Fields({ section, values }: { readonly section: Section; readonly values: Values }): ReactNode {
  return (
    <div className="form-fields" data-section={section.id}>
      {(section.fields ?? []).map((field) => {
        const blank = (
          <Blank field={field} name={`${section.id}.${field.id}`} value={values[field.id] ?? ''} />
        );
        const wide = field.kind === 'long' || (field.size ?? 0) >= 60 || field.kind === 'choice';
        const width = wide ? ' form-wide' : isShort(field) ? ' form-short' : '';
        const Row = field.kind === 'choice' || field.kind === 'signature' ? 'div' : 'label';
        return (
          <Row key={field.id} className={`form-field${width}`} data-kind={field.kind}>
            <span>{field.label}</span>
            {blank}
            {field.words ? <output className="form-words" data-words={field.id} /> : null}
          </Row>
        );
      })}
    </div>
  );
}

/** Who fills in what no step does. */
function FilledBy({ section }: { readonly section: Section }): ReactNode {
  const fields = section.fields ?? section.rows?.columns ?? [];
  const people = new Set([section, ...fields].flatMap(({ by }) => by ?? []));
  return people.size === 0 ? null : <p className="form-by">{[...people].join(' ')}</p>;
}

function Rows({
  section,
  known,
}: {
  readonly section: Section;
  readonly known: readonly Values[];
}): ReactNode {
  const { columns = [], blank = 0 } = section.rows ?? {};
  const rows = [...known, ...Array.from({ length: blank }, (): Values => ({}))];
  return (
    <div data-section={section.id} data-rows="">
      {/* biome-ignore lint/a11y/useSemanticElements: a section would become a landmark of every page. */}
      <div
        className="table-scroll"
        role="group"
        aria-label={section.title}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        tabIndex={0}
      >
        <table className="form-table">
          <thead>
            <tr>
              {columns.map((field) => (
                <th
                  key={field.id}
                  scope="col"
                  className={`form-col-${isShort(field) ? 'short' : field.kind}`}
                >
                  {field.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are only ever added at the end.
              <tr key={index}>
                {columns.map((field) => (
                  <td key={field.id}>
                    <Blank
                      field={field}
                      name={`${section.id}.${index}.${field.id}`}
                      value={row[field.id] ?? ''}
                      spoken={`${field.label}, row ${index + 1}`}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {blank === 0 ? null : (
        <button
          type="button"
          className="form-more needs-js"
          data-more=""
          aria-label={`Add a row to ${section.title}`}
        >
          Add a row
        </button>
      )}
    </div>
  );
}

export default function Form({ form, prefill, page, digest, release }: FormProps): ReactNode {
  const valuesOf = (id: string): Values => {
    const known = prefill[id];
    return known === undefined || Array.isArray(known) ? {} : (known as Values);
  };
  const rowsOf = (id: string): readonly Values[] => {
    const known = prefill[id];
    return Array.isArray(known) ? known : [];
  };
  return (
    <form
      className="form"
      aria-label={form.title}
      noValidate
      data-form={form.id}
      data-page={page}
      data-digest={digest}
      data-version={release.version}
      data-commit={release.commit}
      data-follows={form.follows}
    >
      <div className="run-panel needs-js">
        <p className="run-line">
          <button type="button" data-do="export">
            Export
          </button>
          <button type="button" data-do="import">
            Import
          </button>
          <input type="file" data-file="" accept=".json,application/json" hidden aria-label="Exported form" />
          {form.follows === undefined ? null : (
            <>
              <button type="button" data-do="run">
                Take over the run
              </button>
              <button type="button" data-do="compare">
                Export for sss audit compare
              </button>
            </>
          )}
          <button type="button" data-do="print">
            Print
          </button>
          <button type="button" data-do="clear">
            Clear
          </button>
          <button type="button" data-do="back" hidden>
            Bring back
          </button>
          <button type="button" data-do="older" hidden>
            Save the older draft
          </button>
          <span>Kept in this browser only. Never type a shard, a key or a PIN.</span>
        </p>
        <p className="run-status" role="status" data-status="" />
        <ul className="form-wrong" data-wrong="" hidden />
      </div>
      {form.sections.map((section) => (
        <section key={section.id} className="form-section" aria-labelledby={`form-${section.id}`}>
          <h2 id={`form-${section.id}`}>{section.title}</h2>
          {section.text === undefined ? null : <p>{section.text}</p>}
          <FilledBy section={section} />
          {section.rows === undefined ? (
            <Fields section={section} values={valuesOf(section.id)} />
          ) : (
            <Rows section={section} known={rowsOf(section.id)} />
          )}
        </section>
      ))}
    </form>
  );
}
