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

interface Change {
  readonly membership: GaleraMembership;
  readonly members: readonly number[];
}

const viewChanged = defineEventKind('galera-view', ({ membership, members }: Change) =>
  membership.changeView(members),
);
const refused = defineEventKind('galera-non-primary', ({ membership, members }: Change) =>
  membership.refuse(members),
);

/**
 * Which members are in the primary component. While one is out of reach nothing can be ordered, so
 * all wait until it is suspected and a new view without it is agreed on; then a majority goes on and
 * a minority refuses. Equations: docs/models/galera.md.
 */
export class GaleraMembership {
  /** When the last view was agreed on, in ms. */
  viewMs = 0;
  private readonly side: number[];
  private readonly primary: boolean[];

  constructor(
    private readonly simulator: Simulator,
    private readonly constants: BackendConstants,
    private readonly members: number,
    private readonly replication: GaleraReplication,
    private readonly legs: MembershipLegs,
  ) {
    this.side = new Array(members).fill(0);
    this.primary = new Array(members).fill(true);
  }

  isPrimary(member: number): boolean {
    return this.primary[member];
  }

  /** True where no message gets from one to the other. */
  areApart(from: number, to: number): boolean {
    return this.side[from] !== this.side[to];
  }

  /** Happens now to members that stay together. */
  fail(members: readonly number[], fault: MemberFault): void {
    const { simulator } = this;
    const change = { membership: this, members };
    const agreementMs = constantOf(this.constants, 'view-round-trips') * this.legs.roundTripMs();
    for (const member of members) this.side[member] = 1;
    if (fault === 'leave') {
      this.refuse(members);
      simulator.schedule(this.leaveMs(), viewChanged, change);
      return;
    }
    if (fault === 'kill') {
      this.refuse(members);
      simulator.schedule(this.suspectMs() + agreementMs, viewChanged, change);
      return;
    }
    const noticedMs = this.suspectMs() + constantOf(this.constants, 'inactive-wait');
    simulator.schedule(noticedMs, refused, { membership: this, members: this.minority(members) });
    simulator.schedule(noticedMs + agreementMs, viewChanged, change);
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

  /** For its own events: the others go on, if they are a majority of the last view. */
  changeView(members: readonly number[]): void {
    this.viewMs = this.simulator.now;
    const rest = this.members - members.length;
    if (members.length > 0 && 2 * rest > this.members) this.replication.group.remove(members);
    else this.refuse(this.others(members));
  }

  /** For its own events. */
  refuse(members: readonly number[]): void {
    for (const member of members) {
      if (!this.primary[member]) continue;
      this.primary[member] = false;
      this.legs.refuse(member);
    }
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

  /** Of two sides, those that do not have more than half. */
  private minority(members: readonly number[]): readonly number[] {
    return 2 * members.length > this.members ? this.others(members) : members;
  }

  private others(members: readonly number[]): number[] {
    return this.primary.map((_, member) => member).filter((member) => !members.includes(member));
  }
}
