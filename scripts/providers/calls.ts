/** What a world notes of every call of a tool, so that a drill can say which step ran on which rung. */
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Call {
  readonly tool: string;
  /** 1: a stand-in. 2: the unmodified tool. */
  readonly rung: 1 | 2;
}

const file = (world: string) => join(world, 'calls.jsonl');

/** Adds a call. A world that is not there is no reason to fail: the tool itself will say so. */
export function noteCall(world: string, tool: string, rung: Call['rung']): void {
  if (existsSync(world)) appendFileSync(file(world), `${JSON.stringify({ tool, rung })}\n`, { mode: 0o600 });
}

/** Bytes that the notes have: what is added later came later. */
export function callsSoFar(world: string): number {
  return statSync(file(world), { throwIfNoEntry: false })?.size ?? 0;
}

/** The calls since so many bytes. */
export function callsSince(world: string, bytes: number): Call[] {
  if (callsSoFar(world) === bytes) return [];
  const added = readFileSync(file(world)).subarray(bytes).toString('utf8');
  return added.split('\n').flatMap((line) => (line === '' ? [] : (JSON.parse(line) as Call)));
}
