/** What a drill must know of one unmodified tool, and of the endpoints that it talks to in the private network. One row each in rows.ts. */
import { existsSync } from 'node:fs';
import { type Fault, type FaultMode, faultModes, faultOn } from '../world';
import type { Answer, Request } from './endpoint';

/** A command of the tool in its world. */
export interface Call {
  readonly world: string;
  readonly words: readonly string[];
}

/** A host name of the provider in the private network. */
export interface Host {
  readonly host: string;
  /** What is wrong on the way to it; `refuse`: nobody listens. */
  readonly way?: FaultMode | undefined;
}

/** Starts the tool with more environment than the operator's own, to its exit code. */
export type Start = (
  words: readonly string[],
  more: Readonly<Record<string, string>>,
  stdio?: 'inherit' | 'ignore',
) => Promise<number>;

/** The provider's side of the private network. */
export interface Service {
  /** Its host names, as a command meets them. */
  hosts(call: Call): readonly Host[];
  /** Answers a request to one of them; undefined means never. */
  answer(call: Call, request: Request): Answer | undefined;
  /** Starts the tool as whoever is signed in in the world. `authority`: path of the certificate that it may trust. */
  start(call: Call, authority: string, start: Start): Promise<number>;
}

export interface RealRow {
  /** Whose faults it meets, as a target of `injectFault` begins. */
  readonly target: string;
  /** What to install where it is missing. */
  readonly install: string;
  /** Debian's packages of it; none where Debian has none. */
  readonly debian: readonly string[];
  /** Absolute path as its package installs it; undefined where that is not here. */
  path(): string | undefined;
  /** What it can be made to meet; the rest is shown by the stand-ins only. */
  readonly meets: readonly string[];
  /** Undefined where it talks to no server of a provider. */
  readonly service?: Service;
  /** Environment in which it does nothing but what it is asked for. */
  readonly quiet?: Readonly<Record<string, string>>;
  /** What the tool as it is installed here cannot do, so that its stand-in does it. */
  lacks?(): Lack | undefined;
}

/** Commands that an installed tool cannot do. */
export interface Lack {
  /** What `--allow-rung` names. */
  readonly name: string;
  readonly reason: string;
  /** Its commands, as they begin. */
  readonly commands: readonly string[];
}

/** True where a command line, without the name of the tool, is one of these commands. */
export const isLacking = ({ commands }: Lack, words: string): boolean =>
  commands.some((command) => words === command || words.startsWith(`${command} `));

/** The path where a file is there. */
export const installed = (path: string): string | undefined => (existsSync(path) ? path : undefined);

/** Fault on the way to the first of `targets` that has one. */
export const faultOf = (world: string, ...targets: readonly string[]): Fault | undefined =>
  faultOn(world, faultModes, ...targets);

/** A word after an option; empty where it is not given. */
export const named = (words: readonly string[], option: string): string =>
  words.includes(option) ? (words[words.indexOf(option) + 1] ?? '') : '';

/** What is wrong inside a cloud, and its own commands show. */
export const keyStates = ['key-pending-deletion', 'key-disabled', 'key-deleted'];

/** What is wrong with a sign-in or a certificate is shown by the stand-ins: the private network has one home and one authority. */
export const onTheWire: readonly FaultMode[] = faultModes.filter(
  (mode) =>
    !['expired-sign-in', 'unknown-profile', 'unknown-service', 'unknown-authority', 'unknown-host'].includes(
      mode,
    ),
);
