/** Verifies an audit trail while it streams by: constant memory, stops at the first bad line and says what is wrong with it. */
import {
  type Head,
  headOf,
  isAhead,
  MAX_LINE_BYTES,
  misplacedRecord,
  NO_RECORD,
  type Sha256,
  sha256Hex,
} from './chain';
import { type AuditEvent, GENESIS } from './event';
import type { Anchor } from './head';
import { isTornEnd, joinBytes, MAX_ZERO_TAIL, splitDecoded, trailingZeros } from './lines';
import { type Problem, readRecord } from './record';
import type { Verdict } from './verdict';

export interface VerifyOptions {
  /** A head known from elsewhere; the trail must contain it. */
  readonly anchor?: Anchor;
  /** SHA-256; the command line passes the one of OpenSSL, which is faster. */
  readonly hash?: Sha256;
  /** The clock, in milliseconds since 1970, that no record may lie ahead of; without it times are only compared with one another. */
  readonly now?: number;
  /** Called with each sound record, in order. */
  readonly onEvent?: (event: AuditEvent) => void;
}

const NEWLINE = 0x0a;
const SEQUENCE = /"sequence":([0-9]+)/;

/** Feed each file with `beginFile`, `push` and `endFile`, in the order of the trail, then ask for the `verdict`. */
export class TrailVerifier {
  readonly #options: VerifyOptions;
  readonly #hash: Sha256;
  #head: Head = NO_RECORD;
  #records = 0;
  #files = 0;
  #first = 0;
  #since = '';
  #anchorAt: number | undefined;
  #file = '';
  #line = 0;
  #carry: Uint8Array[] = [];
  #carryBytes = 0;
  /** Zero bytes after what is carried: a power cut can leave many. */
  #zeros = 0;
  /** The record at the place of the given head has another digest; a later record may show that the head is wrong. */
  #rewritten: Extract<Verdict, { ok: false }> | undefined;
  #bad: Extract<Verdict, { ok: false }> | undefined;
  /** Sequence that is looked for further down, to tell a moved record from a missing one. */
  #wanted: number | undefined;

  constructor(options: VerifyOptions = {}) {
    this.#options = options;
    this.#hash = options.hash ?? sha256Hex;
  }

  /** Starts the next file of the trail; `name` stands in the verdict. */
  beginFile(name: string): void {
    this.#files++;
    if (this.#bad) return;
    this.#file = name;
    this.#line = 0;
  }

  /** Takes the next bytes of the file. Returns false when the verdict is certain and no more bytes are needed. */
  push(chunk: Uint8Array): boolean {
    if (this.#done) return false;
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      this.#keepZeros();
      const block = joinBytes([...this.#carry, chunk.subarray(0, end)]);
      this.#drop();
      this.#takeBlock(block);
    }
    if (end < chunk.length && !this.#done) {
      this.#keep(chunk.subarray(end));
      if (this.#carryBytes > MAX_LINE_BYTES || this.#zeros > MAX_ZERO_TAIL) this.#dropLongLine();
    }
    return !this.#done;
  }

  /** Carries the beginning of a line over to the next piece; zeros at its end are only counted. */
  #keep(rest: Uint8Array): void {
    const zeros = trailingZeros(rest);
    if (zeros < rest.length) {
      this.#keepZeros();
      // A copy: the caller may fill its buffer again. `slice` of a Node buffer would be a view.
      this.#carry.push(new Uint8Array(rest.subarray(0, rest.length - zeros)));
      this.#carryBytes += rest.length - zeros;
    }
    this.#zeros += zeros;
  }

  /** More bytes followed: the zeros belong to the line. */
  #keepZeros(): void {
    if (this.#zeros === 0) return;
    this.#carry.push(new Uint8Array(this.#zeros));
    this.#carryBytes += this.#zeros;
    this.#zeros = 0;
  }

  #drop(): void {
    this.#carry = [];
    this.#carryBytes = 0;
    this.#zeros = 0;
  }

  #dropLongLine(): void {
    if (!this.#bad) {
      this.#line++;
      this.#fail({ kind: 'too-long', message: `longer than ${MAX_LINE_BYTES} bytes` });
    }
    this.#drop();
  }

  /** Ends the file. Returns false when the verdict is certain. */
  endFile(): boolean {
    if (!this.#bad && this.#carryBytes + this.#zeros > 0) {
      this.#line++;
      if (isTornEnd(joinBytes(this.#carry), this.#zeros, this.#head)) {
        const zeros = `the file ends with ${this.#zeros} zero bytes: an append was interrupted by a power cut`;
        const cut = 'the last line has no end: an append was interrupted';
        this.#fail({ kind: 'torn', message: this.#zeros > 0 ? zeros : cut });
      } else {
        this.#fail({ kind: 'tail', message: 'the file ends with bytes that no interrupted append leaves' });
      }
    } else if (!this.#bad && this.#line === 0) {
      this.#fail({ kind: 'empty', message: 'holds no record' });
    }
    this.#drop();
    return !this.#done;
  }

  /** The verdict over everything that was fed. */
  verdict(): Verdict {
    if (this.#files === 0) throw new RangeError('no file was given');
    const { anchor } = this.#options;
    this.#bad ??= this.#rewritten;
    if (!this.#bad && anchor?.sequence !== undefined && anchor.sequence < this.#first) {
      const message = `record ${anchor.sequence} of the given head stands before record ${this.#first}, in an earlier file`;
      this.#fail({ kind: 'head', message });
    }
    if (!this.#bad && anchor && this.#anchorAt === undefined) {
      const message = `the trail ends with record ${this.#head.sequence} and does not contain the given head`;
      this.#fail({ kind: 'truncated', message });
    }
    return (
      this.#bad ?? {
        ok: true,
        records: this.#records,
        files: this.#files,
        first: this.#first,
        head: this.#head,
        since: this.#since,
        afterAnchor: this.#anchorAt === undefined ? undefined : this.#head.sequence - this.#anchorAt,
      }
    );
  }

  get #done(): boolean {
    return this.#bad !== undefined && this.#wanted === undefined;
  }

  #fail(problem: Problem): void {
    const here = {
      ok: false,
      ...problem,
      file: this.#file,
      line: this.#line,
      records: this.#records,
    } as const;
    this.#bad = problem.kind === 'head' ? here : (this.#rewritten ?? here);
    if (this.#bad !== here) return;
    this.#wanted = problem.kind === 'gap' ? this.#head.sequence + 1 : undefined;
  }

  #takeBlock(block: Uint8Array): void {
    for (const line of splitDecoded(block)) {
      this.#line++;
      if (this.#wanted === undefined) this.#takeLine(line);
      else this.#lookForMoved(line);
      if (this.#done) return;
    }
  }

  #takeLine(line: string | undefined): void {
    const read = readRecord(line, this.#hash);
    const problem = 'problem' in read ? read.problem : this.#problemOfPlace(read.event);
    if (problem) this.#fail(problem);
    else if ('event' in read) {
      this.#accept(read.event);
      if (line !== undefined) this.#options.onEvent?.(JSON.parse(line));
    }
  }

  #lookForMoved(line: string | undefined): void {
    if (this.#bad && line !== undefined && Number(SEQUENCE.exec(line)?.[1]) === this.#wanted) {
      const message = `record ${this.#wanted} belongs here, and stands in line ${this.#line} of ${this.#file}`;
      this.#bad = { ...this.#bad, kind: 'reordered', message };
      this.#wanted = undefined;
    }
  }

  #problemOfPlace(event: AuditEvent): Problem | undefined {
    const { sequence } = event;
    const opensTrail = this.#records === 0 && sequence === 1 && event.previous === GENESIS;
    if ((event.action === 'trail.rotated') !== (this.#line === 1 && !opensTrail)) {
      return this.#line > 1
        ? { kind: 'start', message: 'trail.rotated stands inside a file' }
        : {
            kind: 'start',
            message: `the file begins with record ${sequence}, which continues no other file`,
          };
    }
    // A file given without those before it: what it carries is taken as found, and the verdict says so.
    const carried = this.#records === 0 && !opensTrail;
    const head = carried
      ? { sequence: sequence - 1, digest: event.previous, time: '', mode: event.mode }
      : this.#head;
    const expected = head.sequence + 1;
    if (sequence > expected) {
      return {
        kind: 'gap',
        message: `record ${sequence} where ${expected} belongs: ${sequence - expected} missing`,
      };
    }
    if (sequence < expected) {
      return { kind: 'repeat', message: `record ${sequence} where ${expected} belongs` };
    }
    if (event.previous !== head.digest) {
      return { kind: 'break', message: `record ${sequence} does not continue record ${head.sequence}` };
    }
    const { anchor, now } = this.#options;
    if (
      anchor?.sequence !== undefined &&
      (anchor.sequence === sequence) !== (anchor.digest === event.digest)
    ) {
      if (anchor.digest === event.digest)
        return {
          kind: 'head',
          message: `the given head has the number ${anchor.sequence} and the digest of record ${sequence}`,
        };
      const message = `record ${sequence} is not the one of the given head`;
      this.#rewritten = {
        ok: false,
        kind: 'rewritten',
        message,
        file: this.#file,
        line: this.#line,
        records: this.#records,
      };
    }
    if (now !== undefined && isAhead(event.time, now))
      return {
        kind: 'future',
        message: `the time ${event.time} of record ${sequence} lies ahead of this machine's clock`,
      };
    return misplacedRecord(event, head);
  }

  #accept(event: AuditEvent): void {
    if (this.#options.anchor?.digest === event.digest) this.#anchorAt = event.sequence;
    if (this.#records === 0) {
      this.#first = event.sequence;
      this.#since = event.time;
    }
    this.#records++;
    this.#head = headOf(event);
  }
}
