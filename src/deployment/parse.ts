/** From the text of `deployment.yaml` to a checked Deployment. Every problem is reported with its line; nothing is repaired. */
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { checkDeployment } from './checks';
import { type Deployment, resolveDeployment } from './deployment';
import { InvalidInput, type Problem } from './problem';
import { type DeploymentFile, deploymentSchema } from './schema';

/** The value that was found, when it is short and plain enough to be shown. */
function found(value: unknown): string {
  if (typeof value === 'string') return value.length <= 60 ? `; found "${value}"` : '; found a longer text';
  if (typeof value === 'number' || typeof value === 'boolean') return `; found ${value}`;
  return '';
}

function describe(issue: z.core.$ZodIssue, value: unknown): string {
  const where =
    issue.path.length > 0
      ? `${issue.path.map((key) => (typeof key === 'number' ? `${key + 1}.` : String(key))).join(' ')}: `
      : '';
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
    const options =
      'options' in issue && Array.isArray(issue.options) ? `; known: ${issue.options.join(', ')}` : '';
    return `${where}unknown ${issue.discriminator}${options}${found(value)}`;
  }
  return `${where}${issue.message}${found(value)}`;
}

/**
 * Parses and checks the deployment. `file` only names the source in messages.
 * Throws InvalidInput with all problems: YAML errors, else schema errors, else broken rules.
 */
export function parseDeployment(text: string, file: string): Deployment {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new InvalidInput(
      document.errors.map((error) => ({
        file,
        line: counter.linePos(error.pos[0]).line,
        rule: 'YAML',
        message: error.message.split('\n')[0] ?? 'cannot be read',
      })),
    );
  }
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return counter.linePos(node.range[0]).line;
    }
    return 1;
  };

  const parsed = deploymentSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    throw new InvalidInput(
      parsed.error.issues.map((issue): Problem => {
        const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
        return {
          file,
          line: lineOf(path),
          rule: 'SCHEMA',
          message: describe(issue, document.getIn(issue.path)),
        };
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
