/** `npm run adopt`: asks an adopter for the deployment, or takes the answers from a file, and writes `deployment.yaml` with comments. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { attestationsFile } from '../../src/audit/load-attestations';
import { fictionalNotice } from '../../src/deployment/fictional';
import { checkedDeployment, parseDeployment } from '../../src/deployment/parse';
import { InvalidInput } from '../../src/deployment/problem';
import { type DeploymentFile, deploymentSchema } from '../../src/deployment/schema';
import { readYaml } from '../../src/deployment/yaml';
import { errorLines } from '../common/problems';
import { printError, printOut } from '../common/terminal';
import { type Answers, answersFile, keepAnswers, keptAnswers, readAnswers } from './answers';
import { askAll, type Desk, Stopped, terminalDesk } from './ask';
import { withDefaults, withoutNothing } from './partial';
import { withProposal } from './propose';
import { deploymentText } from './write';

const help = `npm run adopt -- [options]

Asks for your organization, shards, people and roles, and writes deployment.yaml with comments. It tells each rule when an
answer breaks it. Answers are kept in ${answersFile}, which git ignores: stop with Ctrl+C, and go on where you stopped.

  --from FILE    takes the answers from FILE instead: YAML, with the fields of deployment.yaml
  --propose      with --from: fills the people that FILE leaves out, as the rules allow
  --replace      writes over a deployment.yaml that is there
  --root FOLDER  another project: the folder of its deployment.yaml
  --help         this text

Example:
  npm run adopt -- --from answers.yaml --propose --replace
`;

class UsageError extends Error {}

const noAttestations = `# yaml-language-server: $schema=./static/schemas/attestations.schema.json
attestations: []
`;

interface Target {
  readonly root: string;
  /** Whether something that is there may be written over. Called only where something is. */
  readonly mayReplace: (name: string) => Promise<boolean>;
}

function write(file: string, text: string): void {
  writeFileSync(`${file}.draft`, text);
  renameSync(`${file}.draft`, file);
}

/** Writes the file of checked answers, and empties attestations that are those of the example. False where it may not. */
async function finish(file: DeploymentFile, { root, mayReplace }: Target): Promise<boolean> {
  const target = join(root, 'deployment.yaml');
  const text = deploymentText(file);
  // Whatever was asked and checked on the way: the file itself must pass.
  const deployment = parseDeployment(text, 'deployment.yaml');
  if (existsSync(target) && readFileSync(target, 'utf8') !== text && !(await mayReplace('deployment.yaml')))
    return false;
  write(target, text);
  printOut('deployment.yaml: written, and every rule is kept\n');
  const notice = fictionalNotice(deployment);
  if (notice !== undefined) printOut(`deployment.yaml: ${notice}\n`);
  const attested = join(root, attestationsFile);
  if (existsSync(attested)) {
    const { value } = readYaml(readFileSync(attested, 'utf8'), attestationsFile);
    if ((value as Answers | null)?.example === true) {
      write(attested, noAttestations);
      printOut(
        `${attestationsFile}: the entries of the example are out, as nothing of your set was proved yet\n`,
      );
    }
  }
  printOut('next: npm run tabletop -- fixture, then npm test -- deployment\n');
  return true;
}

/** Takes the answers of a file. Throws InvalidInput at their lines. */
async function fromFile(name: string, propose: boolean, target: Target): Promise<number> {
  const { answers, source, shown } = readAnswers(resolve(name));
  const { done: _, ...given } = withDefaults(withoutNothing(answers));
  const whole = propose ? withProposal(given) : given;
  if (whole === undefined) {
    const message =
      'nobody is left for some role, whoever takes which; name more people, or fix fewer of them';
    throw new InvalidInput([{ file: shown, line: source.lineOf(['people']), rule: 'PEOPLE', message }]);
  }
  checkedDeployment(whole, source, shown);
  return (await finish(deploymentSchema.parse(whole) as unknown as DeploymentFile, target)) ? 0 : 1;
}

async function onTerminal(root: string, replace: boolean): Promise<number> {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new UsageError('there is no terminal to ask on; wanted one, or --from FILE');
  const file = join(root, answersFile);
  const begun = keptAnswers(file);
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const desk: Desk = terminalDesk(lines, printOut);
  printOut(
    Object.keys(begun).length === 0
      ? 'Empty takes what is in brackets, < goes back, Ctrl+C stops; the answers are kept.\n'
      : `Going on with the answers of ${answersFile}.\n`,
  );
  try {
    const answers = await askAll(begun, desk, (all) => keepAnswers(file, all));
    const { done: _, ...given } = withDefaults(withoutNothing(answers));
    const mayReplace = async (name: string) =>
      replace || (await desk.line(`\n${name} is there. Type replace to write over it: `)) === 'replace';
    const whole = deploymentSchema.parse(given) as unknown as DeploymentFile;
    if (!(await finish(whole, { root, mayReplace }))) {
      printOut(`Nothing was written. The answers are in ${answersFile}.\n`);
      return 1;
    }
    rmSync(file, { force: true });
    return 0;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    printOut(`\nStopped. The answers are in ${answersFile}; npm run adopt goes on.\n`);
    return 130;
  } finally {
    lines.close();
  }
}

async function main(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      from: { type: 'string' },
      propose: { type: 'boolean', default: false },
      replace: { type: 'boolean', default: false },
      root: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    printOut(help);
    return 0;
  }
  const root = resolve(values.root ?? resolve(__dirname, '../..'));
  if (values.from === undefined) {
    if (values.propose)
      throw new UsageError('--propose is for --from; on a terminal each answer is proposed');
    return onTerminal(root, values.replace);
  }
  const mayReplace = async (name: string) => {
    if (!values.replace)
      throw new UsageError(`${name} is there, and would be written over; wanted --replace`);
    return true;
  };
  return fromFile(values.from, values.propose, { root, mayReplace });
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const invalid = error instanceof InvalidInput;
    printError(errorLines('adopt', error));
    if (!invalid) printError('adopt: hint: npm run adopt -- --help\n');
    process.exitCode = invalid ? 1 : 2;
  },
);
