/** `sss audit custody`: which shards are healthy, due, overdue or lost, from the deployment and the attestations file. */
import { type Attestations, parseAttestations } from '../../../../src/audit/attestations';
import { custodyCalendar } from '../../../../src/audit/calendar';
import { type CustodyHealth, custodyHealth } from '../../../../src/audit/custody';
import { DUTIES, isStray } from '../../../../src/audit/duties';
import type { Deployment } from '../../../../src/deployment/deployment';
import { loadDeployment } from '../../../../src/deployment/load';
import { InvalidInput } from '../../../../src/deployment/problem';
import { type Command, EXIT, fileError, printable, usageError } from '../../command';
import { readText, writeNewFile } from '../../files';

const LIMIT = 1 << 20;

/** The first problem of a file as the one line of an error. */
export function orFileError<T>(read: () => T, wrong: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidInput) throw fileError(error.message.split('\n')[0] ?? wrong);
    throw error;
  }
}

function readDeployment(file: string): Deployment {
  return orFileError(() => loadDeployment(file), 'the deployment is not valid');
}

function readAttestations(file: string, deployment: Deployment): Attestations {
  const text = readText(file, LIMIT, 'an attestations file');
  return orFileError(
    () => parseAttestations(text, printable(file), deployment),
    'the attestations are not valid',
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
    'The exit code is 1 when anything is overdue, lost or not as expected, and while the entries are examples.',
  ],
  example: {
    command: 'sss audit custody --today 2026-11-23 attestations.yaml',
    output: 'On 2026-11-23: 5 of 5 shards healthy, 3 needed, 2 to spare. State GREEN.\n…',
  },
  async run(args) {
    const file = args.files[0] as string;
    const deployment = readDeployment(args.get('deployment') ?? 'deployment.yaml');
    const { attestations, example } = readAttestations(file, deployment);
    let health: CustodyHealth;
    try {
      health = custodyHealth(
        deployment,
        // Examples are of the example deployment, and some are about shards that are not there.
        attestations.filter((entry) => !isStray(entry, deployment)),
        args.get('today') ?? new Date().toISOString().slice(0, 10),
      );
    } catch (error) {
      if (error instanceof RangeError) throw usageError(error.message);
      throw error;
    }
    const calendar = args.get('calendar');
    if (calendar !== undefined) {
      writeNewFile(
        calendar,
        new TextEncoder().encode(custodyCalendar(health.duties, deployment.key.name, health.today)),
      );
    }
    const { counts } = health;
    const bad = counts.overdue + counts.lost + counts['not-as-expected'] + counts.never;
    if (example) {
      // A job that runs this must not be silent because somebody else's dates are good.
      const line = `Example entries attest nothing: H is not known. Remove "example: true" from ${printable(file)} once the entries are yours.`;
      return { lines: [line], json: { example, today: health.today }, exit: EXIT.refused };
    }
    return {
      lines: summary(health),
      json: { ...health, example: false },
      exit: bad > 0 ? EXIT.refused : EXIT.ok,
    };
  },
};
