/** Questions about people and who holds what. */
import { assignedRoleIds, assignedRoles } from '../../src/deployment/roles';
import { type Answers, at, type Path } from './answers';
import { type Person, peopleIn, shapeIn, shardsIn } from './partial';
import { fewestIn, proposed } from './propose';
import { by, done, idFor, type Question, shapes } from './question';

export function personQuestion(answers: Answers): Question | undefined {
  const people = peopleIn(answers);
  const fewest = fewestIn(answers);
  const outside = people.some(({ organization }) => organization !== undefined);
  const enough = people.length >= 2 && outside;
  if (done(answers, 'people') && enough) return undefined;
  const { shape } = shapes.people.element;
  return {
    path: ['people', people.length],
    ask: `Person ${people.length + 1}: name, or name @ organization`,
    help:
      people.length > 0
        ? ''
        : `Everybody who has a part. For these shards the rules need at least ${fewest} people in all, one of whom is of another organization (the external witness, EXT-1): write that one as "Name @ Organization". An empty line ends the list.`,
    ...(enough && people.length >= fewest ? { otherwise: { shown: 'no more', value: undefined } } : {}),
    read: (text) => {
      if (text === '')
        return {
          fault: outside
            ? `${people.length} people are too few: the rules need ${fewest} for these shards, as who acts may not watch and nobody may reach M shards`
            : 'wanted one person of another organization, as "Name @ Organization": the external witness (EXT-1)',
        };
      const [name = '', organization] = text.split(/ @ /).map((part) => part.trim());
      for (const value of [name, ...(organization === undefined ? [] : [organization])]) {
        const read = by(shape.name, value);
        if ('fault' in read) return read;
      }
      if (organization === at(answers, ['organization']))
        return {
          fault: 'wanted another organization than yours after the @; leave it out for your own people',
        };
      const same = people.find((person) => person.name === name);
      if (same) return { fault: `"${name}" is there already, as ${same.id}` };
      const person: Person = {
        id: idFor(
          name,
          people.map(({ id }) => id),
          'person',
        ),
        name,
      };
      return { value: organization === undefined ? person : { ...person, organization } };
    },
  };
}

/** A question for people: ids or names, one or several. */
function whoQuestion(answers: Answers, path: Path, ask: string, help: string, listed: boolean): Question {
  const people = peopleIn(answers);
  const suggested = proposed(answers, path);
  return {
    path,
    ask,
    help,
    people: true,
    ...(suggested === undefined
      ? {}
      : { otherwise: { shown: suggested.join(', '), value: listed ? suggested : suggested[0] } }),
    read: (text) => {
      const words = text
        .split(',')
        .map((word) => word.trim())
        .filter(Boolean);
      const ids = words.map((word) => people.find(({ id, name }) => id === word || name === word)?.id);
      const missing = ids.indexOf(undefined);
      if (missing >= 0)
        return {
          fault: `"${words[missing]}" is nobody of the list; known: ${people.map(({ id }) => id).join(', ')}`,
        };
      if (words.length === 0)
        return {
          fault: `wanted ${listed ? 'one or more people' : 'one person'}; known: ${people.map(({ id }) => id).join(', ')}`,
        };
      if (!listed && ids.length > 1) return { fault: 'wanted one person' };
      return { value: listed ? [...new Set(ids)] : ids[0] };
    },
  };
}

export function postQuestion(answers: Answers): Question | undefined {
  for (const [index, shard] of shardsIn(answers).entries()) {
    const place = `Shard ${index + 1}, ${shard.provider}`;
    const asked: [string, string, string][] = [
      ['custodian', 'custodian', 'Answers for the shard.'],
      ['alternate', 'alternate', 'Stands in for the custodian, and is another person (MN-4).'],
      shard.provider === 'paper'
        ? [
            'safeControllers',
            'controllers of its safe',
            'Two who open the safe together (TWO-3), neither of whom holds the shard (SOD-15).',
          ]
        : [
            'administrators',
            'administrators of its key',
            'May change the key and not unwrap: not a recovery operator (SOD-9), not custodian or alternate of this shard (SOD-16).',
          ],
    ];
    for (const [name, what, help] of asked)
      if (!(name in shard))
        return whoQuestion(
          answers,
          ['shards', index, name],
          `${place}: ${what}`,
          index === 0 || !['custodian', 'alternate'].includes(name) ? help : '',
          !['custodian', 'alternate'].includes(name),
        );
  }
  for (const role of assignedRoleIds)
    if (at(answers, ['roles', role]) === undefined)
      return whoQuestion(answers, ['roles', role], role, assignedRoles[role], true);
  const paper = shapeIn(answers).shards.some(({ kind }) => kind === 'paper');
  return paper || at(answers, ['roles', 'safe-controller']) !== undefined
    ? undefined
    : whoQuestion(
        answers,
        ['roles', 'safe-controller'],
        'safe-controller',
        'Two who open the safes of kit and exports (REF-3).',
        true,
      );
}
