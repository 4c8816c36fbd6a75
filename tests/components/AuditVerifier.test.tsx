/** The verifier on the site: the verdicts of the command line on the same files, in the page and through a worker. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { verifyFiles } from '../../scripts/sss/audit/trail-file';
import { headWords, parseHead } from '../../src/audit/head';
import { StepCounter } from '../../src/audit/step-records';
import { judge } from '../../src/audit/verdict';
import AuditVerifier from '../../src/components/AuditVerifier';
import { check, inOrder } from '../../src/components/AuditVerifier/check';
// Loaded as a page loads it: leaves the function where the page looks for it.
import '../../src/components/AuditVerifier/worker';
import { bytesOf, CORPUS, head, last, next, text } from '../audit/corpus';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const file = (content: string, name: string) => new File([bytesOf(content)], name);

describe('the same verdict as the command line', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'corpus-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each(CORPUS)('%s', async (_what, contents, given) => {
    const names = contents.map((_, place) => `trail-${place + 1}.jsonl`);
    const { mkdirSync } = await import('node:fs');
    mkdirSync(folder, { recursive: true });
    const paths = contents.map((content, place) => {
      const at = path.join(folder, names[place] ?? '');
      writeFileSync(at, bytesOf(content));
      return at;
    });
    const fromCli = verifyFiles(paths, given === '' ? {} : { anchor: parseHead(given) });
    const files = contents.map((content, place) => file(content, names[place] ?? ''));
    const { verdict: fromPage } = await check({ files, head: given, procedure: undefined }, () => undefined);
    const bare = (verdict: object) => JSON.parse(JSON.stringify(verdict).replaceAll(`${folder}/`, ''));
    expect(bare(fromPage)).toEqual(bare(fromCli));
  });

  it('puts files in the order of the trail', async () => {
    const files = [file(next, 'a.jsonl'), file('garbage', 'b.jsonl'), file(text, 'c.jsonl')];
    expect((await inOrder(files)).map((each) => each.name)).toEqual(['c.jsonl', 'a.jsonl', 'b.jsonl']);
  });
});

function verifyOnPage(files: File[], given = '') {
  fireEvent.change(screen.getByLabelText('Files of the trail'), { target: { files } });
  fireEvent.change(screen.getByLabelText(/^A head/), { target: { value: given } });
  fireEvent.click(screen.getByRole('button', { name: 'Verify' }));
}

describe('a procedure of the evidence pack', () => {
  const steps = [
    {
      id: 'UNS-04',
      by: 'recovery-operator',
      witness: 'internal-witness',
      log: ['trail.opened', 'shard.unwrapped'],
    },
    { id: 'UNS-05', by: 'recovery-operator', witness: 'internal-witness', log: ['key.combined'] },
  ];
  const given = (list: object[], name = 'procedure-emergency-unseal.json') =>
    new File([JSON.stringify({ page: 'docs/emergency/unseal.mdx', commit: 'abc1234', steps: list })], name);
  const choose = (procedure: File) =>
    fireEvent.change(screen.getByLabelText(/^A procedure/), { target: { files: [procedure] } });

  it.each([
    [steps, 'UNVERIFIABLE', 'Not checked: step UNS-05, without any record.'],
    [steps.slice(0, 1), 'UNVERIFIABLE', 'Every step left a record.'],
    [
      steps.with(0, {
        ...(steps[0] as (typeof steps)[number]),
        log: ['trail.opened', 'shard.unwrapped', 'shard.verified'],
      }),
      'FAILED',
      'Step UNS-04 lacks its record shard.verified',
    ],
    [steps.slice(1), 'FAILED', 'Record 12: shard.unwrapped is not what step UNS-04 logs'],
  ])('is held against the records, as the command line does', async (list, title, line) => {
    const procedure = given(list);
    const { steps: found } = await check(
      { files: [file(text, 't.jsonl')], head: '', procedure },
      () => undefined,
    );
    const counter = new StepCounter(list as never);
    const folder = mkdtempSync(path.join(tmpdir(), 'steps-'));
    writeFileSync(path.join(folder, 't.jsonl'), text);
    verifyFiles([path.join(folder, 't.jsonl')], { onEvent: (event) => counter.add(event) });
    rmSync(folder, { recursive: true });
    expect(found).toEqual(counter.result());

    render(<AuditVerifier worker="audit-worker.js" />);
    choose(procedure);
    verifyOnPage([file(text, 'trail.jsonl')]);
    await waitFor(() => screen.getByText(title));
    expect(screen.getByText(line)).toBeTruthy();
  });

  it.each([
    ['what is no JSON', new File(['{'], 'notes.json')],
    ['another JSON', new File(['{"steps":[]}'], 'notes.json')],
    ['an action that the list lacks', given([{ ...steps[0], log: ['shard.unwraped'] }], 'notes.json')],
  ])('is refused when it is %s', async (_what, procedure) => {
    render(<AuditVerifier worker="audit-worker.js" />);
    choose(procedure);
    verifyOnPage([file(text, 'trail.jsonl')]);
    await waitFor(() => screen.getByText('notes.json: is not an exported procedure'));
  });
});

describe('the form', () => {
  it('says that a trail is sound, and shows its head', async () => {
    render(<AuditVerifier worker="audit-worker.js" />);
    verifyOnPage([file(text, 'trail.jsonl')], head);
    await waitFor(() => screen.getByText('VERIFIED'));
    expect(screen.getByText(`Head: ${head}`)).toBeTruthy();
    expect(document.querySelector('pre')?.textContent).toBe(headWords(last.digest).join('\n'));
  });

  it('calls a trail without its end no more than sound as far as it goes', async () => {
    render(<AuditVerifier worker="audit-worker.js" />);
    const cut = text.trimEnd().split('\n').slice(0, -1).join('\n');
    verifyOnPage([file(`${cut}\n`, 'trail.jsonl')]);
    await waitFor(() => screen.getByText('UNVERIFIABLE'));
    expect(screen.queryByText('VERIFIED')).toBeNull();
    screen.getByText('Not checked: whether records were cut off at the end, because no head was given.');
    expect(document.querySelector('.sound')).toBeNull();
    expect(document.querySelector('.partly')).toBeTruthy();
  });

  it('names the first bad line', async () => {
    render(<AuditVerifier worker="audit-worker.js" />);
    verifyOnPage([file(text.replace('"minutes":3', '"minutes":4'), 'trail.jsonl')]);
    await waitFor(() => screen.getByText('FAILED'));
    expect(screen.getByText(/^FAILED: trail\.jsonl:3: edit: /)).toBeTruthy();
  });

  it.each([
    [[], '', 'Choose at least one file.'],
    [[file(text, 'trail.jsonl')], 'nonsense', /^the head is neither/],
  ])('refuses what it cannot work with', async (files, given, message) => {
    render(<AuditVerifier worker="audit-worker.js" />);
    verifyOnPage(files, given);
    await waitFor(() => screen.getByText(message));
  });

  it('works through a worker, and without one that fails to load', async () => {
    const verdict = verifyFilesOfText();
    class Fake {
      onmessage: ((event: { data: unknown }) => void) | undefined;
      onerror: ((event: { preventDefault(): void }) => void) | undefined;
      constructor(readonly address: string) {}
      terminate() {}
      postMessage() {
        queueMicrotask(() => {
          if (this.address === 'missing.js') return this.onerror?.({ preventDefault() {} });
          this.onmessage?.({ data: { progress: 10 } });
          this.onmessage?.({ data: { checked: { verdict } } });
        });
      }
    }
    vi.stubGlobal('Worker', Fake);
    for (const address of ['worker.js', 'missing.js']) {
      render(<AuditVerifier worker={address} />);
      verifyOnPage([file(text, 'trail.jsonl')]);
      await waitFor(() => screen.getByText('UNVERIFIABLE'));
      for (const line of judge(verdict).lines) expect(screen.getByText(line)).toBeTruthy();
      cleanup();
    }
  });

  it('says on the server what to do without scripts', () => {
    expect(renderToString(<AuditVerifier worker="audit-worker.js" />)).toContain('sss audit verify TRAIL');
  });
});

function verifyFilesOfText() {
  const folder = mkdtempSync(path.join(tmpdir(), 'one-'));
  const at = path.join(folder, 'trail.jsonl');
  writeFileSync(at, text);
  const verdict = verifyFiles([at]);
  rmSync(folder, { recursive: true });
  return verdict;
}
