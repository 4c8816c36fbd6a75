/** Mutants: every one applies, differs and is unique; the operators make the mistakes that they name. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyMutant,
  type MutationOperator,
  mutantsOf,
  mutationOperators,
} from '../../../scripts/tabletop/mutation/mutate';
import { optionsOf, splitCommands } from '../../../scripts/tabletop/shell/shell-lines';
import { loadDeployment } from '../../../src/deployment/load';
import { compilePage } from '../../../src/procedure/compile';
import { loadProcedures } from '../../../src/procedure/load';
import { exampleDeployment } from '../../example';

const deployment = loadDeployment(exampleDeployment);

const page = (steps: string) => `---
title: A page for the mutants
description: A page that has just enough steps for the operators to work on.
kind: how-to
owner: recovery-lead
reviewed: 2026-01-05
prefix: TST
starts: []
ends: []
drill:
  world: fixture
  quorum: none
  expect: completed
---

${steps}`;

const step = (
  id: string,
  command: string,
  output: string,
  more = '',
) => `<Step id="${id}" by="recovery-operator" witness="internal-witness" log="registry.read" minutes="1"
  undo="Nothing to undo."${more}>

**Recovery operator:** do it.

\`\`\`bash title="Do it" step=${id}
${command}
\`\`\`

\`\`\`text title="You should see" output=${id}
${output}
\`\`\`

</Step>
`;

const file = 'docs/emergency/test.mdx';

function mutate(steps: string) {
  const text = page(steps);
  const procedure = compilePage(file, text, deployment, () => undefined);
  const mutants = mutantsOf(new Map([[file, text]]), [procedure]);
  return { text, mutants, procedure };
}

/** What an operator makes of a command: the lines in place of it. */
function changed(operator: MutationOperator, command: string, output = 'ok'): (string | undefined)[] {
  const { mutants } = mutate(step('TST-01', command, output));
  return mutants.filter((mutant) => mutant.operator === operator).map(({ after }) => after);
}

describe('splitCommands', () => {
  const split = (text: string) => {
    const lines = text.split('\n');
    return splitCommands(lines).map(({ first, last }) => lines.slice(first, last + 1).join('\n'));
  };

  it.each([
    ['a\nb', ['a', 'b']],
    ['a \\\n  b\nc', ['a \\\n  b', 'c']],
    ['a |\n  b &&\n  c\nd', ['a |\n  b &&\n  c', 'd']],
    ["psql <<'SQL'\nSELECT \"x\n  AND 1;\nSQL\nb", ["psql <<'SQL'\nSELECT \"x\n  AND 1;\nSQL", 'b']],
    ['a "x\ny" \'z\n\'\nb', ['a "x\ny" \'z\n\'', 'b']],
    ['x=$(a\nb)\nc', ['x=$(a\nb)', 'c']],
    ['if a; then\n  b\nfi\nc', ['if a; then\n  b\nfi', 'c']],
    ['for f in *; do\n  b "$f"; done\nc', ['for f in *; do\n  b "$f"; done', 'c']],
    ['f() {\n  a\n}\nf', ['f() {\n  a\n}', 'f']],
    ['# note\na # it\'s "\nb', ['# note\na # it\'s "', 'b']],
    ["a '# no' \\\n--b\n\nc", ["a '# no' \\\n--b", '\nc']],
    ['a <<<"x"\nb', ['a <<<"x"', 'b']],
    ['a "$(b \'c\')" \\"\nd', ['a "$(b \'c\')" \\"', 'd']],
  ])('divides %j', (text, wanted) => {
    expect(split(text)).toEqual(wanted);
  });

  it('gives every line to exactly one command, whatever the text', () => {
    const line = fc.constantFrom(
      'a',
      'b \\',
      '"',
      "'",
      '(',
      ')',
      'if x; then',
      'fi',
      'cat <<E',
      'E',
      '',
      '# c',
      'x |',
      '{',
      '}',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const covered = splitCommands(lines).flatMap(({ first, last }) =>
          Array.from({ length: last - first + 1 }, (_, i) => first + i),
        );
        expect(covered).toEqual(lines.map((_, index) => index));
      }),
    );
  });
});

describe('optionsOf', () => {
  const texts = (line: string) =>
    optionsOf(line).map(({ start, end, valueEnd }) => [
      line.slice(start, end),
      line.slice(end, valueEnd).trim(),
    ]);

  it('finds options and what may be their values', () => {
    expect(
      texts('aws kms decrypt --region us-east-1 --key-id alias/{{shard.alias}} --output text > a-b.bin'),
    ).toEqual([
      ['--region', 'us-east-1'],
      ['--key-id', 'alias/{{shard.alias}}'],
      ['--output', 'text'],
    ]);
    expect(texts('vault write -field=plaintext a/b ciphertext=@x')).toEqual([['-field=plaintext', '']]);
    expect(texts(`printf '--no %s' "$(base64 --wrap=0 -d shard.bin)" --holder 'shard 1: --x' "a b"`)).toEqual(
      [
        ['--wrap=0', ''],
        ['-d', 'shard.bin'],
        ['--holder', "'shard 1: --x'"],
      ],
    );
    expect(texts('a --login | b --quiet \\')).toEqual([
      ['--login', ''],
      ['--quiet', ''],
    ]);
  });
});

describe('operators', () => {
  it('delete options, with and without the word that follows', () => {
    expect(changed('option-deleted', 'sss verify --manifest manifest.json --all a.txt')).toEqual([
      'sss verify --all a.txt',
      'sss verify --manifest manifest.json',
    ]);
    expect(changed('switch-deleted', 'sss verify --manifest manifest.json --all a.txt --level high')).toEqual(
      [
        'sss verify manifest.json --all a.txt --level high',
        'sss verify --manifest manifest.json a.txt --level high',
      ],
    );
  });

  it('delete and swap commands, never a part of one', () => {
    const command = "a \\\n  --b\ncat <<'SQL'\nSELECT;\nSQL\nc";
    expect(changed('command-deleted', command)).toEqual([undefined, undefined, undefined]);
    expect(changed('commands-swapped', command)).toEqual([
      "cat <<'SQL'\nSELECT;\nSQL\na \\\n  --b",
      "c\ncat <<'SQL'\nSELECT;\nSQL",
    ]);
  });

  it('change numbers, values, regions, providers, files and redirections', () => {
    expect(changed('number-changed', 'a --n 9 SHA_256 x1 sha256sum 007')).toEqual([
      'a --n 10 SHA_256 x1 sha256sum 007',
      'a --n 9 SHA_257 x1 sha256sum 007',
      'a --n 9 SHA_256 x1 sha256sum 008',
    ]);
    expect(changed('value-changed', 'a {{key.name}} --n {{key.threshold}}')).toEqual([
      'a {{key.name}}x --n {{key.threshold}}',
      'a {{key.name}} --n {{key.threshold}}0',
    ]);
    expect(changed('region-changed', 'tool x --region us-east-1')).toEqual(['tool x --region eu-north-1']);
    expect(changed('provider-changed', 'x | vault y')).toEqual(['x | pkcs11-tool y']);
    expect(changed('file-changed', 'cp a.txt b.txt >c.bin')).toEqual([
      'cp b.txt b.txt >c.bin',
      'cp a.txt a.txt >c.bin',
      'cp a.txt b.txt >a.txt',
    ]);
    expect(changed('redirection-changed', 'a > b; c >> d; e 2>&1; f >(g); h 2>i; j <k')).toEqual([
      'a >> b; c >> d; e 2>&1; f >(g); h 2>i; j <k',
      'a > b; c > d; e 2>&1; f >(g); h 2>i; j <k',
    ]);
  });

  it('change and delete what the reader should see', () => {
    expect(changed('output-line-changed', 'a', 'x 9\n...\nlast')).toEqual(['x 10', 'lastx']);
    expect(changed('output-line-deleted', 'a', 'x\n...\nlast')).toHaveLength(3);
    const { text, mutants } = mutate(step('TST-01', 'a', 'x\ny'));
    const gone = mutants.find(({ operator }) => operator === 'output-deleted');
    expect(gone?.before).toBe('```text title="You should see" output=TST-01\nx\ny\n```');
    expect(gone && applyMutant(text, gone)).not.toContain('You should see');
  });

  it('delete and swap steps, and swap roles', () => {
    const first = step('TST-01', 'a', 'x');
    const second = step('TST-02', 'b', 'y');
    const { text, mutants } = mutate(`${first}\n${second}`);
    const apply = (operator: MutationOperator) =>
      mutants.filter((mutant) => mutant.operator === operator).map((mutant) => applyMutant(text, mutant));
    expect(apply('step-deleted')).toEqual([page(`\n${second}`), page(`${first}\n`)]);
    expect(apply('steps-swapped')).toEqual([page(`${second}\n${first}`)]);
    const roles = apply('roles-swapped');
    expect(roles).toHaveLength(2);
    expect(roles[0]).toContain('<Step id="TST-01" by="internal-witness" witness="recovery-operator"');
    expect(roles[0]).toContain('<Step id="TST-02" by="recovery-operator" witness="internal-witness"');
    expect(mutants.filter(({ subject }) => subject === 'contract')).toHaveLength(2);
  });

  it('are all used', () => {
    const all = mutate(
      `${step('TST-01', 'az --region us-east-1 --n 1 {{key.name}} --f a.txt > b.txt\nb', 'x')}\n${step('TST-02', 'c', 'y')}`,
    );
    const carried = 'place="registry" crosses="b.json" to="air-gapped"';
    const placed = mutate(step('TST-01', 'c > b.json', 'y').replace(' minutes=', ` ${carried} minutes=`));
    const operators = [...all.mutants, ...placed.mutants].map(({ operator }) => operator);
    expect([...new Set(operators)].sort()).toEqual(Object.keys(mutationOperators).sort());
  });

  it('keep the id of a mutant when the page moves', () => {
    const steps = step('TST-01', 'a --n 1\nb > c', 'x 9\ny');
    const { mutants } = mutate(steps);
    expect(mutate(`A paragraph.\n\nAnother.\n\n${steps}`).mutants.map(({ id }) => id)).toEqual(
      mutants.map(({ id }) => id),
    );
  });

  it('refuse a page that is not the one', () => {
    const { text, mutants } = mutate(step('TST-01', 'a --n 1', 'x'));
    expect(() =>
      applyMutant(
        text.replace('a --n 1', 'a --n 3'),
        mutants.find(({ operator }) => operator === 'number-changed') as never,
      ),
    ).toThrow(RangeError);
    expect(() => mutantsOf(new Map(), [compilePage(file, text, deployment, () => undefined)])).toThrow(
      'the text of docs/emergency/test.mdx is missing',
    );
  });
});

describe('the pages of this repository', () => {
  const procedures = loadProcedures('.', deployment);
  const files = new Set(procedures.flatMap(({ lines }) => lines.map((line) => line.file)));
  const texts = new Map([...files].map((name) => [name, readFileSync(name, 'utf8')]));
  const mutants = mutantsOf(texts, procedures);

  it('are divided into commands that bash can read', () => {
    const commands = procedures.flatMap(({ steps }) =>
      steps.flatMap(({ command }) => {
        const lines = command?.lines.map((line) => line.text) ?? [];
        return splitCommands(lines).map(({ first, last }) => lines.slice(first, last + 1).join('\n'));
      }),
    );
    expect(commands.length).toBeGreaterThan(20);
    // Each in a function of its own: a part of a command would not parse.
    const script = [...new Set(commands)].map((command, index) => `f${index}() {\n${command}\n}`).join('\n');
    expect(spawnSync('bash', ['-n'], { input: script }).stderr.toString()).toBe('');
  });

  it('give mutants that all apply, differ, and have ids of their own', () => {
    expect(mutants.length).toBeGreaterThan(200);
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
    for (const mutant of mutants) {
      const text = texts.get(mutant.file) ?? '';
      expect(applyMutant(text, mutant), mutant.id).not.toBe(text);
    }
  });

  it('give the same mutants every time, one of each kind of the commands at least', () => {
    expect(mutantsOf(texts, procedures)).toEqual(mutants);
    const operators = new Set(mutants.map(({ operator }) => operator));
    // A page without places has none to change.
    const ofPlaces = procedures.some(({ page: { place } }) => place !== undefined)
      ? []
      : ['place-changed', 'crossing-changed'];
    expect(
      Object.keys(mutationOperators).filter((operator) => !operators.has(operator as MutationOperator)),
    ).toEqual(ofPlaces);
  });
});
