/** Every command that the README names, and who runs it whole: a suite of `npm test`, a part of CI, or a test of `tests/commands/`. */

/** Its words as they stand in the README → a suite of `npm test`, a group of its suites, `.ci/run`, its part `image`, or the test here that has it as its title. */
export const COMMANDS: Readonly<Record<string, 'suite' | 'group' | 'ci' | 'image' | 'test'>> = {
  'npm start': 'test',
  'npm test': 'ci',
  'npm test -- deployment': 'group',
  'npm run build': 'suite',
  'npm run check': 'test',
  'npm run check unseal': 'test',
  'npm run generate': 'test',
  'npm run test:watch': 'test',
  'npm run tabletop': 'suite',
  'npm run tabletop -- list': 'test',
  'npm run tabletop -- fixture': 'test',
  'npm run tabletop -- room': 'image',
  'npm run image': 'image',
  'npm run adopt': 'test',
  'npm run adopt -- --help': 'test',
  'npm run dev': 'test',
  'npm run print': 'test',
  'npm run print -- --link': 'test',
  'npm run weigh': 'test',
  'npm run kit': 'test',
  'npm run kit -- --help': 'test',
  'npm run evidence': 'test',
  'npm run evidence -- --period 2026-Q4': 'test',
  'npm run editions': 'test',
  'npm run upgrade-check -- HEAD': 'test',
  'npm run upgrade-check -- HEAD --notes': 'test',
  'npm run bench': 'test',
  'npm run bench -- image': 'image',
  'npm run bench -- tests': 'test',
  'npx sss --help': 'test',
};

/**
 * Commands of a README: lines of its text blocks, and code in its prose and tables that begins with npm or npx. In a row of
 * a table, code that begins with `--` goes on with the command of the row.
 */
export function commandsOf(markdown: string): string[] {
  const found = new Set<string>();
  const blocks = markdown.matchAll(/^```\w*\n([\s\S]*?)^```$/gm);
  for (const [, block = ''] of blocks)
    for (const line of block.split('\n')) {
      const command = /^(np[mx] .*?)(?:\s{2,}.*)?$/.exec(line)?.[1];
      if (command !== undefined) found.add(command);
    }
  const prose = markdown.replace(/^```\w*\n[\s\S]*?^```$/gm, '');
  for (const line of prose.split('\n')) {
    let last = '';
    for (const [, code = ''] of line.matchAll(/`([^`]+)`/g)) {
      if (/^np[mx] /.test(code)) last = code;
      const isMore = code.startsWith('-- ') && line.startsWith('|') && last !== '';
      if (/^np[mx] /.test(code)) found.add(code);
      else if (isMore) found.add(`${last} ${code}`);
    }
  }
  return [...found];
}
