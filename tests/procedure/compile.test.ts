/** The contract of pages and steps: each broken rule fails the build at its line. */
import { readdirSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { holders } from '../../src/deployment/holders';
import { loadDeployment } from '../../src/deployment/load';
import { InvalidInput } from '../../src/deployment/problem';
import { compilePage } from '../../src/procedure/compile';
import { loadProcedures } from '../../src/procedure/load';
import type { Step } from '../../src/procedure/steps/step';
import { exampleDeployment } from '../example';

const deployment = loadDeployment(exampleDeployment);

const frontMatter = (more = '') => `---
title: A page
description: A page that exists for the tests of the compiler.
kind: how-to
owner: nobody
reviewed: 2026-11-23
prefix: TST
starts: [network]
drill: { world: fixture, quorum: none, expect: completed }
${more}---
`;

const good = `
## Part {#part}

<Step id="TST-01" by="operator" witness="internal-witness" log="incident.opened" minutes="1"
  sets="incident" act="speak" undo="Close it.">

**Operator:** open an incident.

</Step>

<Step id="TST-02" by="operator" witness="internal-witness" log="workspace.prepared" minutes="2"
  requires="incident" undo="Nothing to undo.">

**Operator:** print {{key.threshold}}.

\`\`\`bash title="Print" step=TST-02
printf '%s\\n' {{key.threshold}}
\`\`\`

\`\`\`text title="You should see" output=TST-02
{{key.threshold}}
\`\`\`

</Step>
`;

const compile = (text: string) => compilePage('docs/test.mdx', text, deployment, () => undefined);

function problemsOf(text: string): string[] {
  try {
    compile(text);
  } catch (error) {
    if (error instanceof InvalidInput) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('a good page', () => {
  const procedure = compile(frontMatter() + good);

  it('gives steps with their places, in page order', () => {
    expect(procedure.steps.map(({ id, line, section }) => ({ id, line, section }))).toEqual([
      { id: 'TST-01', line: 14, section: 'Part' },
      { id: 'TST-02', line: 21, section: 'Part' },
    ]);
  });
  it('gives the command and the output that the reader sees', () => {
    const { command } = procedure.steps[1] ?? {};
    expect(command?.lines).toEqual([{ text: "printf '%s\\n' 3", file: 'docs/test.mdx', line: 27 }]);
    expect(command?.expected.map((line) => line.text)).toEqual(['3']);
    expect(procedure.blocks.map((block) => block.text)).toEqual(["printf '%s\\n' 3", '3']);
  });
});

describe('the step contract', () => {
  test.each<[string, (text: string) => string, RegExp]>([
    [
      'a missing witness',
      (t) => t.replace(' witness="internal-witness"', ''),
      /:14: STEP: step TST-01: lacks witness/,
    ],
    [
      'one role for both',
      (t) => t.replace('witness="internal-witness"', 'witness="operator"'),
      /by and witness are both "operator"/,
    ],
    [
      'an unknown role',
      (t) => t.replace('by="operator"', 'by="boss"'),
      /by="boss" is unknown; known: ceremony-master/,
    ],
    ['no event', (t) => t.replace('log="incident.opened"', 'log=""'), /lacks log/],
    [
      'an unknown event',
      (t) => t.replace('incident.opened', 'incident.closedd'),
      /log="incident.closedd" is no action/,
    ],
    ['no time', (t) => t.replace(' minutes="1"', ''), /minutes="": wanted 1 to 999/],
    [
      'no way back',
      (t) => t.replace(' undo="Close it."', ''),
      /has none of undo, compensate and irreversible/,
    ],
    [
      'two ways back',
      (t) => t.replace('undo="Close it."', 'undo="Close it." compensate="Another."'),
      /has undo and compensate/,
    ],
    [
      'no gate before an irreversible act',
      (t) => t.replace('undo="Close it."', 'irreversible="Gone."'),
      /irreversible and lacks its gate/,
    ],
    [
      'a gate that is not set',
      (t) => t.replace('undo="Close it."', 'irreversible="Gone." gate="wrapped"'),
      /WORLD: .*its gate "wrapped"/,
    ],
    [
      'a fact that nobody set',
      (t) => t.replace('requires="incident"', 'requires="manifest"'),
      /WORLD: step TST-02: requires "manifest"/,
    ],
    [
      'an unknown fact',
      (t) => t.replace('requires="incident"', 'requires="coffee"'),
      /requires="coffee" is unknown/,
    ],
    [
      'an unknown attribute',
      (t) => t.replace('minutes="1"', 'minutes="1" minuets="1"'),
      /unknown attribute "minuets"/,
    ],
    ['neither act nor command', (t) => t.replace(' act="speak"', ''), /neither a command .* nor an act/],
    [
      'act and command',
      (t) => t.replace('requires="incident" undo', 'requires="incident" act="speak" undo'),
      /has a command and act="speak"/,
    ],
    ['nothing to do', (t) => t.replace('**Operator:** open an incident.', ''), /lacks the sentence/],
    [
      'a malformed id',
      (t) => t.replace('id="TST-01"', 'id="TST-1"'),
      /id="TST-1": wanted three capital letters/,
    ],
    ['an id of another page', (t) => t.replace('id="TST-01"', 'id="ABC-01"'), /wanted the page’s prefix TST/],
    ['an id used twice', (t) => t.replaceAll('TST-02', 'TST-01'), /TST-01 is already at docs\/test.mdx:14/],
    ['a gap in the ids', (t) => t.replaceAll('TST-02', 'TST-03'), /step TST-02 is missing/],
    [
      'ids that do not ascend',
      (t) => t.replaceAll('TST-02', 'TST-99').replaceAll('TST-01', 'TST-02').replaceAll('TST-99', 'TST-01'),
      /step TST-01 stands after TST-02; steps are done in the order of their numbers/,
    ],
  ])('refuses %s', (_, change, message) => {
    expect(problemsOf(frontMatter() + change(good)).join('\n')).toMatch(message);
  });

  it('knows retired ids and never takes one again', () => {
    expect(problemsOf(frontMatter('retired: [TST-02]\n') + good.replaceAll('TST-02', 'TST-03'))).toEqual([]);
    expect(problemsOf(frontMatter('retired: [TST-02]\n') + good).join()).toMatch(/TST-02 is retired/);
  });
});

describe('fences', () => {
  test.each<[string, (text: string) => string, RegExp]>([
    [
      'a shell fence outside a step',
      (t) => `${t}\n\`\`\`bash\nrm -rf /\n\`\`\`\n`,
      /a bash fence that is not executed/,
    ],
    [
      'a shell fence without step= in a step',
      (t) => t.replace('step=TST-02', ''),
      /a bash fence without step=TST-02/,
    ],
    [
      'another step’s fence',
      (t) => t.replace('step=TST-02', 'step=TST-09'),
      /step TST-02: step=TST-09 stands here/,
    ],
    [
      'two commands',
      (t) => t.replace('```text', '```bash step=TST-02\ntrue\n```\n\n```text'),
      /two commands/,
    ],
    [
      'a command without output',
      (t) => t.replace(/```text[\s\S]*?```\n/, ''),
      /says nothing of what must be seen/,
    ],
    [
      'output without a command',
      (t) => t.replace(/```bash[\s\S]*?```\n/, ''),
      /output stands before any command/,
    ],
    [
      'output and prints=nothing',
      (t) => t.replace('step=TST-02\nprintf', 'step=TST-02 prints=nothing\nprintf'),
      /prints=nothing, yet there is an output/,
    ],
    [
      'an unknown placeholder',
      (t) => t.replace('output=TST-02\n{{key.threshold}}', 'output=TST-02\n<WHATEVER>'),
      /unknown placeholder <WHATEVER>/,
    ],
    ['an unknown word', (t) => t.replace('step=TST-02', 'step=TST-02 live=1'), /unknown word "live="/],
    ['a prompt', (t) => t.replace('printf', '$ printf'), /a prompt "\$ " cannot be pasted/],
    ['set -e', (t) => t.replace('printf', 'set -e\nprintf'), /would close the operator’s terminal/],
    [
      'psql with a personal setting',
      (t) => t.replace("printf '%s\\n' {{key.threshold}}", 'psql service=x --set ON_ERROR_STOP=1'),
      /psql lacks "--no-psqlrc"/,
    ],
    [
      'aws without a bound',
      (t) => t.replace("printf '%s\\n' {{key.threshold}}", 'aws kms decrypt \\\n  --cli-connect-timeout 5'),
      /aws lacks "--cli-read-timeout 15"/,
    ],
  ])('refuses %s', (_, change, message) => {
    expect(problemsOf(frontMatter() + change(good)).join('\n')).toMatch(message);
  });

  it('takes a fence that says why it is not executed', () => {
    expect(
      problemsOf(`${frontMatter()}${good}\n\`\`\`bash noexec="needs a real account"\naws s3 ls\n\`\`\`\n`),
    ).toEqual([]);
  });
});

describe('the room', () => {
  const step = (id: number, more: string, act = 'speak') => `
<Step id="TST-0${id}" by="operator" witness="internal-witness" log="key.loaded" minutes="1" act="${act}" undo="Undo it." ${more}>

**Operator:** act.

</Step>
`;

  test.each<[string, string, RegExp]>([
    [
      'a key beside the network',
      step(1, 'sets="shard-plaintext manifest"') +
        step(2, 'sets="shard-checked"') +
        step(3, 'sets="key-file"'),
      /leaves "network" and "key-file" together: a combined key must never/,
    ],
    ['plaintext at the end', step(1, 'sets="shard-plaintext"'), /ends with "shard-plaintext"/],
    [
      'a sealed bag that was not filled',
      step(1, 'sets="bags-sealed"'),
      /sets "bags-sealed", which needs "bags-filled"/,
    ],
    ['clearing what does not hold', step(1, 'clears="key-file"'), /clears "key-file", which does not hold/],
    ['a cable that is pulled unsaid', step(1, '', 'network-off'), /act "network-off" must clear "network"/],
  ])('refuses %s', (_, body, message) => {
    expect(problemsOf(frontMatter() + body).join('\n')).toMatch(message);
  });

  it('refuses a promise that no step keeps', () => {
    expect(problemsOf(frontMatter('ends: [key-live]\n') + good).join()).toMatch(
      /promises "key-live" at its end/,
    );
  });
});

describe('front matter', () => {
  test.each([
    ['no front matter', good, /wanted front matter/],
    [
      'a kind that does not exist',
      (frontMatter() + good).replace('kind: how-to', 'kind: poem'),
      /docs\/test.mdx:4: PAGE: kind/,
    ],
    [
      'a date that is none',
      (frontMatter() + good).replace('2026-11-23', 'yesterday'),
      /docs\/test.mdx:6: PAGE: reviewed/,
    ],
    [
      'an emergency that the menu cannot order',
      frontMatter('emergency: true\nsidebar_label: Replace a shard\n') + good,
      /PAGE: emergency: the menu orders emergencies by their id/,
    ],
    ['an emergency that is none', frontMatter('emergency: false\n') + good, /PAGE: emergency/],
    [
      'commands without a drill',
      (frontMatter() + good).replace(/^drill:.*\n/m, ''),
      /has commands, but no drill executes them/,
    ],
  ])('refuses %s', (_, text, message) => {
    expect(problemsOf(text).join('\n')).toMatch(message);
  });

  it('leaves a page about a missing provider with a note only', () => {
    const procedure = compile(frontMatter('applies: "provider=aws-kms region=eu-north-1"\n') + good);
    expect(procedure.applies).toBe(false);
    expect(procedure.steps).toEqual([]);
    expect(procedure.lines.map((line) => line.text).join('\n')).toMatch(/Not part of this deployment/);
  });
});

describe('the pages of this runbook', () => {
  const others = readdirSync('tests/fixtures/deployments').map(
    (name) => `tests/fixtures/deployments/${name}`,
  );
  for (const file of [exampleDeployment, ...others]) {
    it(`compile for ${file}, and leave no step without two people`, () => {
      const deployment = loadDeployment(file);
      const steps = loadProcedures('.', deployment).flatMap((procedure) => procedure.steps);
      expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
      expect(steps.length).toBeGreaterThan(100);
      const held = holders(deployment);
      const people = (role: Step['by']) => [...(held.get(role)?.keys() ?? [])];
      const lonely = steps.filter(
        ({ by, witness }) => !people(by).some((actor) => people(witness).some((other) => other !== actor)),
      );
      expect(lonely.map(({ id, by, witness }) => `${id}: ${by}, ${witness}`)).toEqual([]);
    });
  }
});

describe('a ceremony without paper', () => {
  const pages = loadProcedures('.', loadDeployment('tests/fixtures/deployments/no-paper.yaml'));
  const page = (name: string) => pages.find(({ file }) => file === `docs/ceremony/${name}.mdx`);

  it('has an act for paper that says that it is empty, and no step that prints', () => {
    const script = page('script');
    expect(script?.steps.flatMap(({ log }) => log)).not.toContain('shard.printed');
    expect(script?.lines.map(({ text }) => text)).toContain(
      'No shard goes onto paper: this act has no step.',
    );
  });

  it('brings no bag anywhere', () => {
    expect(page('custody')?.applies).toBe(false);
  });
});

describe('a further output fence', () => {
  const further = (meta: string) =>
    frontMatter() +
    good.replace(
      /<\/Step>\n$/,
      `\`\`\`text title="Or" output=TST-02 ${meta}\nRead timeout\n\`\`\`\n\n</Step>\n`,
    );

  it('says what is seen of another fault', () => {
    const command = compile(further('stream=err fault=hang exit=255')).steps[1]?.command;
    expect(command?.expected.map(({ text }) => text)).toEqual([String(deployment.key.threshold)]);
    expect(command?.exit).toBe(0);
    expect(command?.instead).toMatchObject([
      { fault: 'hang', exit: 255, stream: 'err', expected: [{ text: 'Read timeout', line: 35 }] },
    ]);
  });

  it.each([
    ['', 'two output fences'],
    ['fault=hang', 'wanted fault=… with the name of a fault, and exit=… with a number'],
    ['fault=gone exit=255', 'wanted fault=… with the name of a fault, and exit=… with a number'],
    ['fault=hang exit=255 stream=all', 'wanted out, err or both'],
  ])('is refused with %j', (meta, message) => {
    expect(problemsOf(further(meta))).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
  });
});
