/** Reads a `<Step>` of a page: its attributes, the sentence, and the one command or act. */
import type { MdxJsxFlowElement } from 'mdast-util-mdx-jsx';
import { toString as plainText } from 'mdast-util-to-string';
import type { Place } from '../text/source';
import { type PlaceKind, placeKinds } from '../vocabulary/places';
import { actorProblem } from './actor';
import { type Fence, isUnexecuted, readCommand, readFence } from './read-command';
import type { Reading } from './reading';
import { recordProblems } from './records';
import { type Command, readStepAttributes, type Step, stepAttributes } from './step';

/** Elements that would hide a part of a step, or put a second one into it. */
const foreign = ['Step', 'details', 'Tabs'];

function givenAttributes(reading: Reading, node: MdxJsxFlowElement): Record<string, string> {
  const place = reading.placeOf(node);
  const given: Record<string, string> = {};
  for (const attribute of node.attributes) {
    if (attribute.type !== 'mdxJsxAttribute' || typeof attribute.value !== 'string') {
      reading.report(place, 'STEP', 'attributes of a step are plain text: name="value"');
    } else if (!(stepAttributes as readonly string[]).includes(attribute.name)) {
      const known = stepAttributes.join(', ');
      reading.report(place, 'STEP', `unknown attribute "${attribute.name}"; known: ${known}`);
    } else {
      given[attribute.name] = attribute.value;
    }
  }
  return given;
}

interface Body {
  readonly text: string;
  readonly runs: readonly Fence[];
  readonly outputs: readonly Fence[];
}

function readBody(reading: Reading, node: MdxJsxFlowElement, id: string): Body {
  const [runs, outputs, text]: [Fence[], Fence[], string[]] = [[], [], []];
  const wrong = (place: Place, rule: string, message: string) =>
    reading.report(place, rule, `step ${id}: ${message}`);
  for (const child of node.children) {
    if (child.type !== 'code') {
      const place = reading.placeOf(child);
      if (child.type === 'heading') wrong(place, 'STEP', 'a heading inside a step');
      if (child.type === 'mdxJsxFlowElement' && foreign.includes(child.name ?? '')) {
        wrong(place, 'STEP', `<${child.name}> inside a step; a step is one action, all of it visible`);
      }
      text.push(plainText(child));
      continue;
    }
    const fence = readFence(reading, child);
    if (!fence) continue;
    const { meta, place, language } = fence;
    if (meta.step !== undefined) {
      if (meta.step !== id) wrong(place, 'FENCE', `step=${meta.step} stands here`);
      if (!['bash', 'sql'].includes(language)) wrong(place, 'FENCE', `language "${language}"; wanted bash`);
      runs.push(fence);
    } else if (meta.output !== undefined) {
      if (meta.output !== id) wrong(place, 'FENCE', `output=${meta.output} stands here`);
      if (runs.length === 0) wrong(place, 'FENCE', 'the output stands before any command');
      outputs.push(fence);
    } else if (isUnexecuted(fence)) {
      wrong(place, 'FENCE', `a ${language} fence without step=${id} or noexec="reason"`);
    }
  }
  return { text: text.join('\n\n').trim(), runs, outputs };
}

/** A step is one action: exactly one command or one act, and a sentence that says it. */
function checkOneAction(
  reading: Reading,
  place: Place,
  id: string,
  { text, runs, outputs }: Body,
  act: Step['act'],
): void {
  const wrong = (where: Place, message: string) => reading.report(where, 'STEP', `step ${id}: ${message}`);
  if (runs[1]) wrong(runs[1].place, 'two commands; a step is one action');
  const second = outputs.slice(1).find(({ meta }) => meta.fault === undefined);
  if (second) wrong(second.place, 'two output fences');
  if (text === '') wrong(place, 'lacks the sentence that says what to do');
  if (runs.length > 0 && act) wrong(place, `has a command and act="${act}"; wanted one`);
  if (runs.length === 0 && !act) {
    wrong(place, `has neither a command (a fence with step=${id}) nor an act="…" of people`);
  }
}

/** When the steps in `<IfLost>`, `<IfDown>` and `<IfUp>` are done, and where those in `<At>`. */
export interface Within {
  readonly lost?: number;
  readonly down?: string;
  readonly up?: string;
  readonly place?: PlaceKind;
}

/**
 * Reads a step; undefined, with the problems noted, when its attributes break the contract. `within` says what
 * of `<IfLost>`, `<IfDown>`, `<IfUp>` and `<At>` is around it, `section` the heading above it, `home` where the page is.
 */
export function readStep(
  reading: Reading,
  node: MdxJsxFlowElement,
  section: string,
  { place: around, ...within }: Within,
  home?: PlaceKind,
): Step | undefined {
  const place = reading.placeOf(node);
  const given = givenAttributes(reading, node);
  const id = given.id ?? '(without id)';
  const body = readBody(reading, node, id);
  const [run] = body.runs;
  const command: Command | undefined = run && readCommand(reading, id, run, body.outputs);
  const attributes = readStepAttributes(given, around ?? home);
  if (Array.isArray(attributes)) {
    for (const message of attributes) reading.report(place, 'STEP', `step ${id}: ${message}`);
    return undefined;
  }
  checkOneAction(reading, place, id, body, attributes.act);
  const actor = body.text === '' ? undefined : actorProblem(body.text, attributes.by);
  if (actor) reading.report(place, 'STEP', `step ${id}: ${actor}`);
  const writing = { ...attributes, isAct: attributes.act !== undefined };
  for (const message of recordProblems(body.text, writing))
    reading.report(place, 'RECORD', `step ${id}: ${message}`);
  return {
    ...attributes,
    // Inside <IfLost> a partial's own shard is the lost one: it belongs to no quorum.
    ...(within.lost === undefined ? {} : { shard: undefined }),
    ...within,
    ...place,
    command,
    text: body.text,
    section,
  };
}

const conditions: Readonly<Record<string, { name: string; pattern: RegExp; wanted: string }>> = {
  IfLost: { name: 'shard', pattern: /^[1-9]\d{0,2}$/, wanted: 'the number of a shard' },
  IfDown: { name: 'region', pattern: /^[a-z0-9-]+:\S+$/, wanted: 'the id of a region' },
  IfUp: { name: 'region', pattern: /^[a-z0-9-]+:\S+$/, wanted: 'the id of a region' },
  At: {
    name: 'place',
    pattern: new RegExp(`^(?:${placeKinds.join('|')})$`),
    wanted: placeKinds.join(' or '),
  },
};

/**
 * `<IfLost shard="2">`: the steps in it are done when shard 2 is the lost one. `<IfDown region="aws-kms:us-east-1">` and
 * `<IfUp …>`: while that region is down, or is not. `<At place="workstation">`: there, unless a step says otherwise. Undefined
 * for every other element.
 */
export function readWithin(reading: Reading, node: MdxJsxFlowElement): Within | undefined {
  const { name, pattern, wanted } = conditions[node.name ?? ''] ?? {};
  if (name === undefined || pattern === undefined) return undefined;
  const [attribute, ...more] = node.attributes;
  const named = attribute?.type === 'mdxJsxAttribute' && attribute.name === name;
  const value = named ? String(attribute.value) : '';
  if (more.length > 0 || !pattern.test(value))
    reading.report(
      reading.placeOf(node),
      'STEP',
      `<${node.name}>: wanted ${name}="…" with ${wanted}, and nothing else`,
    );
  if (node.name === 'At') return { place: value as PlaceKind };
  if (node.name === 'IfLost') return { lost: Number(value) };
  return node.name === 'IfDown' ? { down: value } : { up: value };
}
