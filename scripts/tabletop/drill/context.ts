/** What a run of the drill is given: the project, its tools and database, and what is done along the way. */
import type { Deployment } from '../../../src/deployment/deployment';
import type { Procedure } from '../../../src/procedure/compile';
import type { ScenarioResult } from '../../../src/procedure/results/drill-results';
import type { Step } from '../../../src/procedure/steps/step';
import type { DrillPostgres } from '../../providers/postgres/engine';
import type { Home } from '../machine/homes';
import type { Sandbox } from '../machine/sandbox';
import type { Scenario } from '../plan/scenario';
import type { KnownSet } from '../world/oracle';
import type { Tools } from '../world/tool-set';

/** What the scenarios of one worker share. */
export interface DrillContext {
  readonly root: string;
  readonly deployment: Deployment;
  readonly procedures: readonly Procedure[];
  readonly tools: Tools;
  readonly postgres: DrillPostgres;
  readonly postgresSocket: string;
  /** On rung 2: tools that stay on rung 1, and the world in which the real tools are set up. */
  readonly real?: RealSetting | undefined;
  /** Only the verdict counts: a scenario that has gone wrong is given up, and no command gets more seconds than this. */
  readonly impatientSeconds?: number;
  /** Paste the blocks into an interactive bash on a terminal instead of running them from files. */
  readonly paste?: boolean;
  /**
   * Called before each step and at the end of each page: other ways to go on from there, each tried in a copy of the
   * room. Undefined: no more is wanted, and the scenario ends there.
   */
  readonly othersAt?: ((spot: Spot) => readonly Other[] | undefined) | undefined;
  /** The kind of home in which the operator works. Default: a login as it should be. */
  readonly kind?: Home | undefined;
  /** Called with the room before its first page, to put more into it. */
  readonly arrange?: (sandbox: Sandbox) => void;
  /** Called before each step. */
  readonly onStep?: (scenario: Scenario, step: Step) => void;
  /** Called with the room of a scenario that passed, before it is destroyed. */
  readonly keep?: (sandbox: Sandbox, set: KnownSet) => Promise<void>;
  /** Called with the room of a scenario that failed, before it is destroyed. */
  readonly keepFailed?: ((sandbox: Sandbox, id: string) => void) | undefined;
}

/** A place in a scenario: before a step of a page, both counted from 0; after the last step, the end of the page. */
export interface Spot {
  readonly page: number;
  readonly step: number;
}

/** Another way to go on: a scenario that is the same up to there. */
export interface Other {
  readonly scenario: Scenario;
  /** Called with how it ended. */
  readonly ended: (result: ScenarioResult) => void;
}

/** What a run with the real tools needs to know. */
export interface RealSetting {
  /** Real tools that this machine lacks, with the reason. */
  readonly missing: ReadonlyMap<string, string>;
  /** The fixture's world, with tokens, certificates and logins for the real tools. */
  readonly world: string;
}
