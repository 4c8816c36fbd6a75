/** `sss audit reconcile`: holds exports of the providers' own logs against the trail, in both directions. */
import path from 'node:path';
import { parsePeriod } from '../../../../src/audit/period';
import { readProviderLog } from '../../../../src/audit/provider-logs/read';
import { concerns, reconcile, type TrailRecord } from '../../../../src/audit/reconcile';
import { judge, unchecked } from '../../../../src/audit/verdict';
import { type Command, refusal, usageError } from '../../command';
import { readLimited } from '../../files';
import { verifyFiles } from '../trail-file';
import { anchorOf, EXIT_OF } from './verify';

const LOG_BYTES = 1 << 26;
const MINUTE = 60_000;

export const reconcileLogs: Command = {
  name: 'audit reconcile',
  summary: 'compare the providers’ own logs with the trail',
  files: { name: 'TRAIL…', min: 1, max: 10_000, help: 'The files of one trail, in any order.' },
  options: [
    {
      name: 'log',
      value: 'FILE',
      required: true,
      repeat: true,
      help: 'An export: CloudTrail, Google Cloud audit log, Azure Key Vault AuditEvent, Vault audit log, PostgreSQL log.',
    },
    { name: 'period', value: 'PERIOD', help: 'Compare this period only, such as 2026-Q4, day by day.' },
    {
      name: 'key',
      value: 'TEXT',
      repeat: true,
      help: 'Part of the name of a wrapping key; unwraps with other keys are left out.',
    },
    {
      name: 'minutes',
      value: 'N',
      help: 'How far entry and record may lie apart where no request id ties them; 15 by default.',
    },
    { name: 'head', value: 'HEAD', help: 'A head of the trail from elsewhere.' },
  ],
  details: [
    'Every unwrap, and every reading and writing of the registry, must have its record in the trail, and every such record its entry. The format of a log is told by its members. Entries that are not understood are findings.',
    'UNVERIFIABLE, which is no pass: without a log of a provider that the trail names, without a period or a head, or with days without any entry.',
  ],
  example: {
    command:
      'sss audit reconcile --period 2026-Q4 --head 12:9f3a… --log cloudtrail.json --log vault.log trail.jsonl',
    output: 'VERIFIED: 4 uses in the logs, 4 records, 4 matched.',
  },
  async run(args) {
    const minutes = args.has('minutes') ? args.number('minutes', 0, 1440) : 15;
    const period = args.get('period');
    let asked: ReturnType<typeof parsePeriod> | undefined;
    try {
      asked = period === undefined ? undefined : parsePeriod(period);
    } catch (error) {
      throw usageError(`--period: ${(error as Error).message}`);
    }
    const anchor = anchorOf(args.get('head'));
    const records: TrailRecord[] = [];
    const verdict = verifyFiles(args.files, {
      ...(anchor && { anchor }),
      onEvent: (event) => {
        if (concerns(event)) records.push(event);
      },
    });
    if (!verdict.ok) throw refusal(judge(verdict).lines[0] ?? verdict.kind, 'The trail must be sound first.');
    const logs = args.list('log').map((file) => {
      const text = new TextDecoder().decode(readLimited(file, LOG_BYTES, 'a log'));
      return readProviderLog(text, path.basename(file));
    });
    const keys = args.list('key');
    const left = unchecked(verdict);
    const found = reconcile({ logs, records, period: asked, tolerance: minutes * MINUTE, keys, left });
    const { standing, findings, matched } = found;
    return {
      lines: [...found.lines],
      json: { standing, matched, findings, unchecked: found.unchecked },
      exit: EXIT_OF[standing],
    };
  },
};
