/** Which tools of a scenario run unmodified (rung 2), and what has to be shown by stand-ins (rung 1), with the reason. Pure. */
import { type RealTool, realRows, realTools } from '../../providers/real/rows';
import { realToolFor, realToolMeets } from '../../providers/real/support';
import { providerTools } from '../../providers/stand-ins';
import { type Scenario, stepsOf } from './scenario';

/** Something that a run on rung 2 shows on rung 1. */
export interface Drop {
  /** What `--allow-rung` names: a tool, a fault (`pkcs11-hsm:pin-locked`), or `pkcs11-tool` with what SoftHSM cannot show. */
  readonly name: string;
  readonly reason: string;
}

/** Stand-ins that no package of a distribution can replace. */
export const standInsOnly = providerTools.filter((tool) => !(realTools as readonly string[]).includes(tool));

/** A key that the real token makes never leaves it: the drill could not judge what is wrapped for it. */
const changesTheToken = /--(?:keypairgen|init-token|init-pin|delete-object)\b/;

/** SoftHSM up to 2.6.1 knows OAEP with SHA-1 alone; openCryptoki's token stands in its place. */
const beyondSoftHsm = /--hash-algorithm (?!SHA-1\b)/;

/** Text of each command of the pages of a scenario. */
const commandsOf = (scenario: Scenario): string[] =>
  scenario.procedures
    .flatMap((procedure) => stepsOf(scenario, procedure))
    .flatMap(({ command }) => (command ? [command.lines.map(({ text }) => text).join('\n')] : []));

/** What the real tools of a scenario lack as they are installed, so that their stand-ins do it: the rest of the tool is real. */
export function lacksOf(scenario: Scenario, drops: ReadonlyMap<string, Drop>): Drop[] {
  const commands = commandsOf(scenario);
  return realTools.flatMap((tool) => {
    const lack = drops.has(tool) ? undefined : realRows[tool].lacks?.();
    const used = lack?.commands.some((command) =>
      commands.some((text) => text.includes(`${tool} ${command}`)),
    );
    return lack && used ? [{ name: lack.name, reason: lack.reason }] : [];
  });
}

/** Tools of the pages of a scenario that stay on rung 1, each with the reason. */
export function dropsOf(scenario: Scenario, missing: ReadonlyMap<string, string>): Map<string, Drop> {
  const listed = new Set(scenario.procedures.flatMap(({ page }) => page.tools));
  const drops = new Map<string, Drop>();
  for (const tool of listed) {
    const reason = standInsOnly.includes(tool) ? 'no package of Debian brings it' : missing.get(tool);
    if (reason !== undefined) drops.set(tool, { name: tool, reason });
  }
  const faults = [scenario, ...Object.values(scenario.parts ?? {})].flatMap((each) =>
    Object.entries(each.faults),
  );
  for (const [target, mode] of faults) {
    const tool = realToolFor(target);
    // What is wrong with the registry's rows is in the database itself, whatever reads it.
    if (tool === undefined || !listed.has(tool) || drops.has(tool) || mode.startsWith('registry-')) continue;
    if (realToolMeets(target, mode)) continue;
    const reason = `the real ${tool} cannot be made to meet this`;
    drops.set(tool, { name: `${target.split(':')[0]}:${mode}`, reason });
  }
  const commands = commandsOf(scenario);
  const withoutDaemon = missing.get('pkcs11-tool:opencryptoki');
  const hsm = [
    {
      pattern: changesTheToken,
      name: 'pkcs11-tool:changes',
      reason: 'a key that the real token makes never leaves it, so that the drill could not judge it',
    },
    ...(withoutDaemon === undefined
      ? []
      : [{ pattern: beyondSoftHsm, name: 'pkcs11-tool:opencryptoki', reason: withoutDaemon }]),
  ].find(({ pattern }) => commands.some((text) => pattern.test(text)));
  if (hsm && listed.has('pkcs11-tool') && !drops.has('pkcs11-tool'))
    drops.set('pkcs11-tool', { name: hsm.name, reason: hsm.reason });
  return drops;
}

/** True for a tool that runs unmodified in a scenario with these drops. */
export function isReal(tool: string, drops: ReadonlyMap<string, Drop>): tool is RealTool {
  return (realTools as readonly string[]).includes(tool) && !drops.has(tool);
}

/** Everything that these scenarios show on rung 1, each once, by name. */
export function allDrops(scenarios: readonly Scenario[], missing: ReadonlyMap<string, string>): Drop[] {
  const found = new Map<string, Drop>();
  for (const scenario of scenarios) {
    const drops = dropsOf(scenario, missing);
    for (const drop of [...drops.values(), ...lacksOf(scenario, drops)]) found.set(drop.name, drop);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
