/** From the text of `deployment.yaml` to a checked Deployment. Every problem is reported with its line; nothing is repaired. */
import { checkDeployment } from './checks';
import { type Deployment, resolveDeployment } from './deployment';
import { withChanges } from './mend';
import { InvalidInput, type Problem } from './problem';
import { type DeploymentFile, deploymentSchema } from './schema';
import { describeIssue, foundAt, withoutEchoes } from './schema-problems';
import { readYaml, type YamlFile } from './yaml';

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/**
 * Parses and checks the deployment. `file` only names the source in messages.
 * Throws InvalidInput with all problems: the first YAML error, else schema errors, else broken rules.
 */
export function parseDeployment(text: string, file: string): Deployment {
  const source = readYaml(text, file);
  return checkedDeployment(source.value, source, file);
}

/** The same for a value that was read from `source`, or made from what was. Throws as `parseDeployment` does. */
export function checkedDeployment(
  value: unknown,
  { lineOf, nodeAt }: Pick<YamlFile, 'lineOf' | 'nodeAt'>,
  file: string,
): Deployment {
  const refuse = (message: string) => new InvalidInput([{ file, line: 1, rule: 'SCHEMA', message }]);
  if (value === null || value === undefined)
    throw refuse('is empty; wanted the fields of a deployment, as in the example of the README');
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw refuse(`wanted the fields of a deployment; found ${foundAt(nodeAt([]), value)}`);
  }
  const providerAt = (path: readonly PropertyKey[]) => valueAt(value, [...path.slice(0, 2), 'provider']);
  const parsed = deploymentSchema.safeParse(value);
  if (!parsed.success) {
    throw new InvalidInput(
      withoutEchoes(parsed.error.issues, providerAt).map((issue): Problem => {
        const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
        const found = valueAt(value, issue.path);
        const message = describeIssue(issue, nodeAt(issue.path), found, providerAt(issue.path));
        return { file, line: lineOf(path), rule: 'SCHEMA', message };
      }),
    );
  }

  const deployment = resolveDeployment(parsed.data as DeploymentFile);
  const findings = withChanges(deployment, checkDeployment(deployment));
  if (findings.length > 0) {
    throw new InvalidInput(
      findings.map(({ rule, message, path }) => ({ file, line: lineOf(path), rule, message })),
    );
  }
  return deployment;
}
