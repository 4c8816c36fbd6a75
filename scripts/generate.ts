/** `npm run generate`: writes every file of the repository that follows from another: schemas, reference pages, records. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { jsonSchemas } from '../src/deployment/json-schema';
import { loadDeployment } from '../src/deployment/load';
import { loadProcedures } from '../src/procedure/load';
import { generated as auditFiles } from './audit/generate';
import { jsonText } from './common/json';
import { printError, printOut } from './common/terminal';
import { lockFile, readImageLock } from './image/lock';
import { readRecipe } from './image/recipe';
import { imageTablesText, TABLES } from './image/tables';
import { REFERENCE_PAGE, referenceText } from './sss/reference';
import { exerciseList, LIST } from './tabletop/exercise/list';
import { issuedRecords } from './tabletop/plan/issued';
import { resultsJsonSchema } from './tabletop/report/results-schema';

/** Every generated file as it must be, by its path from the root. */
export async function generatedFiles(root: string): Promise<Map<string, string>> {
  const pages = loadProcedures(root, loadDeployment(join(root, 'deployment.yaml')));
  return new Map([
    ...Object.entries(jsonSchemas).map(([name, schema]): [string, string] => [
      `static/schemas/${name}`,
      jsonText(schema()),
    ]),
    ['static/schemas/drill-results.schema.json', jsonText(resultsJsonSchema())],
    ...auditFiles(root),
    [relative(root, REFERENCE_PAGE), await referenceText()],
    [LIST, exerciseList(pages)],
    [TABLES, imageTablesText(readRecipe(root), readImageLock(lockFile(root)))],
    ...issuedRecords(root),
  ]);
}

async function main(words: readonly string[]): Promise<number> {
  const root = resolve(__dirname, '..');
  const [option, ...more] = words;
  if (more.length > 0 || (option !== undefined && option !== '--check')) {
    printError(
      `generate: error: found ${words.join(' ')}\ngenerate: hint: --check writes nothing, and fails where a file is not as it must be\n`,
    );
    return 2;
  }
  const stale = [...(await generatedFiles(root))].filter(([file, text]) => {
    const path = join(root, file);
    return !existsSync(path) || readFileSync(path, 'utf8') !== text;
  });
  for (const [file, text] of stale) {
    if (option === '--check')
      printError(`generate: error: ${file} is not what it follows from; wanted npm run generate\n`);
    else {
      writeFileSync(join(root, file), text);
      printOut(`${file}: written\n`);
    }
  }
  return option === '--check' && stale.length > 0 ? 1 : 0;
}

if (require.main === module)
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
