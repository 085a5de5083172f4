import type { EventKind } from '../../kernel/event-kind.js';
import type { ServerResult } from '../server-meter.js';

/** A messaging domain: what happens to a message between its publisher's and its consumer's wire. */
export interface Bus {
  readonly id: string;
  readonly backend: string;
  /** Site of each broker. */
  readonly memberSites: readonly number[];
  /** The broker that a client of this site connects to: the nearest, ties the first. */
  memberFor(site: number): number;
  /**
   * A client has so many connections more (fewer, if negative): memory, heartbeats, and the CPU of
   * setting them up, unless the run has not begun yet: then they are there already.
   */
  connect(member: number, connections: number): void;
  /**
   * Registers a queue whose leader is on a member; its id. A transient one, such as that of a
   * caller's replies, is never replicated.
   */
  declareQueue(name: string, homeMember: number, isTransient?: boolean): number;
  /**
   * A message stands at the publisher's broker; the continuation runs when it leaves the consumer's
   * broker towards the consumer. Messages of one queue that take the same way keep their order. It
   * never runs where the brokers cannot reach each other.
   */
  relay<Target>(
    queue: number,
    publisherMember: number,
    consumerMember: number,
    bytes: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void;
  /** The work of a fanout's copies, for consumers that nobody waits for. */
  relayCopies(
    queue: number,
    publisherMember: number,
    consumerMember: number,
    bytes: number,
    copies: number,
  ): void;
  /** From the arrival of a publish to the departure of its confirm, in ms, with cores to spare. */
  confirmMs(queue: number, publisherMember: number): number;
  /** Links went up or down; for a bus whose brokers watch each other. */
  networkChanged?(): void;
  /** The process of a broker is killed, or started again; for a bus that knows what follows. */
  changeBroker?(member: number, change: 'kill' | 'restart'): void;
  resetStatistics(): void;
  /** A row for each broker. */
  results(): ServerResult[];
}
