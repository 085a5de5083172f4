import type { Cloud } from '../cloud/cloud.js';
import { QuantileSketch, Tally, TimeWeighted } from '../stats/index.js';
import type { Activity } from './activity.js';
import type { ClientOperation } from './compile-release.js';
import type { OperationContext } from './operation-context.js';
import { TIME_CATEGORIES } from './time-split.js';

/** Latencies of one milestone of one operation. */
export class MilestoneRecord {
  readonly latency = new Tally();
  readonly sketch = new QuantileSketch();
  /** Sum over requests of each category's ms. */
  readonly split = new Float64Array(TIME_CATEGORIES.length);
  failedBefore = 0;
}

/** Counts and latencies of one operation. */
export class OperationRecord {
  started = 0;
  readonly milestones: MilestoneRecord[];

  constructor(readonly operation: ClientOperation) {
    this.milestones = operation.milestones.map(() => new MilestoneRecord());
  }
}

/** One finished request, for the detection of the warm-up. */
export interface LatencyObservation {
  readonly startMs: number;
  readonly latencyMs: number;
}

/** Follows every request from its start to its last milestone or failure. */
export class OperationRecorder {
  readonly records: OperationRecord[];
  /** Requests in progress, over time: its growth tells saturation. */
  readonly inProgress = new TimeWeighted();
  present = 0;
  /** Set before a pilot run: keeps each request's latency in order of its end. */
  observations: LatencyObservation[] | undefined;
  /** What failed, by reason. */
  readonly failures = new Map<string, number>();

  constructor(
    operations: readonly ClientOperation[],
    /** Requests that begin before are not counted. */
    readonly countFromMs: number,
  ) {
    this.records = operations.map((operation) => new OperationRecord(operation));
  }

  started(context: OperationContext): void {
    this.changePresent(context.startMs, 1);
    if (context.measured && context.operation) this.records[context.operation.index].started++;
  }

  private changePresent(nowMs: number, by: number): void {
    this.present += by;
    this.inProgress.update(nowMs, this.present);
  }

  /** The activity's account is the way by which the milestone was reached. */
  reach(cloud: Cloud, activity: Activity, milestone: number): void {
    const { context } = activity;
    const { operation } = context;
    if (!operation || context.failure) return;
    const position = operation.milestones.indexOf(milestone);
    if (position < 0 || context.reached & (1 << position)) return;
    context.reached |= 1 << position;
    const nowMs = cloud.simulator.now;
    if (context.measured) {
      const record = this.records[operation.index].milestones[position];
      record.latency.add(nowMs - context.startMs);
      record.sketch.add(nowMs - context.startMs);
      activity.runner.accounts.addTo(record.split, activity.id);
    }
    if (position < operation.milestones.length - 1) return;
    this.observations?.push({ startMs: context.startMs, latencyMs: nowMs - context.startMs });
    this.settleClaim(cloud, context);
    this.endIfDone(cloud, context);
  }

  /** A request or the last part of one is over. */
  activityEnded(cloud: Cloud, activity: Activity, context: OperationContext): void {
    if (!activity.isClient) return;
    const { operation } = context;
    if (!operation) {
      this.notifyEnd(cloud, context);
      return;
    }
    context.clientReturned = true;
    if (operation.milestoneNames[operation.milestoneNames.length - 1] === 'done') {
      this.reach(cloud, activity, operation.milestones[operation.milestones.length - 1]);
    }
    this.endIfDone(cloud, context);
  }

  private endIfDone(cloud: Cloud, context: OperationContext): void {
    if (context.ended || !context.clientReturned || !context.complete) return;
    this.notifyEnd(cloud, context);
  }

  private notifyEnd(cloud: Cloud, context: OperationContext): void {
    context.ended = true;
    if (!context.operation) {
      // A task only schedules its next run: nothing that could call back.
      context.endKind?.run(context.endTarget, context.endArgument);
      return;
    }
    this.changePresent(cloud.simulator.now, -1);
    if (context.endKind) {
      cloud.simulator.schedule(0, context.endKind, context.endTarget, context.endArgument);
    }
  }

  fail(cloud: Cloud, context: OperationContext, reason: string): void {
    if (context.ended || context.failure || context.complete) return;
    context.failure = reason;
    const { operation } = context;
    const name = operation ? operation.name : 'periodic task';
    const key = `${name}: ${reason}`;
    if (context.measured) this.failures.set(key, (this.failures.get(key) ?? 0) + 1);
    if (operation && context.measured) {
      const { milestones } = this.records[operation.index];
      for (let position = 0; position < milestones.length; position++) {
        if (!(context.reached & (1 << position))) milestones[position].failedBefore++;
      }
    }
    if (context.claimed && context.host) {
      cloud.inventory.release(context.host);
      context.claimed = false;
    }
    this.notifyEnd(cloud, context);
  }

  private settleClaim(cloud: Cloud, context: OperationContext): void {
    if (!context.claimed || !context.host) return;
    context.claimed = false;
    cloud.inventory.add(context.host);
  }
}
