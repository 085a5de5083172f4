import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import type { RandomStream } from '../../random/index.js';
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

/** A member that the leader left behind. */
interface Survivor {
  readonly member: number;
  /** The last in which it voted. */
  term: number;
  /** When it stops to trust that the leader is there (its lease). */
  freeMs: number;
  /** When it asks for votes. */
  timeoutMs: number;
}

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
 * the member whose election timeout is over first asks for votes, which may be split.
 * Constants: models/backends/etcd.yaml; equations: docs/models/etcd.md.
 */
export class Etcd {
  private leader: number;
  private readonly gone: boolean[];
  private readonly requestMs: number;
  private readonly agreementMs: number;
  private readonly entryMs: number;
  private readonly syncMs: number;

  constructor(private readonly options: EtcdOptions) {
    const { constants, members, leader } = options;
    this.leader = leader;
    this.gone = members.map(() => false);
    this.requestMs = constantOf(constants, 'cpu-per-request');
    this.agreementMs = constantOf(constants, 'cpu-per-agreement');
    this.entryMs = constantOf(constants, 'cpu-per-entry');
    this.syncMs = constantOf(constants, 'sync-per-entry');
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
   * @returns ms until a survivor has the votes of a majority; Infinity without one
   */
  loseLeader(): number {
    const { members, heartbeatMs, electionMs, stream } = this.options;
    this.gone[this.leader] = true;
    const survivors = members.map((_, member) => member).filter((member) => !this.gone[member]);
    if (survivors.length <= members.length / 2) return Infinity;
    const heardMs = -heartbeatMs * stream.uniform();
    // A member counts whole ticks from the last heartbeat; each ticks in a phase of its own.
    const candidates = survivors.map((member): Survivor => {
      const firstTickMs = heardMs + heartbeatMs * stream.uniform();
      const lease = Math.max(1, Math.round(electionMs / heartbeatMs)) - 1;
      const freeMs = firstTickMs + lease * heartbeatMs;
      return {
        member,
        term: 0,
        freeMs,
        timeoutMs: firstTickMs + this.drawTimeoutMs() - heartbeatMs,
      };
    });
    for (;;) {
      candidates.sort((a, b) => a.timeoutMs - b.timeoutMs || a.member - b.member);
      const [{ member }] = candidates;
      const electedMs = this.poll(candidates);
      if (electedMs < Infinity) {
        this.leader = member;
        return electedMs;
      }
    }
  }

  /**
   * The first candidate asks for votes in a new term. Who heard of a leader within the election
   * timeout ignores it; who has voted in that term, or asks for votes itself, refuses.
   * @returns when it has the votes of a majority; Infinity where it has not: it will ask again
   */
  private poll([first, ...others]: readonly Survivor[]): number {
    const candidateMs = first.timeoutMs;
    first.term++;
    first.freeMs = candidateMs;
    first.timeoutMs = candidateMs + this.drawTimeoutMs();
    const answersMs: number[] = [];
    for (const other of others) {
      const askedMs = candidateMs + this.wayMs(first.member, other.member);
      const grants =
        other.term < first.term && askedMs >= other.freeMs && askedMs < other.timeoutMs;
      if (!grants) continue;
      other.term = first.term;
      other.timeoutMs = askedMs + this.drawTimeoutMs();
      answersMs.push(askedMs + this.wayMs(other.member, first.member));
    }
    const needed = Math.floor(this.options.members.length / 2);
    answersMs.sort((a, b) => a - b);
    return answersMs[needed - 1] ?? Infinity;
  }

  /** Whole ticks of a heartbeat: from the election timeout up to one tick below twice that. */
  private drawTimeoutMs(): number {
    const { heartbeatMs, electionMs, stream } = this.options;
    const ticks = Math.max(1, Math.round(electionMs / heartbeatMs));
    return heartbeatMs * (ticks + Math.floor(ticks * stream.uniform()));
  }

  /** How long after its election a leader is known to a member. */
  newsMs(member: number): number {
    return this.wayMs(this.leader, member);
  }

  private wayMs(from: number, to: number): number {
    const { members, wire, traffic } = this.options;
    if (from === to) return 0;
    return wire.transitMs(members[from].site, members[to].site, ENTRY_BYTES, traffic);
  }
}
