import type { Cloud } from '../cloud/cloud.js';
import type { DeployedGroup } from '../cloud/deployed-group.js';
import { Directory } from '../cloud/directory.js';
import { SchedulerViews } from '../cloud/scheduler-views.js';
import { defineEventKind } from '../kernel/event-kind.js';
import type { ServiceName } from '../placement/deployment.js';
import { LockTable } from '../resources/lock.js';
import { Activity, type ActivityRunner, Entry, type Frame, resumeActivity } from './activity.js';
import type { Amount } from './amount.js';
import {
  admit,
  deliver,
  publish,
  RPC_RESPONSE_TIMEOUT_MS,
  relay,
  replyDeliver,
  replyPublish,
  replyRelay,
  restReply,
  restRequest,
} from './call-steps.js';
import type { CompiledRelease } from './compile-release.js';
import { delay, hostsBegin, hostsEnd, repeatBegin, repeatEnd } from './flow-steps.js';
import { castFork, fanoutFork, fork, forkCells, spawn } from './fork-steps.js';
import { Code, type Instruction } from './instruction.js';
import { OperationContext } from './operation-context.js';
import type { OperationRecorder } from './operation-recorder.js';
import { RECORD_KINDS } from './procedure-schema.js';
import { rowLock } from './row-steps.js';
import {
  acquireConnection,
  checkTransaction,
  commit,
  endCheckout,
  execute,
  giveUpConnection,
  mapRows,
  statementWire,
} from './sql-steps.js';
import {
  cacheCheck,
  cacheFill,
  chooseHost,
  chooseHostInCell,
  chooseServer,
  lockAcquire,
  lockRelease,
  pollCheck,
  releaseHost,
  reportHost,
  signal,
  transfer,
  waitFor,
  whenCalledByService,
  whenOperation,
  whenSignal,
} from './state-steps.js';
import { STATE_READINGS } from './state-variables.js';
import { TimeAccounts } from './time-accounts.js';
import { Category } from './time-split.js';
import { detachCaller, unwind } from './unwind.js';

const unreachablePeer = defineEventKind('peer-unreachable', (activity: Activity) =>
  activity.runner.unreachable(activity),
);

/**
 * The machine that interprets compiled steps: it follows activities through services, brokers and
 * databases and knows nothing of places; the deployment resolves roles.
 */
export class Machine implements ActivityRunner {
  readonly accounts = new TimeAccounts();
  readonly locks: LockTable;
  readonly directory: Directory;
  /** Expiry time of cached entries, by cache and scope. */
  readonly cacheExpiry = new Map<number, number>();
  /** How many records of each of `RECORD_KINDS` exist. */
  readonly records = RECORD_KINDS.map(() => 0);
  readonly schedulers: SchedulerViews;
  /** Transactions that began again because another had written their row. */
  deadlocks = 0;
  /** Told how long each checkout of a database connection took, in ms; undefined: nobody asks. */
  checkouts: { add(ms: number, service: ServiceName): void } | undefined;
  private readonly idle: Activity[] = [];
  /** Contexts that no run of a periodic task uses now. */
  private readonly contexts: OperationContext[] = [];
  private activityCount = 0;

  constructor(
    readonly cloud: Cloud,
    readonly release: CompiledRelease,
    readonly recorder: OperationRecorder,
  ) {
    this.locks = new LockTable(cloud.simulator);
    this.directory = new Directory(cloud);
    this.schedulers = new SchedulerViews(cloud.hosts);
  }

  get now(): number {
    return this.cloud.simulator.now;
  }

  /** A fresh activity whose base frame the caller fills in. */
  newActivity(context: OperationContext): Activity {
    const activity = this.idle.pop() ?? new Activity(this, this.activityCount++);
    activity.standAt(0);
    this.accounts.begin(activity.id, this.now);
    activity.context = context;
    context.activityCount++;
    activity.parent = undefined;
    activity.branchesLeft = 0;
    activity.branchFailure = '';
    activity.critical = true;
    activity.isClient = false;
    activity.orphanDepth = -1;
    return activity;
  }

  recycle(activity: Activity): void {
    for (let depth = 0; depth <= activity.depth; depth++) activity.frames[depth].clear();
    activity.parent = undefined;
    this.idle.push(activity);
    const { context } = activity;
    context.activityCount--;
    if (context.activityCount === 0 && context.operation === undefined) this.contexts.push(context);
  }

  /** A context for one run of a periodic task; it is free again when its last activity has ended. */
  borrowContext(id: number, site: number): OperationContext {
    const context = this.contexts.pop();
    if (context === undefined) return new OperationContext(id, undefined, site, 0, false);
    context.restart(id, site);
    return context;
  }

  /** Runs again after `delayMs`, which is charged to the category. Infinity: the peer is cut off. */
  pause(activity: Activity, delayMs: number, category: number): true {
    activity.category = category;
    const { simulator } = this.cloud;
    if (delayMs === Infinity) {
      simulator.schedule(RPC_RESPONSE_TIMEOUT_MS, unreachablePeer, activity, activity.id);
    } else {
      simulator.schedule(delayMs, resumeActivity, activity, activity.id);
    }
    return true;
  }

  resume(activity: Activity): void {
    activity.charge(this.now);
    this.run(activity);
  }

  callTimedOut(activity: Activity, depth: number): void {
    const caller = detachCaller(this, activity, depth);
    this.fail(caller, 'MessagingTimeout');
  }

  unreachable(activity: Activity): void {
    activity.charge(this.now);
    this.fail(activity, 'peer unreachable');
  }

  poolTimedOut(activity: Activity): void {
    giveUpConnection(this, activity);
  }

  /** Gives up: releases what the activity holds and tells whoever waits for it. */
  fail(activity: Activity, reason: string): void {
    unwind(this, activity);
    const { parent, context } = activity;
    if (parent) {
      parent.branchFailure = reason;
      this.branchEnded(activity, parent);
      return;
    }
    if (activity.critical && activity.orphanDepth < 0)
      this.recorder.fail(this.cloud, context, reason);
    this.recycle(activity);
  }

  /** Adds up the CPU of a fanout's consumers and puts its copies on the wire, site by site. */
  fanoutInBulk(sender: Frame, group: DeployedGroup, bytes: number, computeMs: number): void {
    const { bus } = group;
    if (!bus || group.instances.length === 0) return;
    const { network, traffic } = this.cloud;
    const copies = group.instances.length;
    const { site } = group.instances[0];
    const member = bus.memberFor(site);
    bus.relayCopies(group.queue, bus.memberFor(sender.site), member, bytes, copies);
    network.sendCopies(bus.memberSites[member], site, copies, bytes, traffic.rpc);
    this.cloud.groupCpuMs[group.index] += copies * computeMs;
  }

  evaluate(amount: Amount, context: OperationContext): number {
    if (amount.variable < 0) return amount.base;
    return amount.base + amount.each * STATE_READINGS[amount.variable](this, context);
  }

  /** Interprets until the activity waits or ends. */
  run(activity: Activity): void {
    for (;;) {
      const { frame } = activity;
      const instruction = frame.program[frame.address++];
      if (this.execute(activity, frame, instruction)) return;
    }
  }

  /** One instruction; true when the activity waits or is over. */
  private execute(activity: Activity, frame: Frame, instruction: Instruction): boolean {
    switch (instruction.code) {
      case Code.Cpu:
        return this.cpu(activity, frame, this.evaluate(instruction.amount, activity.context));
      case Code.SqlAcquire:
        return acquireConnection(this, activity, frame, instruction);
      case Code.SqlWire:
        return statementWire(this, activity, frame, instruction);
      case Code.SqlExecute:
        return execute(this, activity, frame, instruction);
      case Code.SqlCommit:
        return commit(this, activity, frame, instruction);
      case Code.SqlCheck:
        return checkTransaction(this, activity, frame, instruction);
      case Code.SqlRelease:
        return endCheckout(this, frame);
      case Code.RestRequest:
        return restRequest(this, activity, frame, instruction);
      case Code.RestAdmit:
        return admit(this, activity, frame, instruction, Entry.Rest);
      case Code.RestReply:
        return restReply(this, activity, frame, instruction);
      case Code.RpcPublish:
        return publish(this, activity, frame, instruction);
      case Code.RpcRelay:
        return relay(this, activity, frame, instruction);
      case Code.RpcDeliver:
        return deliver(this, activity, frame, instruction);
      case Code.RpcAdmit:
        return admit(this, activity, frame, instruction, Entry.Rpc);
      case Code.Return:
        return this.returnFrom(activity, frame);
      case Code.BranchEnd:
        return this.end(activity);
      default:
        return this.executeRarer(activity, frame, instruction);
    }
  }

  private executeRarer(activity: Activity, frame: Frame, instruction: Instruction): boolean {
    switch (instruction.code) {
      case Code.RpcReplyPublish:
        return replyPublish(this, activity, frame, instruction);
      case Code.RpcReplyRelay:
        return replyRelay(this, activity, frame, instruction);
      case Code.RpcReplyDeliver:
        return replyDeliver(this, activity, frame, instruction);
      case Code.RpcReplied:
        return this.replied(activity, frame);
      case Code.CastFork:
        return castFork(this, activity, frame, instruction);
      case Code.FanoutFork:
        return fanoutFork(this, activity, frame, instruction);
      case Code.Fork:
        return fork(this, activity, frame, instruction);
      case Code.ForkCells:
        return forkCells(this, activity, frame, instruction);
      case Code.Spawn:
        return spawn(this, activity, frame, instruction);
      case Code.Join:
        return false;
      case Code.RepeatBegin:
        return repeatBegin(this, activity, frame, instruction);
      case Code.RepeatEnd:
        return repeatEnd(frame, instruction);
      default:
        return this.executeState(activity, frame, instruction);
    }
  }

  private executeState(activity: Activity, frame: Frame, instruction: Instruction): boolean {
    switch (instruction.code) {
      case Code.HostsBegin:
        return hostsBegin(this, activity, frame, instruction);
      case Code.HostsEnd:
        return hostsEnd(this, activity, frame, instruction);
      case Code.LockAcquire:
        return lockAcquire(this, activity, frame, instruction);
      case Code.LockRelease:
        return lockRelease(this, frame);
      case Code.Milestone:
        this.recorder.reach(this.cloud, activity, instruction.a);
        return false;
      case Code.PollCheck:
        return pollCheck(this, activity, frame, instruction);
      case Code.PollPause:
        frame.address = instruction.b;
        return this.pause(activity, instruction.amount.base, Category.idle_wait);
      case Code.WaitFor:
        return waitFor(activity, instruction);
      case Code.Signal:
        return signal(this, activity, instruction);
      case Code.Delay:
        return delay(this, activity, instruction);
      case Code.CacheCheck:
        return cacheCheck(this, activity, frame, instruction);
      case Code.CacheFill:
        return cacheFill(this, activity, frame, instruction);
      case Code.ChooseHost:
        return chooseHost(this, activity);
      case Code.ChooseHostInCell:
        return chooseHostInCell(this, activity, frame);
      case Code.ReportHost:
        return reportHost(this, activity);
      case Code.RowLock:
        return rowLock(this, activity, frame, instruction);
      case Code.SqlMap:
        return mapRows(this, activity, frame, instruction);
      case Code.ReleaseHost:
        return releaseHost(this, activity);
      case Code.ChooseServer:
        return chooseServer(this, activity, instruction);
      case Code.WhenOperation:
        return whenOperation(activity, frame, instruction);
      case Code.WhenSignal:
        return whenSignal(activity, frame, instruction);
      case Code.WhenCalledByService:
        return whenCalledByService(activity, frame, instruction);
      case Code.Transfer:
        return transfer(this, activity, frame, instruction);
      case Code.Record:
        this.records[instruction.a] += instruction.b;
        return false;
      default:
        throw new Error(`no instruction has the code ${instruction.code}`);
    }
  }

  /** CPU of the frame's process; true where it takes time. */
  cpu(activity: Activity, frame: Frame, demandMs: number): boolean {
    const { worker, group } = frame;
    const process = worker ?? this.cloud.clientProcesses[frame.site];
    if (!process || demandMs <= 0) return false;
    if (group) this.cloud.groupCpuMs[group.index] += demandMs;
    activity.category = Category.cpu;
    process.compute(demandMs, resumeActivity, activity, activity.id);
    return true;
  }

  private replied(activity: Activity, frame: Frame): boolean {
    if (activity.depth === activity.orphanDepth) return this.end(activity);
    this.cloud.simulator.cancel(frame.timer);
    frame.timer = 0;
    return false;
  }

  private returnFrom(activity: Activity, frame: Frame): boolean {
    const { entry, instance, worker } = frame;
    if (entry === Entry.Base) return this.end(activity);
    if (entry !== Entry.Inline && instance && worker) {
      instance.requestEnds(worker);
      instance.slots.release();
    }
    frame.clear();
    activity.standAt(activity.depth - 1);
    return false;
  }

  /** The activity has done all its steps. */
  end(activity: Activity): true {
    const { parent, context } = activity;
    if (parent) {
      this.branchEnded(activity, parent);
    } else {
      if (activity.orphanDepth < 0) this.recorder.activityEnded(this.cloud, activity, context);
      this.recycle(activity);
    }
    return true;
  }

  private branchEnded(branch: Activity, parent: Activity): void {
    parent.branchesLeft--;
    // The branch that ends last is the one that the others were waited for.
    if (parent.branchesLeft === 0) {
      parent.beginAccount(this.now, branch);
    }
    this.recycle(branch);
    if (parent.branchesLeft === 0 && !parent.forking) this.joined(parent);
  }

  /** All branches of a fork have ended. */
  joined(parent: Activity): void {
    if (parent.branchFailure) {
      const reason = parent.branchFailure;
      parent.branchFailure = '';
      this.fail(parent, reason);
    } else this.run(parent);
  }
}
