/**
 * Stand-in for the service's own command: it takes the three commands of deployment.yaml to the letter, and nothing else.
 * The service unwraps with a key that never leaves it, refuses a MasterKey that does not open its records, and answers a
 * request by opening one.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadCommand } from '../../../src/deployment/service';
import { Exit, type Outcome, type Shell } from '../exit';
import { decryptOaep, publicPem } from '../rsa';
import { answers, opensRecord, type ServiceState, serviceState } from './state';

const shown = (stdout: string): Outcome => ({ code: 0, stdout, stderr: '' });

/** The file that a command line names where `load` has its place for one; undefined for another command. */
function fileOf({ commands }: ServiceState, words: readonly string[]): string | undefined {
  const wanted = commands.load.split(' ').slice(1);
  const at = wanted.findIndex((word) => word.includes('{file}'));
  const [before = '', after = ''] = (wanted[at] ?? '').split('{file}');
  const word = words[at];
  if (word === undefined || !word.startsWith(before) || !word.endsWith(after)) return undefined;
  const file = word.slice(before.length, word.length - after.length);
  const whole = [...wanted.slice(0, at), word, ...wanted.slice(at + 1)];
  return file !== '' && whole.join(' ') === words.join(' ') ? file : undefined;
}

function load(world: string, state: ServiceState, file: string, { cwd }: Shell): Outcome {
  const fail = (message: string) => new Exit(1, `${state.program}: ${message}\n`);
  let wrapped: Buffer;
  try {
    wrapped = readFileSync(resolve(cwd, file));
  } catch (error) {
    throw fail(`${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
  const key = decryptOaep(state.importKey, 'sha256', wrapped);
  if (key === undefined) throw fail(`${file}: not wrapped for this import key; still sealed`);
  if (!opensRecord(state, key)) throw fail(`${file}: not the key of these records; still sealed`);
  serviceState.save(world, { ...state, memory: key.toString('base64') });
  return shown('');
}

/** Runs one command line of the service of a world. */
export function service(world: string, words: readonly string[], shell: Shell): Outcome {
  const state = serviceState.load(world);
  if (state === undefined) throw new Exit(69, 'this world has no service\n');
  const { commands, program } = state;
  const said = [program, ...words].join(' ');
  if (said === commands.showImportKey) return shown(publicPem(state.importKey));
  if (said === commands.check) {
    if (answers(world)) return shown(`${commands.answer}\n`);
    throw new Exit(1, `${program}: sealed\n`);
  }
  const file = fileOf(state, words);
  if (file !== undefined) return load(world, state, file, shell);
  const known = [commands.showImportKey, loadCommand(commands, 'FILE'), commands.check];
  throw new Exit(2, `${program}: unknown command; known: ${known.join(', ')}\n`);
}
