/** No command of the README goes unrun: each is in the list of those that a suite, CI or a test runs whole. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMANDS, commandsOf } from './commands/readme';

const read = (file: string) => readFileSync(file, 'utf8');
const by = (who: string) => Object.keys(COMMANDS).filter((command) => COMMANDS[command] === who);

test('commands are read from blocks, from prose and from tables with what goes on there', () => {
  const text =
    'Say `npm run a` and `ls`.\n\n```text\nnpm start     installs\nnpm run b -- --c x   does\n  npx no\n```\n\n| `npx d` | does; `-- --help` helps, `-- e` too |\n\n`-- --f`\n';
  expect(commandsOf(text)).toEqual([
    'npm start',
    'npm run b -- --c x',
    'npm run a',
    'npx d',
    'npx d -- --help',
    'npx d -- e',
  ]);
});

test('the README names the commands that are listed as run, and no other', () => {
  expect(commandsOf(read('README.md')).sort()).toEqual(Object.keys(COMMANDS).sort());
});

test('each of them is run where the list says', () => {
  const tests = read('tests/commands/commands.test.ts');
  const titled = (command: string) => new RegExp(`\\btest\\(\\s*'${command}',`).test(tests);
  expect(by('test').filter((command) => !titled(command))).toEqual([]);
  const suites = read('scripts/test.ts');
  for (const command of by('suite'))
    expect(suites).toContain(`shown('npm', 'run', '--silent', '${command.replace('npm run ', '')}')`);
  for (const command of by('group')) {
    const name = command.replace('npm test -- ', '');
    const members = new RegExp(`^  ${name}: \\[(.*)\\],$`, 'm').exec(suites)?.[1]?.match(/[a-z]+/g) ?? [];
    expect(members.length).toBeGreaterThan(0);
    for (const member of members) expect(suites).toContain(`name: '${member}'`);
  }
  const ci = read('scripts/ci.ts');
  expect(by('ci')).toEqual(['npm test']);
  expect(ci).toContain("['npm', 'test', '--silent']");
  for (const command of by('image')) expect(ci).toContain(`npm('${command}'`);
  expect(by('image').length).toBeGreaterThan(0);
  expect(ci).toMatch(/const PARTS = \[.*'image'.*\]/);
  // The tests here are a part of CI, and CI runs every part.
  expect(ci).toMatch(/const PARTS = \[.*'commands'.*\]/);
  expect(read('.ci/run')).toMatch(/tsx scripts\/ci\.ts <\/dev\/null$/m);
});

test('every script of package.json is named in the README, or is the start of another', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = Object.keys(COMMANDS).join('\n');
  const missing = Object.keys(scripts).filter((name) => !new RegExp(`npm (run )?${name}\\b`).test(named));
  // `setup` is what start, dev and test begin with.
  expect(missing).toEqual(['setup']);
});
