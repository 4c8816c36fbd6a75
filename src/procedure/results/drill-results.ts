/** The results of a drill: the only source of its reports and of the site's evidence. What it says was measured, never assumed. */
import { z } from 'zod';

const place = { file: z.string().min(1), line: z.int().positive() };
const milliseconds = z.number().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const commitPattern = /^[0-9a-f]{40}$|^none$/;

/** 1: stand-ins. 2: the unmodified real tool. 3: against a real account, by hand. */
export const rung = z.union([z.literal(1), z.literal(2), z.literal(3)]);

/** What was wanted and found, and where a person has to look. Redacted before it gets here. */
export const failureSchema = z.strictObject({
  ...place,
  /** Stable name of what noticed it: `exit`, `output`, `timeout`, `leak`, `oracle`, … */
  rule: z.string().min(1),
  wanted: z.string(),
  found: z.string(),
  /** The text that was executed; empty for acts. */
  command: z.string().default(''),
  /** The last lines of stderr. */
  stderr: z.array(z.string()).max(20).default([]),
});

export const stepVerdicts = ['passed', 'failed', 'stopped', 'skipped'] as const;

export const stepSchema = z.strictObject({
  id: z.string().min(1),
  ...place,
  /** `act`: done by people, and by the drill on its fixture. */
  kind: z.enum(['command', 'act']),
  rung,
  milliseconds,
  /** Human time that the page gives the step. */
  minutes: z.number().nonnegative(),
  /** Exit status; null for acts and for what was not run. */
  exit: z.int().nullable(),
  /** `stopped`: it refused, as the scenario demands. */
  verdict: z.enum(stepVerdicts),
  /** Why it was skipped, or what it stopped with. */
  message: z.string().default(''),
  failure: failureSchema.optional(),
});

/** What a place has seen in a scenario, in files and in what was shown, and what that is enough for. */
export const placeReachSchema = z.strictObject({
  /** `air-gapped`, `workstation-2`. */
  place: z.string().min(1),
  /** Secrets that lay or were shown there in clear, by their names: `shard 2`, `MasterKey`. */
  clear: z.array(z.string().min(1)),
  /** Shards that can be had from all of it, with the one that passed through a pipe. */
  shards: z.array(z.int().positive()),
  /** All of it gives the key. */
  rebuilds: z.boolean(),
});

/** Sets of custodians' workstations that were tried, with everything that their places have seen. */
export const coalitionsSchema = z.strictObject({
  /** Below the threshold, with what every other place with a network has seen: none gave the key. */
  below: z.int().nonnegative(),
  /** At the threshold: each gave the key. None where the key was not recovered, or paper is part of the quorum. */
  enough: z.int().nonnegative(),
});

export const scenarioSchema = z.strictObject({
  id: z.string().min(1),
  title: z.string().min(1),
  pages: z.array(z.string().min(1)).min(1),
  faults: z.record(z.string(), z.string()),
  /** `recovered` or `completed`, with L, H and E where the page declares them, or `stops at STEP: message`. */
  expect: z.string().min(1),
  /** Acts of people alone, walked in a model of the room. */
  walked: z.literal(true).optional(),
  /** Recovery time objective of the page in minutes; null where it names none. */
  targetMinutes: z.number().positive().nullable().default(null),
  started: z.iso.datetime(),
  milliseconds,
  steps: z.array(stepSchema),
  /** What each place has seen; absent where all was done on one machine. */
  places: z.array(placeReachSchema).optional(),
  /** Which sets of places were tried together; absent where all was done on one machine. */
  coalitions: coalitionsSchema.optional(),
  /** What went wrong beside the steps: leaks, processes, the oracle, a secret in a log. */
  problems: z.array(failureSchema),
  verdict: z.enum(['passed', 'failed']),
});

const count = z.int().nonnegative();
const totalsSchema = z.strictObject({ passed: count, failed: count, steps: count, commands: count });

const shape = z.strictObject({
  format: z.literal('tabletop-results/1'),
  kind: z.enum(['automated drill', 'exercise by people']),
  commit: z.string().regex(commitPattern),
  /** The working tree differed from the commit. */
  dirty: z.boolean(),
  started: z.iso.datetime(),
  milliseconds,
  node: z.string().min(1),
  /** As the tools report themselves. */
  tools: z.array(z.strictObject({ name: z.string().min(1), version: z.string().min(1), rung })),
  pages: z.array(z.strictObject({ file: z.string().min(1), sha256 })),
  /** SHA-256 over all steps in the order in which they were planned. */
  planSha256: sha256,
  scenarios: z.array(scenarioSchema),
  totals: totalsSchema,
  coverage: z.strictObject({
    /** Sets of shards that can be out of reach. */
    outages: z.strictObject({ drilled: count, equivalent: count, total: count }),
    /** Steps of all pages with a drill. */
    steps: z.strictObject({ executed: count, total: count }),
  }),
  /** Scenarios that this machine cannot run, and the tool that it lacks. */
  leftOut: z.array(z.strictObject({ id: z.string().min(1), tool: z.string().min(1) })).optional(),
  /** What a run on rung 2 had to show on rung 1: a tool, or a fault that the real tool cannot be made to meet. */
  drops: z
    .array(z.strictObject({ name: z.string().min(1), reason: z.string().min(1), allowed: z.boolean() }))
    .optional(),
  /** The last mutation run on the same plan: mistakes that were put into the pages, of all that there are. */
  mutation: z
    .strictObject({
      commit: z.string().regex(commitPattern),
      total: count,
      mutants: count,
      noticed: count,
      explained: count,
      survived: count,
    })
    .optional(),
});

export type Failure = z.infer<typeof failureSchema>;
export type StepResult = z.infer<typeof stepSchema>;
export type ScenarioResult = z.infer<typeof scenarioSchema>;
export type Results = z.infer<typeof shape>;
export type PlaceReach = z.infer<typeof placeReachSchema>;
export type Coalitions = z.infer<typeof coalitionsSchema>;
export type Totals = z.infer<typeof totalsSchema>;

/** Counts scenarios; steps and commands are those that ran. No command at all is a failure of its own, unless every page is one of acts alone: nothing was drilled. */
export function totalsOf(scenarios: readonly ScenarioResult[]): Totals {
  const failed = scenarios.filter(({ verdict }) => verdict === 'failed').length;
  const steps = scenarios
    .flatMap((scenario) => scenario.steps)
    .filter(({ verdict }) => verdict !== 'skipped');
  const commands = steps.filter(({ kind }) => kind === 'command').length;
  const passed = scenarios.length - failed;
  const acts = scenarios.length > 0 && scenarios.every(({ walked }) => walked);
  const nothing = commands === 0 && !acts;
  return { passed, failed: nothing ? failed + 1 : failed, steps: steps.length, commands };
}

/** A scenario passes when each step and everything around them did. */
export function verdictOf(scenario: Pick<ScenarioResult, 'steps' | 'problems'>): 'passed' | 'failed' {
  const ok = scenario.problems.length === 0 && scenario.steps.every(({ verdict }) => verdict !== 'failed');
  return ok && scenario.steps.some(({ verdict }) => verdict !== 'skipped') ? 'passed' : 'failed';
}

/** Checked when written and when read: verdicts and totals must follow from the steps. */
export const resultsSchema = shape.superRefine((results, context) => {
  const issue = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  const totals = totalsOf(results.scenarios);
  for (const name of ['passed', 'failed', 'steps', 'commands'] as const) {
    if (totals[name] !== results.totals[name]) {
      issue(['totals', name], `${results.totals[name]}, but the scenarios add up to ${totals[name]}`);
    }
  }
  const ids = new Set<string>();
  results.scenarios.forEach((scenario, index) => {
    if (ids.has(scenario.id)) issue(['scenarios', index, 'id'], `scenario ${scenario.id} is there twice`);
    ids.add(scenario.id);
    if (scenario.verdict !== verdictOf(scenario)) {
      issue(
        ['scenarios', index, 'verdict'],
        `"${scenario.verdict}" does not follow from the steps and problems`,
      );
    }
    scenario.steps.forEach((step, at) => {
      if ((step.verdict === 'failed') !== (step.failure !== undefined)) {
        issue(['scenarios', index, 'steps', at], 'a failed step has a failure, and no other step has one');
      }
    });
  });
});
