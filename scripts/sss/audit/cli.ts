/** The commands of `sss audit …`: a table for the dispatcher of `sss`, which checks and runs them like its own. */
import type { Command } from '../command';
import { append } from './commands/append';
import { compare } from './commands/compare';
import { custody } from './commands/custody';
import { ledger } from './commands/ledger';
import { reconcileLogs } from './commands/reconcile';
import { recover } from './commands/recover';
import { rotate } from './commands/rotate';
import { head, verify } from './commands/verify';

/** Every sub-command, in the order of the help text. A new one is registered here and nowhere else. */
export const AUDIT_COMMANDS: readonly Command[] = [
  append,
  verify,
  head,
  rotate,
  recover,
  compare,
  reconcileLogs,
  custody,
  ledger,
];
