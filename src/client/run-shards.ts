/** `?shards=1,2,4` on a page with a section a shard: shows those sections and hides the others, with a way back. */

/** Numbers of a request; undefined when it is none, or names a shard that the page does not have. */
export function askedShards(search: string, known: readonly number[]): number[] | undefined {
  const asked = new URLSearchParams(search).get('shards');
  if (asked === null || !/^[1-9]\d{0,2}(,[1-9]\d{0,2})*$/.test(asked)) return undefined;
  const numbers = [...new Set(asked.split(',').map(Number))].sort((a, b) => a - b);
  return numbers.every((n) => known.includes(n)) ? numbers : undefined;
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

function list(numbers: readonly number[]): string {
  return numbers.join(', ');
}

/** Applies the request of the address. True when sections are hidden. */
export function showAskedShards(note: HTMLElement): boolean {
  const headings = [...document.querySelectorAll<HTMLElement>('.prose h2[id], .prose h3[id]')].flatMap(
    (heading) => {
      const n = /^shard-([1-9]\d{0,2})$/.exec(heading.id)?.[1];
      return n === undefined ? [] : [{ n: Number(n), heading }];
    },
  );
  const known = [...new Set(headings.map(({ n }) => n))];
  const asked = askedShards(location.search, known);
  if (asked === undefined) {
    if (known.length > 0 && new URLSearchParams(location.search).has('shards')) {
      note.textContent = `The address asks for shards that this page does not have. It has ${list(known)}; all are shown.`;
      note.hidden = false;
    }
    return false;
  }
  const others = known.filter((n) => !asked.includes(n)).sort((a, b) => a - b);
  const hide = headings
    .filter(({ n }) => others.includes(n))
    .flatMap(({ heading }) => sectionOf(heading))
    .concat(
      [...document.querySelectorAll<HTMLElement>('section.step[data-shard]')].filter(({ dataset }) =>
        others.includes(Number(dataset.shard)),
      ),
      others.flatMap((n) => [...document.querySelectorAll(`.contents a[href="#shard-${n}"]`)]),
    );
  // A link from elsewhere that points into a hidden section wins.
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (hide.length === 0 || (target !== null && hide.some((part) => part.contains(target)))) return false;
  for (const part of hide) (part as HTMLElement).hidden = true;
  const back = document.createElement('a');
  back.href = location.pathname;
  back.textContent = 'Show all shards';
  note.replaceChildren(`Shown: the steps of shards ${list(asked)}. Hidden: shards ${list(others)}. `, back);
  note.hidden = false;
  return true;
}
