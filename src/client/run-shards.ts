/**
 * One quorum on a page with a section a shard: `?shards=1,2,4`, or the choice that the open run keeps. Shows those sections,
 * hides the others everywhere (text, "On this page", counts), and says so, with a way back.
 */
import { plannedMinutes } from '../procedure/run/planned';
import { duration, quorumFault } from '../procedure/run/run';

/** What the address asks for; without a request the open run decides. */
export type Request =
  | { readonly kind: 'none' }
  | { readonly kind: 'all' }
  | { readonly kind: 'shards'; readonly shards: readonly number[] }
  | { readonly kind: 'refused'; readonly reason: string };

const list = (numbers: readonly number[]): string => numbers.join(', ');

/** Reads the request of an address. @param known Shards of the page. @param threshold M, which a quorum has exactly. */
export function requestOf(search: string, known: readonly number[], threshold: number): Request {
  const asked = new URLSearchParams(search).get('shards');
  if (asked === null || known.length === 0) return { kind: 'none' };
  if (asked === 'all') return { kind: 'all' };
  if (!/^[1-9]\d{0,2}(,[1-9]\d{0,2})*$/.test(asked))
    return { kind: 'refused', reason: 'The address does not name shards as ?shards=1,2,3 does' };
  const shards = asked.split(',').map(Number);
  const fault = quorumFault(shards, known, threshold);
  if (fault !== undefined) return { kind: 'refused', reason: `The address ${fault}` };
  return { kind: 'shards', shards: shards.sort((a, b) => a - b) };
}

/** The heading and what stands under it, up to the next heading of its rank or a higher one. */
function sectionOf(heading: Element): Element[] {
  const rank = Number(heading.tagName.slice(1));
  const parts = [heading];
  for (let next = heading.nextElementSibling; next !== null; next = next.nextElementSibling) {
    if (/^H[1-6]$/.test(next.tagName) && Number(next.tagName.slice(1)) <= rank) break;
    parts.push(next);
  }
  return parts;
}

/** The shards of a page and what shows each of them. */
export class ShardView {
  /** Shards that the page has sections for, in order. */
  readonly known: readonly number[];
  private readonly parts = new Map<number, Element[]>();
  private shown: readonly number[] | undefined;
  /** A link from elsewhere leads to a step of another shard, so all are shown. */
  private isOverruled = false;

  constructor(
    private readonly note: HTMLElement,
    private readonly steps: readonly HTMLElement[],
  ) {
    for (const heading of document.querySelectorAll('.prose h2[id], .prose h3[id]')) {
      const n = Number(/^shard-([1-9]\d{0,2})$/.exec(heading.id)?.[1]);
      if (!Number.isInteger(n)) continue;
      const entries = [...document.querySelectorAll(`.contents a[href="#shard-${n}"]`)];
      const own = steps.filter(({ dataset }) => Number(dataset.shard) === n);
      this.parts.set(n, [
        ...sectionOf(heading),
        ...own,
        ...entries.map((link) => link.closest('li') ?? link),
      ]);
    }
    this.known = [...this.parts.keys()].sort((a, b) => a - b);
  }

  /** The quorum that is shown; undefined when all shards are. */
  get quorum(): readonly number[] | undefined {
    return this.isOverruled ? undefined : this.shown;
  }

  /** Shows all shards when a link leads into a section that would be hidden. @returns whether it does. */
  overrule(hash: string): boolean {
    const target = document.getElementById(decodeURIComponent(hash.slice(1)));
    const hidden = this.known.filter((n) => this.quorum?.includes(n) === false);
    const isIn = hidden.some((n) => this.parts.get(n)?.some((part) => part.contains(target)));
    if (target === null || !isIn) return false;
    this.isOverruled = true;
    this.apply(this.shown);
    this.say(
      'The link leads to a step of a shard that was not chosen: all are shown. ',
      '',
      'Show the chosen ones',
    );
    return true;
  }

  /** Writes a figure of the plan at the head of the page; undefined brings back that of the whole page. */
  private plan(name: string, text: string | undefined): void {
    const figure = document.querySelector<HTMLElement>(`[data-plan="${name}"]`);
    if (figure === null) return;
    figure.dataset.whole ??= figure.textContent ?? '';
    const wanted = text ?? figure.dataset.whole;
    if (figure.textContent !== wanted) figure.textContent = wanted;
  }

  /** Says something above the page, with a link to this page with another request. */
  say(text: string, search?: string, words = ''): void {
    const back = document.createElement('a');
    back.href = location.pathname + (search === '' ? location.search : (search ?? ''));
    back.textContent = words;
    this.note.replaceChildren(text, ...(words === '' ? [] : [back]));
    this.note.hidden = false;
  }

  /** Shows the sections of these shards, or all; counts the steps that are shown. */
  apply(shards: readonly number[] | undefined): void {
    this.shown = shards;
    const { quorum } = this;
    for (const [n, parts] of this.parts)
      for (const part of parts) (part as HTMLElement).hidden = quorum?.includes(n) === false;
    const visible = this.steps.filter((step) => step.closest('[hidden]') === null);
    for (const [index, step] of visible.entries()) {
      const plan = step.querySelector('.step-plan');
      const text = plan?.textContent?.replace(/^\d+ of \d+/, `${index + 1} of ${visible.length}`) ?? '';
      if (plan !== null && plan.textContent !== text) plan.textContent = text;
    }
    this.plan('steps', quorum === undefined ? undefined : String(visible.length));
    const { together, apart } = plannedMinutes(
      visible.map(({ dataset }) => ({
        minutes: Number(dataset.minutes ?? 0),
        workstation: dataset.apart === undefined ? undefined : Number(dataset.shard),
      })),
    );
    this.plan('time', quorum === undefined ? undefined : duration(together));
    this.plan('apart', quorum === undefined ? undefined : duration(apart));
    if (this.isOverruled) return;
    if (quorum === undefined) {
      this.note.hidden = true;
      return;
    }
    const others = this.known.filter((n) => !quorum.includes(n));
    this.say(
      `Shown: the steps of shards ${list(quorum)}. Hidden: shards ${list(others)}. `,
      '?shards=all',
      'Show all shards',
    );
  }
}
