/** `sss audit compare`: one verdict on a finished ceremony, from runbook, Ceremony Log, audit trail and manifest. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { ceremonyLogSchema } from '../../../../src/audit/ceremony-log';
import { judgeComparison } from '../../../../src/audit/cross-check';
import { ofThisPerformance } from '../../../../src/audit/cross-check-trail';
import type { AuditEvent } from '../../../../src/audit/event';
import { procedureSchema } from '../../../../src/audit/procedure';
import { judge, unchecked } from '../../../../src/audit/verdict';
import { otherTimes, verdictPage } from '../../../../src/audit/verdict-page';
import { type Command, refusal } from '../../command';
import { readLimited, readManifest, writeNewFile } from '../../files';
import { readJson } from '../procedure-file';
import { verifyFiles } from '../trail-file';
import { digestOfFile } from './append';
import { anchorOf, EXIT_OF } from './verify';

const LIMIT = 1 << 20;

export const compare: Command = {
  name: 'audit compare',
  summary: 'compare a finished ceremony with runbook, log, trail and manifest',
  files: { name: 'TRAIL…', min: 1, max: 10_000, help: 'The files of one trail, in any order.' },
  options: [
    {
      name: 'procedure',
      value: 'FILE',
      required: true,
      help: 'The procedure as exported with the runbook (procedure-….json).',
    },
    { name: 'log', value: 'FILE', required: true, help: 'The exported Ceremony Log (JSON).' },
    { name: 'manifest', value: 'FILE', help: 'The manifest of the set; check its signature first.' },
    {
      name: 'head',
      value: 'HEAD',
      help: 'A head of the trail from elsewhere: shows that nothing was cut off at its end.',
    },
    { name: 'page', value: 'FILE', help: 'Write the verdict as one page (HTML) to print, sign and file.' },
  ],
  details: [
    'Every step performed, in order, by the right roles, witnessed by a compatible one, with its record in the trail, and every record with its step; digests agree; failures have exception sheets; all took part and signed.',
    'A trail holds every performance of a page. Records more than half a day from the times of the log belong to another one, and are named but not compared.',
    'UNVERIFIABLE, which is no pass: without head or manifest, with an empty log, or with a step skipped without an exception sheet.',
  ],
  example: {
    command:
      'sss audit compare --procedure procedure-ceremony-script.json --log log.json --manifest manifest.json trail.jsonl',
    output: 'VERIFIED: one story: 27 steps, 31 records, 0 exceptions.',
  },
  async run(args, context) {
    const procedure = readJson(args.text('procedure'), procedureSchema, 'an exported procedure');
    const log = readJson(args.text('log'), ceremonyLogSchema, 'a Ceremony Log');
    const events: AuditEvent[] = [];
    const prefixes = new Set(procedure.steps.map(({ id }) => id.slice(0, 3)));
    const anchor = anchorOf(args.get('head'));
    const verdict = verifyFiles(args.files, {
      ...(anchor && { anchor }),
      // A trail of years is long, and few of its records are of this page.
      onEvent: (event) => {
        if (event.digests?.manifest !== undefined || prefixes.has(event.step?.slice(0, 3) ?? ''))
          events.push(event);
      },
    });
    if (!verdict.ok) throw refusal(judge(verdict).lines[0] ?? verdict.kind, 'The trail must be sound first.');
    const list = args.get('manifest');
    const left = unchecked(verdict);
    const input = {
      ...procedure,
      log,
      events,
      ...(list === undefined
        ? {}
        : {
            manifest: readManifest(list, context.test),
            manifestSha256: createHash('sha256')
              .update(readLimited(list, LIMIT, 'a manifest'))
              .digest('hex'),
          }),
    };
    const judged = judgeComparison(input, left);
    const out = args.get('page');
    if (out !== undefined) {
      const files = [
        ['Procedure', args.text('procedure')],
        ['Ceremony Log', args.text('log')],
        ['Manifest', list],
        ...args.files.map((file) => ['Audit trail', file]),
      ].flatMap(([what = '', file]) =>
        file === undefined ? [] : { what, name: path.basename(file), sha256: digestOfFile(file) },
      );
      writeNewFile(out, new TextEncoder().encode(verdictPage(input, files, left)));
    }
    const { others } = ofThisPerformance(input);
    const signed = log.participants.map(
      ({ person, roles, signed: how }) => `${person} (${roles.join(', ')}): ${how}`,
    );
    const lines = [
      ...judged.lines,
      ...log.exceptions.map(
        ({ step, happened, decided, by }) => `Exception at ${step}: ${happened}; ${by} decided: ${decided}`,
      ),
      `Signatures: ${signed.join('; ')}`,
      ...[otherTimes(others) ?? []].flat(),
      ...judged.unchecked,
    ];
    return {
      lines,
      json: {
        standing: judged.standing,
        differences: judged.differences,
        exceptions: log.exceptions,
        notCompared: others,
        unchecked: judged.unchecked,
      },
      exit: EXIT_OF[judged.standing],
    };
  },
};
