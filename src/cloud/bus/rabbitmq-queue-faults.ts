import { defineEventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import { type BackendConstants, constantOf } from '../backend-constants.js';
import { type PartitionHandling, RabbitMqMembership } from './rabbitmq-membership.js';

/** How queues are kept by more than one member. */
export type QueueReplication = 'none' | 'mirrored' | 'quorum';

/** A queue whose leader may move. */
export interface MovableQueue {
  home: number;
  readonly isReplicated: boolean;
}

/** What a message for a queue meets at its publisher's broker. */
export type Availability =
  | 'open'
  /** Nobody knows yet, or the queue gets another leader: it waits. */
  | 'waiting'
  /** The queue is known to be down: it is not acknowledged. */
  | 'refused'
  /** The broker has no clients: their connections are closed. */
  | 'closed';

export interface QueueFaultOptions {
  readonly simulator: Simulator;
  readonly constants: BackendConstants;
  readonly members: number;
  readonly replication: QueueReplication;
  readonly handling: PartitionHandling;
  /** Plain queues outlive their node and wait for it; else clients declare them anew elsewhere. */
  readonly isDurable: boolean;
  readonly tickPhases?: readonly number[];
  readonly queues: readonly MovableQueue[];
  roundTripMs(a: number, b: number): number;
  /** Who serves, or what a queue's leader is, is other than before. */
  changed(): void;
}

/** Something that goes on when a queue may be open again. */
export interface Waiting {
  retry(): void;
}

interface Move {
  readonly faults: QueueFaults;
  readonly queue: MovableQueue;
  /** A member that takes part in the decision. */
  readonly voter: number;
}

const moved = defineEventKind('rabbitmq-queue-moved', (move: Move) => move.faults.move(move));
const suspected = defineEventKind('rabbitmq-leader-suspected', (faults: QueueFaults) =>
  faults.suspect(),
);
const stallOver = defineEventKind('rabbitmq-stall-over', (faults: QueueFaults) => faults.goOn());

/**
 * What becomes of queues when members fail: a plain queue is down with its node (or declared anew
 * elsewhere, if it is not durable), of mirrored ones the oldest mirror is promoted, and the members
 * of a quorum queue elect another leader. Equations: docs/models/rabbitmq.md.
 */
export class QueueFaults {
  readonly membership: RabbitMqMembership;
  private waiting: Waiting[] = [];
  /** Until when nobody serves, as a member that was started again joins. */
  private stalledUntilMs = 0;
  /** Until when mirrored queues wait for their ring to be closed again. */
  private ringOpenUntilMs = 0;

  constructor(private readonly options: QueueFaultOptions) {
    const { simulator, constants, members, handling, tickPhases } = options;
    this.membership = new RabbitMqMembership(
      simulator,
      constants,
      members,
      { handling, ...(tickPhases ? { tickPhases } : {}) },
      {
        roundTripMs: options.roundTripMs,
        parted: () => this.foreseeElections(),
        noticed: (by, lost) => this.replaceLeaders(by, lost),
        joining: (member) => this.stall(member),
        changed: () => this.goOn(),
      },
    );
  }

  /** What a message of a client of this member meets on its way into the queue. */
  availability(queue: MovableQueue, publisher: number): Availability {
    const { membership, options } = this;
    const { now } = options.simulator;
    if (membership.isClosing(publisher)) return 'waiting';
    if (!membership.isServing(publisher)) return 'closed';
    if (now < this.stalledUntilMs) return 'waiting';
    const { home } = queue;
    const isQuorum = queue.isReplicated && options.replication === 'quorum';
    if (!membership.answers(publisher, home)) {
      // Clients of a quorum queue hold their messages until somebody leads it.
      if (isQuorum) return 'waiting';
      if (queue.isReplicated && this.heirsOf(queue, publisher).length > 0) return 'waiting';
      return membership.sees(publisher, home) ? 'waiting' : 'refused';
    }
    if (!queue.isReplicated) return 'open';
    if (isQuorum) return this.hasMajority(home) ? 'open' : 'waiting';
    if (now < this.ringOpenUntilMs) return 'waiting';
    return this.mirrorsOf(home).every((mirror) => membership.answers(home, mirror))
      ? 'open'
      : 'waiting';
  }

  /** Members that a queue's leader takes for up, itself among them. */
  mirrorsOf(home: number): number[] {
    return Array.from({ length: this.options.members }, (_, member) => member).filter((member) =>
      this.membership.sees(home, member),
    );
  }

  /** To be tried again when something changes. */
  park(waiting: Waiting): void {
    this.waiting.push(waiting);
  }

  /** For its own events, as is all that follows: everything that waits looks again, in its order. */
  goOn(): void {
    this.options.changed();
    const { waiting } = this;
    this.waiting = [];
    for (const one of waiting) one.retry();
  }

  /** Members that are cut off from a quorum queue's leader elect one, if they are a majority. */
  suspect(): void {
    for (const queue of this.options.queues) {
      if (!queue.isReplicated) continue;
      const voter = this.voterWithout(queue.home);
      if (voter !== undefined) this.elect(queue, voter);
    }
  }

  move({ queue, voter }: Move): void {
    const { membership, options } = this;
    if (membership.answers(voter, queue.home)) return;
    const [heir] = this.heirsOf(queue, voter);
    if (heir === undefined) return;
    const isQuorum = queue.isReplicated && options.replication === 'quorum';
    if (isQuorum && this.hasMajority(queue.home)) return;
    queue.home = heir;
    this.goOn();
  }

  private hasMajority(leader: number): boolean {
    const { membership } = this;
    return (
      membership.isServing(leader) && membership.isMajority(membership.answering(leader).length)
    );
  }

  /** Who may lead the queue, as a member sees it: in the order of age, which is that of members. */
  private heirsOf(queue: MovableQueue, member: number): number[] {
    const { membership, options } = this;
    const heirs = membership.answering(member);
    const needsMajority = options.replication === 'quorum' || options.handling === 'pause-minority';
    if (needsMajority && !membership.isMajority(heirs.length)) return [];
    return heirs.filter((heir) => heir !== queue.home);
  }

  /** A member that serves, reaches a majority and not the leader; undefined if there is none. */
  private voterWithout(leader: number): number | undefined {
    const { membership, options } = this;
    for (let member = 0; member < options.members; member++) {
      if (!membership.isServing(member) || membership.answers(member, leader)) continue;
      if (membership.isMajority(membership.answering(member).length)) return member;
    }
    return undefined;
  }

  private foreseeElections(): void {
    if (this.options.replication !== 'quorum') return;
    const suspicionMs = constantOf(this.options.constants, 'leader-suspicion-time');
    this.options.simulator.schedule(suspicionMs, suspected, this);
  }

  private replaceLeaders(by: number, lost: number): void {
    const { options, membership } = this;
    if (options.replication === 'mirrored' && membership.isServing(by)) this.closeRing(by);
    for (const queue of options.queues) {
      if (queue.home !== lost || !membership.isServing(by)) continue;
      if (!queue.isReplicated) {
        if (!options.isDurable) this.schedule(0, queue, by);
      } else if (options.replication === 'quorum') this.elect(queue, by);
      else this.schedule(this.ringMs(by), queue, by);
    }
  }

  private elect(queue: MovableQueue, voter: number): void {
    const timeoutMs = constantOf(this.options.constants, 'election-timeout');
    this.schedule(timeoutMs + this.membership.widestMs(voter), queue, voter);
  }

  private schedule(delayMs: number, queue: MovableQueue, voter: number): void {
    this.options.simulator.schedule(delayMs, moved, { faults: this, queue, voter });
  }

  /** Mirrors that are left close their ring before they go on. */
  private closeRing(by: number): void {
    const { simulator } = this.options;
    const untilMs = simulator.now + this.ringMs(by);
    if (untilMs <= this.ringOpenUntilMs) return;
    this.ringOpenUntilMs = untilMs;
    simulator.scheduleAt(untilMs, stallOver, this);
  }

  private ringMs(member: number): number {
    const roundTrips = constantOf(this.options.constants, 'ring-round-trips');
    return roundTrips * this.membership.widestMs(member);
  }

  private stall(member: number): void {
    const { simulator, constants } = this.options;
    const roundTrips = constantOf(constants, 'join-stall-round-trips');
    const stallMs =
      constantOf(constants, 'join-stall-time') + roundTrips * this.membership.widestMs(member);
    this.stalledUntilMs = simulator.now + stallMs;
    simulator.scheduleAt(this.stalledUntilMs, stallOver, this);
  }
}
