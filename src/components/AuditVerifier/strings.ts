/** Every text of the verifier, in one place. */
export const strings = {
  region: 'Verify an audit trail',
  needsScript:
    'This page verifies with a script, and scripts are off. Use the command: sss audit verify TRAIL.',
  files: 'Files of the trail',
  filesHelp: 'All files of one trail, in any order. They are read here and sent nowhere.',
  head: 'A head that you were given (optional)',
  headHelp:
    'SEQUENCE:DIGEST, 64 hexadecimal digits, 32 words, or the whole print. Without one, a cut at the end goes unnoticed.',
  procedure: 'A procedure (optional)',
  procedureHelp:
    'procedure-….json of the evidence pack: also names its steps without their records, and the reverse.',
  verify: 'Verify',
  noFile: 'Choose at least one file.',
  working: (read: number, all: number) =>
    `Reading: ${Math.round(read / 1e6)} of ${Math.max(1, Math.round(all / 1e6))} MB`,
  wordsTitle: 'The head as words',
} as const;
