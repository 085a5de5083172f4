import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import type { MovableQueue, QueueFaults, Waiting } from './rabbitmq-queue-faults.js';

/** What a publisher learns of its message. */
export const PublishOutcome = {
  confirmed: 0,
  /** Refused: the queue is down (basic.nack). */
  nacked: 1,
  /** Its connection is closed. */
  closed: 2,
} as const;

const answered = defineEventKind('rabbitmq-published', (publication: Publication) =>
  publication.look(),
);

/** A message whose publisher waits for the confirm, as faults make it wait, fail or go on. */
export class Publication implements Waiting {
  constructor(
    private readonly faults: QueueFaults,
    private readonly simulator: Simulator,
    private readonly queue: MovableQueue,
    private readonly member: number,
    private readonly confirmMs: () => number,
    private readonly done: EventKind<unknown>,
    private readonly target: unknown,
  ) {}

  /** On its way into the queue, now or again. */
  retry(): void {
    if (this.isOpen()) this.simulator.schedule(this.confirmMs(), answered, this);
  }

  /** For its own event: what came between sending and confirm decides. */
  look(): void {
    if (this.isOpen()) this.done.run(this.target, PublishOutcome.confirmed);
  }

  private isOpen(): boolean {
    const availability = this.faults.availability(this.queue, this.member);
    if (availability === 'waiting') this.faults.park(this);
    if (availability === 'closed') this.done.run(this.target, PublishOutcome.closed);
    if (availability === 'refused') this.done.run(this.target, PublishOutcome.nacked);
    return availability === 'open';
  }
}
