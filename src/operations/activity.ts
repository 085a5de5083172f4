import type { RowWrite } from '../cloud/database/row-write.js';
import type { DeployedGroup } from '../cloud/deployed-group.js';
import type { ServiceInstance, Worker } from '../cloud/service-instance.js';
import { defineEventKind } from '../kernel/event-kind.js';
import type { EventHandle } from '../kernel/simulator.js';
import type { ConnectionPool } from '../resources/connection-pool.js';
import type { Instruction } from './instruction.js';
import type { OperationContext } from './operation-context.js';
import type { TimeAccounts } from './time-accounts.js';

/** How a frame was entered, and so what its end gives back. */
export const Entry = { Base: 0, Rest: 1, Rpc: 2, Inline: 3 } as const;
export type Entry = (typeof Entry)[keyof typeof Entry];

/** One procedure in progress: where it stands, where it runs, what it holds. */
export class Frame {
  program: readonly Instruction[] = [];
  address = 0;
  site = 0;
  /** Undefined for a client. */
  group: DeployedGroup | undefined;
  instance: ServiceInstance | undefined;
  worker: Worker | undefined;
  /** Cell whose `nova` database it means, or -1. */
  cell = -1;
  entry: Entry = Entry.Base;
  /** A queued request for a slot, lock or connection was granted; the instruction runs again. */
  granted = false;
  /** The call in progress: who answers. */
  targetGroup: DeployedGroup | undefined;
  targetInstance: ServiceInstance | undefined;
  /** Bytes of the answer to the RPC call in progress. */
  replyBytes = 0;
  timer: EventHandle = 0;
  /** The database checkout in progress. */
  pool: ConnectionPool | undefined;
  database = -1;
  /** Times that the transaction in progress was begun again. */
  retries = 0;
  replica = 0;
  /** When it began, or -1 where there is none. */
  checkoutMs = -1;
  /** Of a transaction that writes a row that others write too; made when there is the first. */
  write: RowWrite | undefined;
  readonly repeats: number[] = [];
  readonly locks: number[] = [];

  /** Runs at the same place as another frame, which keeps what it holds. */
  standBeside(other: Frame, address: number): void {
    this.program = other.program;
    this.address = address;
    this.site = other.site;
    this.group = other.group;
    this.instance = other.instance;
    this.worker = other.worker;
    this.cell = other.cell;
    this.targetGroup = other.targetGroup;
    this.targetInstance = other.targetInstance;
    this.entry = Entry.Base;
  }

  clear(): void {
    this.group = undefined;
    this.instance = undefined;
    this.worker = undefined;
    this.targetGroup = undefined;
    this.targetInstance = undefined;
    this.pool = undefined;
    this.cell = -1;
    if (this.checkoutMs >= 0) this.checkoutMs = -1;
    this.granted = false;
    this.retries = 0;
    this.timer = 0;
    // Setting a length costs even where it changes nothing.
    if (this.repeats.length > 0) this.repeats.length = 0;
    if (this.locks.length > 0) this.locks.length = 0;
  }
}

/** Who continues an activity when what it waited for has happened. */
export interface ActivityRunner {
  readonly accounts: TimeAccounts;
  resume(activity: Activity): void;
  callTimedOut(activity: Activity, depth: number): void;
  unreachable(activity: Activity): void;
  poolTimedOut(activity: Activity): void;
}

/**
 * A thread of control: a stack of frames that follows calls from process to process, and the
 * account of where its time went. Forks, casts and spawned work are activities of their own that
 * begin with a copy of the account, so the account of whoever reaches a milestone adds up to the
 * time since the operation began.
 */
export class Activity {
  readonly frames: Frame[] = [new Frame()];
  depth = 0;
  /** `frames[depth]`: to read it there is to wait for the array, too. */
  frame = this.frames[0];
  /** What it waits for now, an index in TIME_CATEGORIES. */
  category = 0;
  context!: OperationContext;
  /** Who joins it, for a branch of a fork. */
  parent: Activity | undefined;
  branchesLeft = 0;
  /** True while its branches are being started. */
  forking = false;
  branchFailure = '';
  /** False for spawned work: its failure does not fail the operation. */
  critical = true;
  /** True for the client's own steps (or a periodic task's), whose end is the request's. */
  isClient = false;
  /** Depth of the frame whose caller gave up waiting; -1: nobody gave up. */
  orphanDepth = -1;

  constructor(
    readonly runner: ActivityRunner,
    /** From 0, without gaps; its account has the same number. */
    readonly id: number,
  ) {}

  push(): Frame {
    const depth = this.depth + 1;
    if (depth === this.frames.length) this.frames.push(new Frame());
    return this.standAt(depth);
  }

  /** Goes on in the frame at a depth. */
  standAt(depth: number): Frame {
    this.depth = depth;
    this.frame = this.frames[depth];
    return this.frame;
  }

  /** Begins its account with what is in another's. */
  beginAccount(nowMs: number, from: Activity): void {
    this.runner.accounts.beginAs(this.id, from.id, nowMs);
  }

  /** Charges the time since the last charge to what it waited for. */
  charge(nowMs: number): void {
    this.runner.accounts.charge(this.id, this.category, nowMs);
  }
}

/** Continues an activity; the argument is its id, for the fingerprint. */
export const resumeActivity = defineEventKind('activity-resume', (activity: Activity) =>
  activity.runner.resume(activity),
);

/** The caller at a depth of the stack has waited long enough for its reply. */
export const callTimeout = defineEventKind('rpc-timeout', (activity: Activity, depth: number) =>
  activity.runner.callTimedOut(activity, depth),
);
