import { defineEventKind } from '../../../../src/kernel/event-kind.js';
import type { Simulator } from '../../../../src/kernel/simulator.js';

interface Message {
  readonly to: NaiveMember;
  readonly from: number;
  readonly number: number;
  /** Last number that the sender has of everybody. */
  readonly complete: number;
}

const received = defineEventKind('test-received', (message: Message) =>
  message.to.receive(message),
);

/** One member that follows the protocol message by message, every acknowledgement included. */
class NaiveMember {
  last = 0;
  waiting: number[] = [];
  private readonly has: number[];
  private readonly completeAt: number[];
  private readonly filled = new Map<number, number[]>();
  private told = 0;

  constructor(
    private readonly group: NaiveGroup,
    readonly id: number,
  ) {
    this.has = group.oneWayMs.map(() => 0);
    this.completeAt = group.oneWayMs.map(() => 0);
  }

  receive({ from, number, complete }: Message): void {
    this.has[from] = Math.max(this.has[from], number);
    this.completeAt[from] = Math.max(this.completeAt[from], complete);
    this.completeAt[this.id] = Math.min(...this.has);
    this.sendWaiting();
    if (this.last < number) {
      this.last = number;
      this.broadcast();
      this.sendWaiting();
    }
    if (Math.min(...this.has) > this.told) this.broadcast();
    this.deliver();
  }

  sendWaiting(): void {
    if (this.waiting.length === 0) return;
    if (this.last + 1 > Math.min(...this.has) + this.group.window) return;
    this.last++;
    this.filled.set(this.last, this.waiting);
    this.waiting = [];
    this.broadcast();
    this.deliver();
  }

  private broadcast(): void {
    const { simulator, members, oneWayMs } = this.group;
    this.has[this.id] = this.last;
    const complete = Math.min(...this.has);
    this.completeAt[this.id] = complete;
    this.told = complete;
    for (const to of members) {
      if (to === this) continue;
      const message = { to, from: this.id, number: this.last, complete };
      simulator.schedule(oneWayMs[this.id][to.id], received, message);
    }
  }

  private deliver(): void {
    const everywhere = Math.min(...this.completeAt);
    for (const [number, writeSets] of this.filled) {
      if (number > everywhere) continue;
      this.filled.delete(number);
      for (const writeSet of writeSets) this.group.deliveredMs[writeSet] = this.group.simulator.now;
    }
  }
}

/** A group's order in its plainest form: a message is an event. */
export class NaiveGroup {
  readonly deliveredMs: number[] = [];
  readonly members: NaiveMember[];

  constructor(
    readonly simulator: Simulator,
    readonly oneWayMs: readonly (readonly number[])[],
    readonly window: number,
  ) {
    this.members = oneWayMs.map((_, id) => new NaiveMember(this, id));
  }

  send(member: number, writeSet: number): void {
    this.members[member].waiting.push(writeSet);
    this.members[member].sendWaiting();
  }
}
