import { defineEventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import type { Processor } from '../../resources/processor.js';

const computed = defineEventKind('applier-computed', (applier: Applier) => applier.flush());
const flushed = defineEventKind('applier-flushed', (applier: Applier) => applier.finish());

/** How an applier works, and whom it tells. */
export interface ApplierOptions {
  readonly simulator: Simulator;
  readonly processor: Processor;
  /** CPU of a write set, in ms. */
  readonly applyMs: number;
  /** Its flush, which no other shares, in ms. */
  readonly flushMs: number;
  /** Takes the row of a write set from whoever has it; then `ready`. */
  claim(row: number, ready: () => void): void;
  /** A write set is applied, with the row and the version that it makes of it. */
  applied(row: number, version: number): void;
}

/** A member's one thread that applies the write sets of the others (wsrep_slave_threads 1). */
export class Applier {
  /** Write sets that have come and those that are applied, since the beginning. */
  came = 0;
  applied = 0;
  private readonly rows: number[] = [];
  private readonly versions: number[] = [];
  private first = 0;
  private readonly waiting: { count: number; done: () => void }[] = [];

  constructor(private readonly options: ApplierOptions) {}

  /** Write sets that wait or are being applied. */
  get length(): number {
    return this.came - this.applied;
  }

  /** @param row that others write too, or -1 */
  add(row: number, version: number): void {
    this.rows.push(row);
    this.versions.push(version);
    this.came++;
    if (this.length === 1) this.begin();
  }

  /** Runs when all that has come by now is applied. */
  whenApplied(done: () => void): void {
    if (this.length === 0) done();
    else this.waiting.push({ count: this.came, done });
  }

  /** For its own events. */
  flush(): void {
    this.options.simulator.schedule(this.options.flushMs, flushed, this);
  }

  /** For its own events. */
  finish(): void {
    const row = this.rows[this.first];
    const version = this.versions[this.first++];
    if (this.first > 1024) {
      this.rows.splice(0, this.first);
      this.versions.splice(0, this.first);
      this.first = 0;
    }
    this.applied++;
    this.options.applied(row, version);
    if (this.length > 0) this.begin();
    while (this.waiting.length > 0 && this.waiting[0].count <= this.applied) {
      this.waiting.shift()?.done();
    }
  }

  private begin(): void {
    const row = this.rows[this.first];
    if (row < 0) this.compute();
    else this.options.claim(row, () => this.compute());
  }

  private compute(): void {
    this.options.processor.submit(this.options.applyMs, computed, this, 0);
  }
}
