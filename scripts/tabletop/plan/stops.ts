/** What must stop an operator who unwraps a shard: too few of them, bad ones, and every fault of a provider or of the registry. Pure. */
import type { Deployment, Shard } from '../../../src/deployment/deployment';
import type { Procedure } from '../../../src/procedure/compile';
import type { Step } from '../../../src/procedure/steps/step';
import type { StopMode } from '../../../src/procedure/vocabulary/faults';
import type { SeenStop } from '../../providers/stand-in';
import { standInOf } from '../../providers/stand-ins';
import { apartFrom, choices, shardsOf } from './choices';
import type { Scenario, Stop, Tampering } from './scenario';

/** A fault of one shard: what is planted or broken, and where it must be noticed. */
interface Planned {
  readonly mode: StopMode;
  readonly expect: Stop;
  readonly change: Partial<Pick<Scenario, 'faults' | 'tampering' | 'given'>>;
}

/** The step of the page that does a thing, found by what it logs. */
const doing = (log: string) => (step: Step) =>
  step.command !== undefined && (step.log as readonly string[]).includes(log);

function stepIn(procedure: Procedure, shard: number, log: string): string {
  const done = procedure.steps.filter(doing(log));
  // What is done once is done for every shard.
  const step = done.find((one) => one.shard === shard) ?? done.find((one) => one.shard === undefined);
  if (!step)
    throw new RangeError(`${procedure.file}: shard ${shard} has no step where a bad shard can be refused`);
  return step.id;
}

function belowThreshold(procedure: Procedure, { key: { threshold } }: Deployment): Scenario[] {
  const combine = procedure.steps.find(doing('key.combined'));
  if (!combine) return [];
  const sizes = Array.from({ length: threshold - 1 }, (_, index) => index + 1);
  return sizes.flatMap((size) =>
    choices(shardsOf(procedure), size).map((quorum) => ({
      procedures: [procedure],
      world: 'fixture',
      lost: undefined,
      faults: {},
      id: `below-threshold/${quorum.join('-')}`,
      title: `${procedure.page.title}: refused with only ${quorum.join(', ')}`,
      quorum,
      tampering: undefined,
      expect: { step: combine.id, message: `and ${threshold} are needed` },
    })),
  );
}

/** Bad shards that an accident, a mix-up or a thief leaves where a shard is kept. */
function planted(procedure: Procedure, shard: Shard, other: number): Planned[] {
  const paper = shard.medium === 'paper';
  const unwrapped = stepIn(procedure, shard.n, paper ? 'shard.scanned' : 'shard.unwrapped');
  const verified = stepIn(procedure, shard.n, 'shard.verified');
  const plant = (kind: Tampering & StopMode, step: string, message: string): Planned => ({
    mode: kind,
    expect: { step, message },
    change: { tampering: { kind, shard: shard.n, other } },
  });
  const common = [
    plant('x-zero', verified, 'x is 0, wanted 1 to 255'),
    plant('other-generation', verified, 'a shard of another set: generation'),
    plant('duplicate', verified, 'wrapped for'),
    plant('test-among-real', verified, 'belongs to a TEST set, and TEST sets are refused outside a drill'),
  ];
  if (paper) return [...common, plant('sheet-altered', unwrapped, 'the checksum is wrong')];
  const refused = standInOf(shard.provider)?.refusal;
  if (refused === undefined)
    throw new RangeError(`no refusal is known for a bad ciphertext of ${shard.provider}`);
  return [
    ...common,
    plant('ciphertext-flipped', unwrapped, refused),
    plant('row-missing', stepIn(procedure, shard.n, 'registry.read'), '0 shard-'),
    plant('no-shard', verified, 'not a shard: a shard line starts with mks1'),
  ];
}

/** What is logged by the step at which a fault is seen. */
const logged: Readonly<Record<SeenStop['at'], string>> = {
  look: 'session.opened',
  unwrap: 'shard.unwrapped',
  check: 'shard.verified',
};

/** Faults of a shard's provider. */
function broken(procedure: Procedure, shard: Shard, other: number): Planned[] {
  const standIn = standInOf(shard.provider);
  return Object.entries(standIn?.stops ?? {}).map(([mode, { at, message }]) => ({
    mode: mode as StopMode,
    expect: { step: stepIn(procedure, shard.n, logged[at]), message },
    change: {
      faults: Object.fromEntries((standIn?.targets(shard) ?? []).slice(0, 1).map((target) => [target, mode])),
      ...(mode === 'wrong-shard' ? { given: other } : {}),
    },
  }));
}

/** Faults of the registry, in libpq's words. */
const registryStops: readonly (readonly [StopMode, string])[] = [
  ['refuse', 'Connection refused'],
  ['hang', 'timeout expired'],
  ['denied', 'password authentication failed'],
  ['unknown-host', 'could not translate host name'],
  ['unknown-service', 'definition of service'],
  ['unknown-authority', 'certificate verify failed'],
];

/** Faults that no shard has of its own: those of the registry, and a recovery kit that is not the printed one. */
function shared(procedure: Procedure, quorum: readonly number[]): (Planned & { readonly where: string })[] {
  const read = procedure.steps.find(
    (step) => (step.shard === undefined || quorum.includes(step.shard)) && doing('registry.read')(step),
  );
  const manifest = procedure.steps.find(doing('manifest.verified'));
  return [
    ...(read === undefined ? [] : registryStops).map(([mode, message]) => ({
      mode,
      where: 'registry',
      expect: { step: read?.id ?? '', message },
      change: { faults: { postgres: mode } },
    })),
    ...(manifest === undefined ? [] : [manifest.id]).map((step) => ({
      mode: 'bundle-changed' as const,
      where: 'manifest',
      expect: { step, message: 'manifest.json' },
      change: { faults: { 'recovery-kit': 'bundle-changed' } },
    })),
  ];
}

/** The runs of a page for what it says can stop its reader (`stops` in the front matter). */
export function plannedStops(procedure: Procedure, deployment: Deployment): Scenario[] {
  const wanted: readonly StopMode[] = procedure.page.drill?.stops ?? [];
  if (wanted.length === 0) return [];
  const { threshold } = deployment.key;
  const scenario = (
    { mode, expect, change }: Planned,
    where: string,
    quorum: readonly number[],
  ): Scenario => ({
    procedures: [procedure],
    world: 'fixture',
    lost: undefined,
    faults: {},
    tampering: undefined,
    id: `${mode}/${where}`,
    title: `${procedure.page.title}: ${mode.replaceAll('-', ' ')}, ${/^\d+$/.test(where) ? `shard ${where}` : where}`,
    quorum,
    expect,
    ...change,
  });
  const ofShards = deployment.shards.flatMap((shard) => {
    const others = apartFrom(shard, deployment);
    const quorum = [...others.slice(0, threshold - 1), shard.n].sort((a, b) => a - b);
    const other = others[0] as number;
    return [...planted(procedure, shard, other), ...broken(procedure, shard, other)]
      .filter(({ mode }) => wanted.includes(mode))
      .map((each) => scenario(each, String(shard.n), quorum));
  });
  const first = deployment.shards.slice(0, threshold).map(({ n }) => n);
  return [
    ...(wanted.includes('below-threshold') ? belowThreshold(procedure, deployment) : []),
    ...ofShards,
    ...shared(procedure, first)
      .filter(({ mode }) => wanted.includes(mode))
      .map((each) => scenario(each, each.where, first)),
  ];
}
