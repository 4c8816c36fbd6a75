/** Order of actions over a whole procedure: what is begun must be ended, and some things need another before them. */
import type { AuditAction } from '../../audit/actions';
import type { Step } from '../steps/step';

/** An action, and the ways to end it: each is a list of actions that follow in this order. */
export const endings: Partial<Record<AuditAction, readonly (readonly AuditAction[])[]>> = {
  'bag.opened': [['bag.sealed', 'safe.closed'], ['shard.destroyed']],
  'break-glass.opened': [['credential.rotated']],
  'camera.started': [['camera.stopped']],
  'ceremony.opened': [['ceremony.closed'], ['ceremony.aborted']],
  'ceremony.paused': [['ceremony.resumed'], ['ceremony.aborted']],
  'dark-window.opened': [['dark-window.closed']],
  'device.surrendered': [['device.returned']],
  'freeze.started': [['freeze.lifted']],
  'incident.opened': [['incident.closed']],
  'machine.started': [['machine.stopped'], ['workspace.wiped']],
  'network.disabled': [['network.enabled'], ['machine.stopped']],
  'room.secured': [['room.released']],
  'safe.opened': [['safe.closed']],
  // What a session needs lives in the folder and the variables of the recovery shell.
  'session.opened': [['session.closed'], ['workspace.wiped']],
};

/** An action, and those of which one must stand before it. */
export const needs: Partial<Record<AuditAction, readonly AuditAction[]>> = {
  'bag.opened': ['safe.opened'],
  'shard.scanned': ['bag.opened', 'shard.printed'],
};

export interface OrderProblem {
  readonly step: string;
  readonly message: string;
}

/** True when the actions stand in the list, in this order. */
function inOrder(wanted: readonly AuditAction[], log: readonly AuditAction[]): boolean {
  let from = 0;
  return wanted.every((action) => {
    const place = log.indexOf(action, from);
    from = place + 1;
    return place >= 0;
  });
}

/** What the steps begin and never end, or do too early. An incident that a step hands to another page is ended here. */
export function orderProblems(steps: readonly Step[]): OrderProblem[] {
  return steps.flatMap((step, index) => {
    const [earlier, later] = [steps.slice(0, index), steps.slice(index + 1)];
    return step.log.flatMap((action, place): OrderProblem[] => {
      const [before, after] = [
        [...earlier.flatMap(({ log }) => log), ...step.log.slice(0, place)],
        [...step.log.slice(place + 1), ...later.flatMap(({ log }) => log)],
      ];
      const ways = endings[action] ?? [];
      const handedOver =
        action === 'incident.opened' && later.some(({ clears }) => clears.includes('incident'));
      const ended = ways.length === 0 || handedOver || ways.some((way) => inOrder(way, after));
      const first = needs[action] ?? [];
      const ready = first.length === 0 || first.some((needed) => before.includes(needed));
      const ends = ways.map((way) => way.join(' and ')).join(' or ');
      return [
        ...(ended
          ? []
          : [{ step: step.id, message: `${action} of ${step.id} is never followed by ${ends}` }]),
        ...(ready
          ? []
          : [{ step: step.id, message: `${action} of ${step.id} needs ${first.join(' or ')} before it` }]),
      ];
    });
  });
}
