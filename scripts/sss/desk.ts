/** The commands that never hold a key: bundled apart, so that the file that does stays short enough to read. */
import type { Command } from './command';
import { inspect } from './commands/inspect';
import { locate } from './commands/locate';
import { manifest } from './commands/manifest';
import { preflight } from './commands/preflight';
import { retire } from './commands/retire';
import { scan } from './commands/scan';
import { selftest } from './commands/selftest';
import { sheet } from './commands/sheet';
import { verify } from './commands/verify';

/** In the order of the help text. A new command that handles no key is registered here and nowhere else. */
export const DESK: readonly Command[] = [
  selftest,
  inspect,
  verify,
  locate,
  retire,
  sheet,
  scan,
  manifest,
  preflight,
];
