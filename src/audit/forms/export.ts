/** From the filled form to the Ceremony Log that `sss audit compare` reads: initials become people, clock times become UTC. */
import type { CeremonyLog } from '../ceremony-log';
import type { FilledForm } from './filled';

type Row = Readonly<Record<string, string>>;

function rows(filled: FilledForm, section: string): readonly Row[] {
  const found = filled.sections[section];
  return Array.isArray(found) ? found : [];
}

function fields(filled: FilledForm, section: string): Row {
  const found = filled.sections[section];
  return found === undefined || Array.isArray(found) ? {} : (found as Row);
}

/**
 * Makes the log. Times before the one above belong to the next day, so a ceremony may pass midnight.
 * Throws RangeError with the first thing that is missing or does not fit.
 */
export function ceremonyLogOf(filled: FilledForm, page: string): CeremonyLog {
  const { mode, date } = fields(filled, 'ceremony');
  if (mode !== 'real' && mode !== 'exercise')
    throw new RangeError('Ceremony: say whether it is real or an exercise');
  if (date === undefined) throw new RangeError('Ceremony: the date is missing');
  const commit = /^[0-9a-f]{7,40}/.exec(filled.runbook.commit)?.[0];
  if (commit === undefined) throw new RangeError('this copy of the runbook does not know its commit');

  const people = rows(filled, 'people').filter(({ person }) => person !== undefined);
  const initials = new Map<string, string>();
  for (const { person = '', initials: letters } of people) {
    if (letters === undefined) continue;
    if (initials.has(letters)) throw new RangeError(`People: the initials ${letters} belong to two people`);
    initials.set(letters, person);
  }
  const personOf = (letters: string, where: string): string => {
    const person = initials.get(letters);
    if (person === undefined)
      throw new RangeError(`${where}: the initials ${letters} belong to nobody under People`);
    return person;
  };
  const signed = new Map(rows(filled, 'attestations').map((row) => [row.person, row.statement]));

  let day = Date.parse(`${date}T00:00:00Z`);
  let last = '';
  const moment = (clock: string): string => {
    if (clock < last) day += 86_400_000;
    last = clock;
    return `${new Date(day).toISOString().slice(0, 10)}T${clock}:00Z`;
  };
  const { manifest } = fields(filled, 'values');
  return {
    format: 'mks-ceremony-log/1',
    page,
    release: { version: filled.runbook.version, commit },
    mode,
    participants: people.map(({ person = '', roles = '' }) => {
      const statement = signed.get(person);
      return {
        person,
        roles: roles.split(/[\s,]+/).filter(Boolean),
        signed: statement === 'agree' || statement === 'do not agree' ? statement : 'absent',
      };
    }),
    steps: rows(filled, 'steps').map(({ step: id = '', time, by, witness, note }) => ({
      id,
      ...(time === undefined ? {} : { time: moment(time) }),
      ...(by === undefined ? {} : { by: personOf(by, id) }),
      ...(witness === undefined ? {} : { witness: personOf(witness, id) }),
      ...(time === undefined && note !== undefined ? { skipped: note } : {}),
    })),
    exceptions: rows(filled, 'exceptions').map(
      ({ step = '', expected = '', happened = '', decided = '', by }) => {
        if (by === undefined) throw new RangeError(`Exceptions: ${step || 'a row'}: who decided is missing`);
        return { step, expected, happened, decided, by: personOf(by, 'Exceptions') };
      },
    ),
    ...(manifest === undefined ? {} : { manifestSha256: manifest }),
  };
}
