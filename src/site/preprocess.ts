/** Docusaurus' hook on the text of a page: the same expansion that the drill compiles. */
import { statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Deployment } from '../deployment/deployment';
import { loadDeployment } from '../deployment/load';
import { preparePage } from '../procedure/prepare';
import { partialReader } from '../procedure/text/load-partial';

let cached: { modified: number; deployment: Deployment } | undefined;

/** The deployment, read again when the file has changed, so that the authoring server follows edits. */
export function currentDeployment(file: string): Deployment {
  const modified = statSync(file).mtimeMs;
  if (cached?.modified !== modified) cached = { modified, deployment: loadDeployment(file) };
  return cached.deployment;
}

/** Makes the preprocessor for a project's root. Only pages below docs/ are touched. */
export function preprocessor(root: string) {
  return ({ filePath, fileContent }: { filePath: string; fileContent: string }): string => {
    const file = relative(root, filePath).split(sep).join('/');
    if (!file.startsWith('docs/')) return fileContent;
    const deployment = currentDeployment(`${root}/deployment.yaml`);
    return preparePage(file, fileContent, deployment, partialReader(root))
      .lines.map((line) => line.text)
      .join('\n');
  };
}
