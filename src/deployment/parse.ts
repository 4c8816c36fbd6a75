/** From the text of `deployment.yaml` to a checked Deployment. Every problem is reported with its line; nothing is repaired. */
import { isNode, LineCounter, parseDocument } from 'yaml';
import { checkDeployment } from './checks';
import { type Deployment, resolveDeployment } from './deployment';
import { shown } from './names';
import { InvalidInput, type Problem } from './problem';
import { type DeploymentFile, deploymentSchema } from './schema';
import { describeIssue, foundAt, withoutEchoes } from './schema-problems';
import { readYaml } from './yaml';

/** Where a library's message goes on with what it did, or with the text that it read. */
const firstSentence = (message: string): string => {
  const [line = ''] = message.split('\n');
  return shown(line.replace(/ at line \d+, column \d+:?$/, '').slice(0, 160)).slice(1, -1);
};

/** Sets of aliases that a file of this kind can need; a few lines of them can stand for gigabytes. */
const maximumAliases = 100;

/**
 * Parses and checks the deployment. `file` only names the source in messages.
 * Throws InvalidInput with all problems: the first YAML error, else schema errors, else broken rules.
 */
export function parseDeployment(text: string, file: string): Deployment {
  // Refuses what would cost too much to parse.
  readYaml(text, file);
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const refuse = (rule: string, message: string, line = 1) =>
    new InvalidInput([{ file, line, rule, message }]);
  // What follows a mistake in the notation is mostly a consequence of it.
  const [wrong] = [...document.errors, ...document.warnings];
  if (wrong !== undefined) {
    const message = `is not YAML: ${firstSentence(wrong.message)}`;
    throw refuse('YAML', message, counter.linePos(wrong.pos[0]).line);
  }
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return counter.linePos(node.range[0]).line;
    }
    return 1;
  };

  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: maximumAliases });
  } catch (error) {
    throw refuse('YAML', `is not YAML that can be read: ${firstSentence((error as Error).message)}`);
  }
  if (value === null || value === undefined)
    throw refuse('SCHEMA', 'is empty; wanted the fields of a deployment, as in the example of the README');
  if (typeof value !== 'object' || Array.isArray(value)) {
    const node = isNode(document.contents) ? document.contents : undefined;
    throw refuse('SCHEMA', `wanted the fields of a deployment; found ${foundAt(node, value)}`);
  }
  const providerAt = (path: readonly PropertyKey[]) => document.getIn([...path.slice(0, 2), 'provider']);
  const parsed = deploymentSchema.safeParse(value);
  if (!parsed.success) {
    throw new InvalidInput(
      withoutEchoes(parsed.error.issues, providerAt).map((issue): Problem => {
        const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
        const node = document.getIn(issue.path, true);
        const found = issue.path.reduce<unknown>(
          (at, key) => (typeof at === 'object' && at !== null ? (at as never)[key] : undefined),
          value,
        );
        const message = describeIssue(issue, isNode(node) ? node : undefined, found, providerAt(issue.path));
        return { file, line: lineOf(path), rule: 'SCHEMA', message };
      }),
    );
  }

  const deployment = resolveDeployment(parsed.data as DeploymentFile);
  const findings = checkDeployment(deployment);
  if (findings.length > 0) {
    throw new InvalidInput(
      findings.map(({ rule, message, path }) => ({ file, line: lineOf(path), rule, message })),
    );
  }
  return deployment;
}
