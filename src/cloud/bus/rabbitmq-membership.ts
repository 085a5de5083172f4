import { defineEventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import { type BackendConstants, constantOf } from '../backend-constants.js';

/** What a member does that sees no majority: `cluster_partition_handling`. */
export type PartitionHandling = 'pause-minority' | 'ignore';

/** Who has to know of the members. */
export interface MembershipLegs {
  /** Between two members; Infinity where no way leads. */
  roundTripMs(a: number, b: number): number;
  /** A pair of members cannot reach each other any more; neither knows it yet. */
  parted(): void;
  /** A member gives another one up. */
  noticed(by: number, lost: number): void;
  /** A member that was started again begins to take part: everybody agrees on what there is. */
  joining(member: number): void;
  /** Who serves or sees whom is other than before. */
  changed(): void;
}

export interface MembershipSettings {
  readonly handling: PartitionHandling;
  /** When each member's ticks fall, as a share of their period; default: evenly spread. */
  readonly tickPhases?: readonly number[];
}

type MemberState =
  | 'serving'
  /** Killed, but its connections are not closed yet. */
  | 'closing'
  | 'dead'
  /** In a minority: alive, without connections of clients. */
  | 'paused'
  | 'booting';

/** Something that happens to a member, or to its view of another one. */
interface Change {
  readonly membership: RabbitMqMembership;
  readonly member: number;
  readonly other: number;
  /** Which parting of the pair, or boot of the member, it belongs to; another one makes it void. */
  readonly round: number;
}

const tickMissed = defineEventKind('rabbitmq-tick-missed', (change: Change) =>
  change.membership.missTicks(change),
);
const closed = defineEventKind('rabbitmq-closed', ({ membership, member }: Change) =>
  membership.close(member),
);
const lost = defineEventKind('rabbitmq-lost', ({ membership, member, other }: Change) =>
  membership.notice(member, other),
);
const pinged = defineEventKind('rabbitmq-recovery-ping', ({ membership, member }: Change) =>
  membership.lookForMajority(member),
);
const listed = defineEventKind('rabbitmq-listed', ({ membership, member }: Change) =>
  membership.list(member),
);
const booted = defineEventKind('rabbitmq-booted', (change: Change) =>
  change.membership.serve(change),
);

/**
 * Which brokers of a cluster serve, and which of them see each other. A closed connection tells at
 * once that a member died; one that is cut off is missed after some ticks of the Erlang
 * distribution. A member that sees no majority pauses: it closes its clients' connections until it
 * reaches a majority again. Equations: docs/models/rabbitmq.md.
 */
export class RabbitMqMembership {
  /** When a member was last listed as running by the others, in ms. */
  readonly listedAtMs: number[];
  private readonly states: MemberState[];
  /** Whether two members cannot reach each other, by [a * members + b]; and how often they parted. */
  private readonly isCut: boolean[];
  private readonly partings: number[];
  private readonly boots: number[];
  /** Whether the first takes the second for up. */
  private readonly seen: boolean[];

  constructor(
    private readonly simulator: Simulator,
    private readonly constants: BackendConstants,
    readonly members: number,
    private readonly settings: MembershipSettings,
    private readonly legs: MembershipLegs,
  ) {
    this.states = new Array(members).fill('serving');
    this.listedAtMs = new Array(members).fill(0);
    this.isCut = new Array(members ** 2).fill(false);
    this.partings = new Array(members ** 2).fill(0);
    this.boots = new Array(members).fill(0);
    this.seen = new Array(members ** 2).fill(true);
  }

  isServing(member: number): boolean {
    return this.states[member] === 'serving';
  }

  /** True between the kill of a member and the end of its connections: it answers nobody. */
  isClosing(member: number): boolean {
    return this.states[member] === 'closing';
  }

  isPaused(member: number): boolean {
    return this.states[member] === 'paused';
  }

  sees(member: number, other: number): boolean {
    return member === other || this.seen[member * this.members + other];
  }

  /** Whether messages get from one to the other and are answered there. */
  answers(from: number, to: number): boolean {
    return this.isServing(to) && (from === to || !this.isCut[from * this.members + to]);
  }

  /** Members that answer one, itself included, if it serves. */
  answering(member: number): number[] {
    return this.states.map((_, other) => other).filter((other) => this.answers(member, other));
  }

  isMajority(count: number): boolean {
    return 2 * count > this.members;
  }

  /** Its process ends now, as by kill -9. */
  kill(member: number): void {
    if (this.states[member] === 'dead' || this.states[member] === 'closing') return;
    this.states[member] = 'closing';
    const teardownMs = constantOf(this.constants, 'teardown-time');
    this.simulator.schedule(teardownMs, closed, this.change(member, member));
    this.legs.changed();
  }

  /** Its process is started again now. */
  restart(member: number): void {
    if (this.states[member] !== 'dead' && this.states[member] !== 'closing') return;
    const startMs = constantOf(this.constants, 'start-time');
    this.simulator.schedule(startMs, pinged, this.change(member, member));
  }

  /** Cuts members that stay together off from all others. */
  cutOff(members: readonly number[]): void {
    this.setCuts((a, b) => members.includes(a) !== members.includes(b));
  }

  /** Everybody can reach everybody again. */
  heal(): void {
    this.setCuts(() => false);
  }

  /** To be called when links went up or down: who can reach whom is read off the wire. */
  networkChanged(): void {
    this.setCuts((a, b) => this.legs.roundTripMs(a, b) === Number.POSITIVE_INFINITY);
  }

  /** For its own events, as is all that follows. */
  missTicks({ member, other, round }: Change): void {
    const pair = member * this.members + other;
    if (this.isCut[pair] && this.partings[pair] === round) this.notice(member, other);
  }

  close(member: number): void {
    this.states[member] = 'dead';
    for (let other = 0; other < this.members; other++) {
      this.seen[member * this.members + other] = false;
      const wayMs = this.legs.roundTripMs(member, other) / 2;
      if (other === member || wayMs === Number.POSITIVE_INFINITY) continue;
      this.simulator.schedule(wayMs, lost, this.change(other, member));
    }
    this.legs.changed();
  }

  notice(member: number, other: number): void {
    const pair = member * this.members + other;
    if (!this.seen[pair] || this.states[member] === 'dead') return;
    this.seen[pair] = false;
    this.legs.noticed(member, other);
    const inView = this.states.filter((_, one) => this.sees(member, one)).length;
    const pauses = this.settings.handling === 'pause-minority' && !this.isMajority(inView);
    if (pauses && this.isServing(member)) this.pause(member);
    this.legs.changed();
  }

  /** A member that is up, but does not serve, goes on as soon as it reaches a majority. */
  lookForMajority(member: number): void {
    if (this.states[member] === 'booting' || this.states[member] === 'serving') return;
    const near = this.states.filter((state, other) => {
      const isUp = other === member || (state !== 'dead' && state !== 'closing');
      return isUp && !this.isCut[member * this.members + other];
    });
    if (this.settings.handling === 'pause-minority' && !this.isMajority(near.length)) {
      const pingMs = constantOf(this.constants, 'recovery-ping');
      this.simulator.schedule(pingMs, pinged, this.change(member, member));
      return;
    }
    this.boot(member);
  }

  list(member: number): void {
    this.listedAtMs[member] = this.simulator.now;
  }

  serve({ member, round }: Change): void {
    if (this.states[member] !== 'booting' || this.boots[member] !== round) return;
    this.states[member] = 'serving';
    for (let other = 0; other < this.members; other++) {
      if (!this.answers(member, other)) continue;
      this.seen[member * this.members + other] = true;
      this.seen[other * this.members + member] = true;
    }
    this.legs.changed();
  }

  private pause(member: number): void {
    this.states[member] = 'paused';
    const pingMs = constantOf(this.constants, 'recovery-ping');
    this.simulator.schedule(pingMs, pinged, this.change(member, member));
  }

  private boot(member: number): void {
    if (this.states[member] === 'dead') this.legs.joining(member);
    this.states[member] = 'booting';
    const round = ++this.boots[member];
    const bootMs = constantOf(this.constants, 'boot-time');
    const roundTrips = constantOf(this.constants, 'boot-round-trips');
    const wireMs = roundTrips * this.widestMs(member);
    this.simulator.schedule(bootMs, listed, this.change(member, member));
    this.simulator.schedule(bootMs + wireMs, booted, this.change(member, member, round));
  }

  /** To the furthest member that it reaches. */
  widestMs(member: number): number {
    return this.states.reduce((most, _, other) => {
      const ms = other === member ? 0 : this.legs.roundTripMs(member, other);
      return ms === Number.POSITIVE_INFINITY ? most : Math.max(most, ms);
    }, 0);
  }

  private setCuts(isCut: (a: number, b: number) => boolean): void {
    let hasParted = false;
    for (let a = 0; a < this.members; a++) {
      for (let b = 0; b < this.members; b++) {
        const pair = a * this.members + b;
        const now = a !== b && isCut(a, b);
        if (now === this.isCut[pair]) continue;
        this.isCut[pair] = now;
        if (now) {
          hasParted = true;
          this.part(a, b);
        } else this.meet(a, b);
      }
    }
    if (hasParted) this.legs.parted();
    this.legs.changed();
  }

  /** Silence is noticed at the first tick before which all the tick time long nothing came. */
  private part(member: number, other: number): void {
    const pair = member * this.members + other;
    this.partings[pair]++;
    const tickTimeMs = constantOf(this.constants, 'net-tick-time');
    const periodMs = tickTimeMs / constantOf(this.constants, 'net-tick-intensity');
    const phase = this.settings.tickPhases?.[member] ?? (member + 0.5) / this.members;
    const ticks = Math.floor(this.simulator.now / periodMs - phase) + 1;
    const noticedMs = (ticks + phase) * periodMs + tickTimeMs;
    const change = this.change(member, other, this.partings[pair]);
    this.simulator.scheduleAt(noticedMs, tickMissed, change);
  }

  /** Who was given up meanwhile closed the connection, and the other one learns it now. */
  private meet(member: number, other: number): void {
    if (this.sees(member, other) || !this.sees(other, member)) return;
    const wayMs = this.legs.roundTripMs(member, other) / 2;
    this.simulator.schedule(wayMs, lost, this.change(other, member));
  }

  private change(member: number, other: number, round = 0): Change {
    return { membership: this, member, other, round };
  }
}
