import type { EventKind } from '../../kernel/event-kind.js';
import type { EventHandle, Simulator } from '../../kernel/simulator.js';
import type { RandomStream } from '../../random/index.js';
import { WaitQueue } from '../../resources/wait-queue.js';

/** Who waits for a table. */
interface Waiter<Target> {
  readonly target: Target;
  readonly argument: number;
  /** Its patience ends. */
  readonly timer: EventHandle;
}

/** What a table that conflicts with itself says to those who wait. */
export interface TableEvents<Target> {
  /** It has the table now. */
  readonly admitted: EventKind<Target>;
  /** It waited in vain. */
  readonly expired: EventKind<Target>;
}

/**
 * A table whose scanning transactions go one at a time. Of those who wait any may be next: whoever
 * pushes first after the last one's end has won.
 */
export class RangeTable<Target> {
  private isTaken = false;
  private readonly waiting: Waiter<Target>[] = [];
  /** Who writes without a scan and waits for the one under way. */
  private readonly bystanders = new WaitQueue();
  /** When each gateway last committed here. */
  private readonly committedMs: Float64Array;

  constructor(
    private readonly simulator: Simulator,
    gateways: number,
    private readonly patienceMs: number,
    private readonly events: TableEvents<Target>,
    private readonly stream: RandomStream | undefined,
  ) {
    this.committedMs = new Float64Array(gateways).fill(Number.NEGATIVE_INFINITY);
  }

  get isHeld(): boolean {
    return this.isTaken;
  }

  /** True: the table is its at once. False: `admitted` or `expired` follows. */
  acquire(target: Target, argument: number): boolean {
    if (!this.isTaken) {
      this.isTaken = true;
      return true;
    }
    const { simulator, events, patienceMs } = this;
    const timer =
      patienceMs < Infinity ? simulator.schedule(patienceMs, events.expired, target, argument) : 0;
    this.waiting.push({ target, argument, timer });
    return false;
  }

  /** `kind` follows when the transaction under way has ended. */
  standBy<Other>(kind: EventKind<Other>, target: Other, argument: number): void {
    this.bystanders.push(kind, target, argument);
  }

  /** Whose patience has ended leaves the line. */
  leave(target: Target): void {
    const place = this.waiting.findIndex((waiter) => waiter.target === target);
    if (place >= 0) this.waiting.splice(place, 1);
  }

  /** The transaction under way has ended. */
  release(): void {
    const { simulator, bystanders, waiting } = this;
    while (bystanders.length > 0) {
      const place = bystanders.first();
      const kind = bystanders.kinds[place] as EventKind<unknown>;
      simulator.schedule(0, kind, bystanders.targets[place], bystanders.numbers[place]);
      bystanders.dropFirst();
    }
    if (waiting.length === 0) {
      this.isTaken = false;
      return;
    }
    const place = this.stream ? Math.floor(this.stream.uniform() * waiting.length) : 0;
    const [{ target, argument, timer }] = waiting.splice(place, 1);
    simulator.cancel(timer);
    simulator.schedule(0, this.events.admitted, target, argument);
  }

  committed(gateway: number): void {
    this.committedMs[gateway] = this.simulator.now;
  }

  /** Whether another gateway committed here within the last `windowMs`. */
  hasOthersSince(gateway: number, windowMs: number): boolean {
    const sinceMs = this.simulator.now - windowMs;
    for (let other = 0; other < this.committedMs.length; other++) {
      if (other !== gateway && this.committedMs[other] >= sinceMs) return true;
    }
    return false;
  }
}
