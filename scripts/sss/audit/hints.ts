/** What a writer of a record can do about a refusal: the option that is missing, or the action that was meant. */
import { ACTIONS } from '../../../src/audit/actions';
import { distance } from '../../../src/deployment/edit-distance';

/** Listed actions that an unknown one may have meant: nearly the same letters, or else the same noun. */
export function meant(action: string): string[] {
  const names = Object.keys(ACTIONS);
  const near = names
    .map((name) => ({ name, far: distance(action.slice(0, 60), name) }))
    .filter(({ far }) => far <= 3)
    .sort((a, b) => a.far - b.far)
    .map(({ name }) => name);
  if (near.length > 0) return near.slice(0, 3);
  return names.filter((name) => name.startsWith(`${action.split('.')[0]}.`));
}

const OPTIONS: readonly (readonly [about: string, hint: string])[] = [
  ['a second person is named', '--witness and --witness-role name the second person.'],
  ['stand together', '--witness and --witness-role are given together.'],
  ['has a `reason`', '--reason says why.'],
  ['on a shard names', '--key, --generation and --shard say which one.'],
  ['on a set names', '--key and --generation say which one.'],
  ['on a key names', '--key and --key-version say which one.'],
  ['on a provider key names', '--provider says which one.'],
  [
    'wanted UTC with milliseconds',
    'Convert a local time to UTC; second 60, a leap second, is written as 59.999. Leave --time out for now.',
  ],
  [
    'the clock went back',
    'A record that is entered later comes after those that are there: leave --time out, and tell the time of the act in --detail.',
  ],
];

/** The hint for a refusal; empty where there is none. */
export function hintFor(message: string, action: string): string {
  if (message.includes('not in the list of actions')) {
    const names = meant(action);
    const nearest = names.length > 0 ? `Nearest: ${names.join(', ')}. ` : '';
    return `${nearest}The list is the page Actions of the audit trail.`;
  }
  return OPTIONS.find(([about]) => message.includes(about))?.[1] ?? '';
}
