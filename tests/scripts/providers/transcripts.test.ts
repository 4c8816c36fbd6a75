/** Stand-ins answer as the real tools did when they were recorded: every release of which there is a transcript. */
import { expect, test } from 'vitest';
import { makeSandbox } from './sandbox';
import { scripts } from './scripts';
import { play, transcriptsOf } from './transcripts';

const recorded = Object.entries(scripts).flatMap(([name, { script }]) =>
  transcriptsOf(name).map((transcript) => [`${name}: ${transcript.version}`, script, transcript] as const),
);

test('each script has been recorded', () => {
  expect(Object.keys(scripts).filter((name) => transcriptsOf(name).length === 0)).toEqual([]);
});

test.each(recorded)('%s', async (_, script, { entries }) => {
  const sandbox = makeSandbox(script.held);
  try {
    const env = script.env?.(sandbox.seeded) ?? {};
    const played = await play(script, sandbox, (line) => sandbox.run(line, { env }));
    expect(played.map(({ name, line }) => [name, line])).toEqual(
      entries.map(({ name, line }) => [name, line]),
    );
    for (const [index, entry] of entries.entries()) expect(played[index], entry.name).toEqual(entry);
  } finally {
    sandbox.remove();
  }
});
