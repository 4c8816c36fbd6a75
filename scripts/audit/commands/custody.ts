/** `sss audit custody`: which shards are healthy, due, overdue or lost, from the deployment and the attestations file. */
import { parseDocument } from 'yaml';
import { custodyCalendar } from '../../../src/audit/calendar';
import {
  type Attestation,
  attestationsSchema,
  type CustodyHealth,
  custodyHealth,
  DUTIES,
} from '../../../src/audit/custody';
import type { Deployment } from '../../../src/deployment/deployment';
import { loadDeployment } from '../../../src/deployment/load';
import { InvalidInput } from '../../../src/deployment/problem';
import { type Command, EXIT, fileError, printable, usageError } from '../../sss/command';
import { readText, writeNewFile } from '../../sss/files';

const LIMIT = 1 << 20;

function readDeployment(file: string): Deployment {
  try {
    return loadDeployment(file);
  } catch (error) {
    if (error instanceof InvalidInput)
      throw fileError(error.message.split('\n')[0] ?? 'the deployment is not valid');
    throw error;
  }
}

function readAttestations(file: string): Attestation[] {
  const document = parseDocument(readText(file, LIMIT, 'an attestations file'), { prettyErrors: false });
  if (document.errors.length > 0) throw fileError(`${printable(file)}: is not YAML`);
  const parsed = attestationsSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data.attestations;
  const issue = parsed.error.issues[0];
  const place = typeof issue?.path[1] === 'number' ? `entry ${issue.path[1] + 1}: ` : '';
  throw fileError(
    `${printable(file)}: ${place}${issue?.path.slice(2).join(' ')} ${issue?.message}`.replace(/ +/g, ' '),
  );
}

function summary(health: CustodyHealth): string[] {
  const { counts } = health;
  const missed = health.duties.filter(({ state }) => state !== 'good');
  return [
    `On ${health.today}: ${health.healthy} of ${health.total} shards healthy, ${health.threshold} needed, ${health.healthy - health.threshold} to spare. State ${health.assessment.availability}.`,
    `Duties: ${counts.good} good, ${counts.due} due, ${counts.overdue} overdue, ${counts.lost} lost, ${counts['not-as-expected']} not as expected, ${counts.never} never done.`,
    ...missed.map(
      ({ shard, duty, state, due, last }) =>
        `Shard ${shard}: ${DUTIES[duty].title.toLowerCase()} ${state}, date ${due}, last ${last ?? 'never'}`,
    ),
  ];
}

export const custody: Command = {
  name: 'audit custody',
  summary: 'tell which shards are healthy, due, overdue or lost',
  files: { name: 'ATTESTATIONS', min: 1, max: 1, help: 'The attestations file (YAML).' },
  options: [
    { name: 'deployment', value: 'FILE', help: 'Default: deployment.yaml.' },
    { name: 'today', value: 'DATE', help: 'Day of the report, UTC. Default: today.' },
    { name: 'calendar', value: 'FILE', help: 'Write the next dates as a calendar file (.ics).' },
  ],
  details: [
    'Counts and dates only: the report names no person and no place. A duty that was missed twice in a row makes a shard count as lost.',
    'The exit code is 1 when anything is overdue, lost or not as expected.',
  ],
  example: {
    command: 'sss audit custody --today 2026-11-23 attestations.yaml',
    output: 'On 2026-11-23: 5 of 5 shards healthy, 3 needed, 2 to spare. State GREEN.\n…',
  },
  async run(args) {
    const file = args.files[0] as string;
    const deployment = readDeployment(args.get('deployment') ?? 'deployment.yaml');
    const entries = readAttestations(file);
    let health: CustodyHealth;
    try {
      health = custodyHealth(deployment, entries, args.get('today') ?? new Date().toISOString().slice(0, 10));
    } catch (error) {
      if (error instanceof RangeError) throw usageError(error.message);
      throw error;
    }
    const calendar = args.get('calendar');
    if (calendar !== undefined) {
      writeNewFile(calendar, new TextEncoder().encode(custodyCalendar(health, deployment.key.name)));
    }
    const { counts } = health;
    const bad = counts.overdue + counts.lost + counts['not-as-expected'] + counts.never;
    return { lines: summary(health), json: health, exit: bad > 0 ? EXIT.refused : EXIT.ok };
  },
};
