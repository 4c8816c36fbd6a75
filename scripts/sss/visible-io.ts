/** The one place where text of `sss` leaves to a terminal: no control character passes, whoever wrote it. */
import { visible } from '../../src/shard/visible';
import type { Io } from './command';

/** The same outputs, through which foreign text (names, logs, arguments) is shown and never acts. */
export function visibleIo(io: Io): Io {
  return {
    ...io,
    out: (text) => io.out(visible(text)),
    err: (text) => io.err(visible(text)),
    ...(io.progress && { progress: (message: string) => io.progress?.(visible(message)) }),
  };
}
