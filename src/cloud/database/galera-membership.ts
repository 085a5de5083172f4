import { defineEventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import { type BackendConstants, constantOf } from '../backend-constants.js';
import type { GaleraReplication } from './galera-replication.js';

/** What happens to a member. */
export type MemberFault =
  /** Cut off from all others. */
  | 'partition'
  /** Its process ends at once. */
  | 'kill'
  /** It says good-bye. */
  | 'leave';

/** What the membership asks of its database. */
export interface MembershipLegs {
  /** Between the two members furthest from each other, in ms. */
  roundTripMs(): number;
  /** A member takes no more commits: those that wait there fail. */
  refuse(member: number): void;
}

/** A change of who reaches whom, by its number; a later one makes it void. */
interface Change {
  readonly membership: GaleraMembership;
  readonly number: number;
}

const viewChanged = defineEventKind('galera-view', ({ membership, number }: Change) =>
  membership.changeView(number),
);
const noticed = defineEventKind('galera-non-primary', ({ membership, number }: Change) =>
  membership.notice(number),
);

/** Default of evs.retrans period: messages lost in a short cut are sent again after so long, in ms. */
const RETRANSMIT_MS = 1000;

/** Side of a member that was killed or has left, less its position. */
const ALONE = 2 ** 16;

/**
 * Which members are in the primary component. While one is out of reach nothing can be ordered, so
 * all wait until it is suspected and a new view without it is agreed on; then a majority of the last
 * view goes on and a minority refuses. When they reach each other again, they merge into one view.
 * Equations: docs/models/galera.md.
 */
export class GaleraMembership {
  /** When the last view was agreed on, in ms. */
  viewMs = 0;
  /** Members of one side reach each other. */
  private readonly side: number[];
  /** Who takes part in the primary component now, and who did in the last that there was. */
  private readonly primary: boolean[];
  private view: boolean[];
  private changes = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly constants: BackendConstants,
    members: number,
    private readonly replication: GaleraReplication,
    private readonly legs: MembershipLegs,
  ) {
    this.side = new Array(members).fill(0);
    this.primary = new Array(members).fill(true);
    this.view = new Array(members).fill(true);
  }

  isPrimary(member: number): boolean {
    return this.primary[member];
  }

  /** True where no message gets from one to the other. */
  areApart(from: number, to: number): boolean {
    return this.side[from] !== this.side[to];
  }

  /** Happens now to members; cut off together they stay together. */
  fail(members: readonly number[], fault: MemberFault): void {
    if (fault === 'partition') {
      this.networkChanged(this.side.map((side, one) => (members.includes(one) ? ALONE : side)));
      return;
    }
    for (const member of members) this.side[member] = ALONE + member;
    this.refuse(members);
    this.changes++;
    const delayMs = fault === 'leave' ? this.leaveMs() : this.suspectMs() + this.agreementMs();
    this.schedule(viewChanged, delayMs);
  }

  /** Who reaches whom now: members of one side reach each other. */
  networkChanged(sides: readonly number[]): void {
    if (sides.every((side, member) => side === this.side[member])) return;
    sides.forEach((side, member) => {
      this.side[member] = side;
    });
    this.changes++;
    const viewed = this.all().filter((member) => this.view[member]);
    if (viewed.some((member) => this.side[member] !== this.side[viewed[0]])) {
      const noticedMs = this.suspectMs() + constantOf(this.constants, 'inactive-wait');
      this.schedule(noticed, noticedMs);
      this.schedule(viewChanged, noticedMs + this.agreementMs());
    } else {
      const wasShort = this.primary.every((isPrimary) => isPrimary);
      this.schedule(viewChanged, wasShort ? RETRANSMIT_MS : this.mergeMs());
    }
  }

  /** Until a member that was killed or left has started and fetched what it missed, in ms. */
  rejoinMs(fault: MemberFault): number {
    // Who left in order knows what it has, and fetches the rest alone.
    if (fault === 'leave') return constantOf(this.constants, 'clean-start-time');
    const startMs = constantOf(this.constants, 'restart-time');
    return startMs + constantOf(this.constants, 'rejoin-round-trips') * this.legs.roundTripMs();
  }

  /** Until all are in one view again after a partition has healed, in ms. */
  mergeMs(): number {
    return constantOf(this.constants, 'merge-round-trips') * this.legs.roundTripMs();
  }

  /** For its own events: who is out of reach of a majority takes nothing more. */
  notice(number: number): void {
    if (number === this.changes) this.refuse(this.outside(this.majoritySide()));
  }

  /** For its own events: a majority of the last view goes on, with all that it reaches. */
  changeView(number: number): void {
    if (number !== this.changes) return;
    this.viewMs = this.simulator.now;
    const side = this.majoritySide();
    this.refuse(this.outside(side));
    if (side === undefined) return;
    const members = this.all().filter((member) => this.side[member] === side);
    const rejoined = members.filter((member) => !this.primary[member]);
    const left = this.all().filter((member) => this.view[member] && this.side[member] !== side);
    for (const member of members) this.primary[member] = true;
    this.view = this.side.map((own) => own === side);
    if (left.length > 0) this.replication.group.remove(left);
    if (left.length === 0 || rejoined.length > 0) this.replication.merge(members, rejoined);
  }

  private schedule(kind: typeof viewChanged, delayMs: number): void {
    this.simulator.schedule(delayMs, kind, { membership: this, number: this.changes });
  }

  /** The side with more than half of the last view. */
  private majoritySide(): number | undefined {
    const viewed = this.all().filter((member) => this.view[member]);
    return this.side.find(
      (side) => 2 * viewed.filter((member) => this.side[member] === side).length > viewed.length,
    );
  }

  private outside(side: number | undefined): number[] {
    return this.all().filter((member) => this.side[member] !== side);
  }

  private refuse(members: readonly number[]): void {
    for (const member of members) {
      if (!this.primary[member]) continue;
      this.primary[member] = false;
      this.legs.refuse(member);
    }
  }

  private all(): number[] {
    return this.side.map((_, member) => member);
  }

  private agreementMs(): number {
    return constantOf(this.constants, 'view-round-trips') * this.legs.roundTripMs();
  }

  private suspectMs(): number {
    return (
      constantOf(this.constants, 'suspect-timeout') + constantOf(this.constants, 'suspect-check')
    );
  }

  private leaveMs(): number {
    const roundTrips = constantOf(this.constants, 'leave-round-trips');
    return constantOf(this.constants, 'leave-time') + roundTrips * this.legs.roundTripMs();
  }
}
