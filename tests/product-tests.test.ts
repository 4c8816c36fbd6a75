/** Tests of the product never read the deployment at the root: in a fork it is another one, and they must say the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { expect, it } from 'vitest';

/** Checks of the deployment at the root: they hold for every valid one. */
const ofThisDeployment = ['site/', 'adoption/'];

/** How the root's deployment, or its TEST set, is reached. */
const reads = [
  /loadDeployment\(\s*(?:join\([^)]*|path\.(?:join|resolve)\([^)]*)?['"](?:\.\/)?deployment\.yaml['"]/,
  /readFileSync\(\s*(?:join\((?:root|project|ROOT|'\.'), )?['"]deployment\.yaml['"]/,
  /readSetting\(\s*(?:resolve\(__dirname|project|root|'\.')/,
  /(?<!exampleRoot\(\), )['"](?:\.\.\/)*tests\/fixtures\/tabletop\/(?!README)/,
  /cpSync\(join\((?:project|root), 'deployment\.yaml'\)/,
];

const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(sep).join('/'))
  .filter((file) => /\.tsx?$/.test(file) && !ofThisDeployment.some((folder) => file.startsWith(folder)))
  .filter((file) => file !== 'product-tests.test.ts');

it('tells a test that reads it', () => {
  for (const line of [
    "loadDeployment('deployment.yaml')",
    "loadDeployment(join(root, 'deployment.yaml'))",
    "loadDeployment(path.resolve('deployment.yaml'))",
    "readFileSync('deployment.yaml', 'utf8')",
    "readSetting(resolve(__dirname, '../../..'))",
    "const safes = 'tests/fixtures/tabletop/world/safes';",
  ])
    expect(reads.some((pattern) => pattern.test(line))).toBe(true);
});

it('is read by none of them', () => {
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) => {
    const text = readFileSync(join(__dirname, file), 'utf8');
    return text
      .split('\n')
      .flatMap((line, index) =>
        reads.some((pattern) => pattern.test(line)) ? [`tests/${file}:${index + 1}: ${line.trim()}`] : [],
      );
  });
  expect(found).toEqual([]);
});
