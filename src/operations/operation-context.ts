import type { ComputeHost, ServerRecord } from '../cloud/compute-host.js';
import type { EventKind } from '../kernel/event-kind.js';
import type { Activity } from './activity.js';
import type { ClientOperation } from './compile-release.js';

/** What one request of a user, or one periodic task, is about; shared by all its activities. */
export class OperationContext {
  host: ComputeHost | undefined;
  server: ServerRecord | undefined;
  /** True from the claim of a host until a server stands on it or the claim was given back. */
  claimed = false;
  ended = false;
  failure = '';
  /** The client's own steps are over. */
  clientReturned = false;
  /** Bit i: milestone i of the operation was reached. */
  reached = 0;
  /** Bit i: signal i was given. */
  signals = 0;
  /** Activities that wait for a signal. */
  waiters: { activity: Activity; signal: number }[] | undefined;
  endKind: EventKind<unknown> | undefined;
  endTarget: unknown;
  endArgument = 0;
  /** Activities that are about it. */
  activityCount = 0;

  constructor(
    /** Unique in a run: it names the locks of the operation's server. */
    public id: number,
    /** Undefined for a periodic task. */
    readonly operation: ClientOperation | undefined,
    /** Site of the client, or of the process that runs the task. */
    public site: number,
    readonly startMs: number,
    /** False: it began before the warm-up cut. */
    readonly measured: boolean,
  ) {}

  /** Begins anew, for another run of a periodic task. */
  restart(id: number, site: number): void {
    this.id = id;
    this.site = site;
    this.host = undefined;
    this.server = undefined;
    this.claimed = false;
    this.ended = false;
    this.failure = '';
    this.signals = 0;
    this.waiters = undefined;
  }

  hasReached(milestone: number): boolean {
    const position = this.operation ? this.operation.milestones.indexOf(milestone) : -1;
    return position >= 0 && (this.reached & (1 << position)) !== 0;
  }

  get complete(): boolean {
    const { operation } = this;
    if (!operation) return false;
    return (this.reached & (1 << (operation.milestones.length - 1))) !== 0;
  }
}
