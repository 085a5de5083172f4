import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import { WaitQueue } from '../../resources/wait-queue.js';

const flushed = defineEventKind('log-flushed', (log: GroupCommit) => log.finish());

/** A log on disk: one flush at a time; commits that come during it share the next. */
export class GroupCommit {
  private waiting = new WaitQueue();
  private flushing = new WaitQueue();
  private spare = new WaitQueue();
  private isFlushing = false;

  constructor(
    private readonly simulator: Simulator,
    private readonly flushMs: number,
  ) {}

  /** The continuation runs when a flush that began after this call is over. */
  send<Target>(kind: EventKind<Target>, target: Target, argument: number): void {
    this.waiting.push(kind, target, argument);
    if (!this.isFlushing) this.flush();
  }

  /** For its own events. */
  finish(): void {
    const done = this.flushing;
    this.flushing = this.spare;
    this.isFlushing = false;
    if (this.waiting.length > 0) this.flush();
    while (done.length > 0) {
      const place = done.first();
      const kind = done.kinds[place] as EventKind<unknown>;
      const target = done.targets[place];
      const argument = done.numbers[place];
      done.dropFirst();
      kind.run(target, argument);
    }
    this.spare = done;
  }

  private flush(): void {
    const batch = this.waiting;
    this.waiting = this.flushing;
    this.flushing = batch;
    this.isFlushing = true;
    this.simulator.schedule(this.flushMs, flushed, this);
  }
}
