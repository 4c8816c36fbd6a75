/** The commands that never hold a MasterKey: bundled apart, so that the file that does stays short enough to read. */
import type { Command, CoreCommand } from './command';
import { inspect } from './commands/inspect';
import { locate } from './commands/locate';
import { manifest } from './commands/manifest';
import { preflight } from './commands/preflight';
import { retire } from './commands/retire';
import { scan } from './commands/scan';
import { selftest } from './commands/selftest';
import { sessionKey } from './commands/session-key';
import { sheet } from './commands/sheet';
import { verify } from './commands/verify';
import { wrapShard } from './commands/wrap';
import { explained } from './prose';

/** In the order of the help text. A new command that handles no MasterKey is registered here and nowhere else. */
const DESK: readonly Command[] = [
  selftest,
  inspect,
  verify,
  sessionKey,
  wrapShard,
  locate,
  retire,
  sheet,
  scan,
  manifest,
  preflight,
];

/** The commands that handle keys, each with its explanation, and those of this file. */
export const withDesk = (core: readonly CoreCommand[]): readonly Command[] => [
  ...core.map(explained),
  ...DESK,
];
