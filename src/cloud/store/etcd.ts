import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import type { Distribution, RandomStream } from '../../random/index.js';
import { uniform } from '../../random/index.js';
import { type BackendConstants, constantOf } from '../backend-constants.js';
import type { Member, Wire } from '../wire.js';

const ENTRY_BYTES = 200;

/** What an etcd cluster is made of. */
export interface EtcdOptions {
  readonly constants: BackendConstants;
  readonly simulator: Simulator;
  readonly wire: Wire;
  /** Kind of traffic between members. */
  readonly traffic: number;
  readonly members: readonly Member[];
  /** Index of the leader at the start. */
  readonly leader: number;
  readonly heartbeatMs: number;
  readonly electionMs: number;
  /** Draws election timeouts. */
  readonly stream: RandomStream;
}

/** Requests of etcd's key/value API, by how far they must be known. */
export type EtcdRequest = 'put' | 'get' | 'getserial';

/** A request on its way through the cluster. */
class Passage {
  member = 0;
  request: EtcdRequest = 'put';
  kind: EventKind<unknown> | undefined;
  target: unknown;
  argument = 0;

  constructor(readonly etcd: Etcd) {}
}

const atLeader = defineEventKind('etcd-at-leader', (passage: Passage) =>
  passage.etcd.propose(passage),
);
const logged = defineEventKind('etcd-logged', (passage: Passage) =>
  passage.etcd.replicate(passage),
);
const agreed = defineEventKind('etcd-agreed', (passage: Passage) => passage.etcd.reply(passage));
const replied = defineEventKind('etcd-replied', (passage: Passage) => {
  passage.kind?.run(passage.target, passage.argument);
});

/**
 * An etcd cluster (Raft): a put is in the log of a majority before it is answered, a linearizable
 * get asks a majority whether the leader still leads, a serializable get is answered by the member
 * that is asked. A member that does not lead forwards to the one that does. When the leader is gone,
 * the member whose election timeout is over first is elected by a majority.
 * Constants: models/backends/etcd.yaml; equations: docs/models/etcd.md.
 */
export class Etcd {
  private leader: number;
  private readonly gone: boolean[];
  private readonly requestMs: number;
  private readonly agreementMs: number;
  private readonly entryMs: number;
  private readonly syncMs: number;
  private readonly timeouts: Distribution;

  constructor(private readonly options: EtcdOptions) {
    const { constants, members, leader, heartbeatMs, electionMs } = options;
    this.leader = leader;
    this.gone = members.map(() => false);
    this.requestMs = constantOf(constants, 'cpu-per-request');
    this.agreementMs = constantOf(constants, 'cpu-per-agreement');
    this.entryMs = constantOf(constants, 'cpu-per-entry');
    this.syncMs = constantOf(constants, 'sync-per-entry');
    // Timeouts are whole ticks of a heartbeat: from electionMs up to one tick below twice that.
    this.timeouts = uniform(electionMs, 2 * electionMs - heartbeatMs);
  }

  /** Asks a member; the continuation runs when its answer leaves. Never, where no majority is left. */
  ask<Target>(
    member: number,
    request: EtcdRequest,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    const passage = new Passage(this);
    passage.member = member;
    passage.request = request;
    passage.kind = kind as EventKind<unknown>;
    passage.target = target;
    passage.argument = argument;
    const { members } = this.options;
    if (request === 'getserial') {
      members[member].cpu.submit(this.requestMs, replied, passage, argument);
      return;
    }
    const wayMs = this.gone[this.leader] ? Infinity : this.wayMs(member, this.leader);
    if (wayMs < Infinity) this.options.simulator.schedule(wayMs, atLeader, passage, argument);
  }

  /** For its own events, as are the next two. */
  propose(passage: Passage): void {
    const isPut = passage.request === 'put';
    const demandMs = this.requestMs + this.agreementMs + (isPut ? this.entryMs : 0);
    this.options.members[this.leader].cpu.submit(demandMs, logged, passage, passage.argument);
  }

  /** Members write the entry at the same time as the leader, which counts itself. */
  replicate(passage: Passage): void {
    const isPut = passage.request === 'put';
    const waysMs = this.options.members
      .map((_, member) => member)
      .filter((member) => member !== this.leader && !this.gone[member])
      .map((member) => 2 * this.wayMs(this.leader, member))
      .sort((a, b) => a - b);
    const needed = Math.floor(this.options.members.length / 2);
    if (waysMs.length < needed) return;
    const majorityMs = waysMs[needed - 1] + (isPut ? this.syncMs : 0);
    if (majorityMs < Infinity) {
      this.options.simulator.schedule(majorityMs, agreed, passage, passage.argument);
    }
  }

  reply(passage: Passage): void {
    const wayMs = this.wayMs(this.leader, passage.member);
    if (wayMs === Infinity) return;
    this.options.simulator.schedule(wayMs, replied, passage, passage.argument);
  }

  /**
   * The leader is gone, now, at a random point of its heartbeat.
   * @returns ms until a survivor leads and has committed its first entry; Infinity without a majority
   */
  loseLeader(): number {
    const { members, heartbeatMs, stream } = this.options;
    this.gone[this.leader] = true;
    const survivors = members.map((_, member) => member).filter((member) => !this.gone[member]);
    if (survivors.length <= members.length / 2) return Infinity;
    const sinceHeartbeatMs = heartbeatMs * stream.uniform();
    const timeoutsMs = survivors.map(() => this.timeouts.sample(stream));
    const firstMs = Math.min(...timeoutsMs);
    this.leader = survivors[timeoutsMs.indexOf(firstMs)];
    const needed = Math.floor(members.length / 2);
    const roundTripsMs = survivors
      .filter((member) => member !== this.leader)
      .map((member) => 2 * this.wayMs(this.leader, member))
      .sort((a, b) => a - b);
    // Votes, then the empty entry with which a leader begins its term.
    const roundMs = roundTripsMs[needed - 1];
    return Math.max(0, firstMs - sinceHeartbeatMs) + 2 * roundMs + this.syncMs;
  }

  private wayMs(from: number, to: number): number {
    const { members, wire, traffic } = this.options;
    if (from === to) return 0;
    return wire.transitMs(members[from].site, members[to].site, ENTRY_BYTES, traffic);
  }
}
