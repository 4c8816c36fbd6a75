/** Takes decisions from numbers that were drawn before; a tape that has ended answers with zeros, so that the shortest is the simplest. */
export class Tape {
  #at = 0;
  constructor(private readonly numbers: readonly number[]) {}

  /** A whole number from 0 to `below` - 1. */
  upTo(below: number): number {
    return (this.numbers[this.#at++] ?? 0) % below;
  }

  /** True once in so many times. */
  onceIn(times: number): boolean {
    return this.upTo(times) === times - 1;
  }

  /** One of the items, the first where the tape has ended. */
  of<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError('nothing to choose from');
    return items[this.upTo(items.length)] as Item;
  }
}

/** Values that several shards may have in common, each at most `most` times. */
export class Shared {
  readonly #used = new Map<string, number>();
  constructor(
    private readonly tape: Tape,
    private readonly most: number,
  ) {}

  /** One that is used already and may be used once more, also by `may`, or what `make` gives for the next number. */
  next(make: (number: number) => string, may: (value: string) => boolean = () => true): string {
    const open = [...this.#used].flatMap(([value, times]) =>
      times < this.most && may(value) ? [value] : [],
    );
    const value = open.length > 0 && this.tape.onceIn(2) ? this.tape.of(open) : make(this.#used.size + 1);
    this.#used.set(value, (this.#used.get(value) ?? 0) + 1);
    return value;
  }
}
