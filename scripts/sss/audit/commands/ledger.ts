/** `sss audit ledger`: who has ever held which shard of which generation, one by one and together. */
import { exposureLedger, heldTogether, type LedgerLine } from '../../../../src/audit/ledger';
import { loadDeployment } from '../../../../src/deployment/load';
import { type Command, EXIT, printable, usageError } from '../../command';
import { orFileError } from './custody';

const shardsOf = (shards: readonly number[]) =>
  `${shards.length === 1 ? 'shard' : 'shards'} ${shards.join(', ')}`;

const lineOf = ({ person, generation, shards, as, left }: LedgerLine) =>
  `${person}: generation ${generation}: ${shardsOf(shards)}, as ${as.join(' and ')}; may come to hold ${left} more`;

export const ledger: Command = {
  name: 'audit ledger',
  summary: 'tell who has ever held which shard, alone and together',
  files: { name: 'DEPLOYMENT', min: 1, max: 1, help: 'The deployment file (YAML).' },
  options: [
    {
      name: 'person',
      value: 'ID',
      repeat: true,
      help: 'Only these people, and what they have held together. Can be given more than once.',
    },
  ],
  details: [
    'What somebody once held counts forever (PCI PIN 21-2.4). A deployment in which one person reaches M is refused.',
    'The exit code is 1 when the people given reach M together.',
  ],
  example: {
    command: 'sss audit ledger --person ana --person bruno deployment.yaml',
    output:
      'ana: generation 1: shard 1, as custodian; may come to hold 1 more\n…\nTogether: generation 1: shards 1, 2: below 3.',
  },
  async run(args) {
    const file = args.files[0] as string;
    const deployment = orFileError(() => loadDeployment(file), 'the deployment is not valid');
    const { threshold } = deployment.key;
    const all = exposureLedger(deployment);
    const people = args.list('person');
    const unknown = people.find((id) => !deployment.people.some((person) => person.id === id));
    if (unknown !== undefined)
      throw usageError(
        `--person: ${printable(unknown)} is not among the people of the deployment`,
        `They are ${deployment.people.map(({ id }) => id).join(', ')}.`,
      );
    const shown = people.length === 0 ? all : all.filter(({ person }) => people.includes(person));
    const together = people.length === 0 ? [] : heldTogether(all, people);
    const without = people.filter((id) => !all.some(({ person }) => person === id));
    const lines = [
      ...shown.map(lineOf),
      ...without.map((id) => `${id}: has never held a shard`),
      ...together.map(
        ({ generation, shards }) =>
          `Together: generation ${generation}: ${shardsOf(shards)}: ${shards.length < threshold ? `below ${threshold}` : `reaches ${threshold}`}.`,
      ),
      ...(people.length === 0 ? [`Nobody reaches ${threshold}.`] : []),
    ];
    const reached = together.some(({ shards }) => shards.length >= threshold);
    return {
      lines,
      json: { threshold, ledger: shown, together },
      exit: reached ? EXIT.refused : EXIT.ok,
    };
  },
};
