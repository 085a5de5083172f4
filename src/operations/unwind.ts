import { type Activity, callTimeout, Entry, Frame } from './activity.js';
import type { Machine } from './machine.js';
import { releaseRow } from './row-steps.js';
import { releaseConnection } from './sql-steps.js';

/** Gives back all that an activity holds: locks, pooled connections, slots, timers. */
export function unwind(machine: Machine, activity: Activity): void {
  const { simulator } = machine.cloud;
  for (let depth = activity.depth; depth >= 0; depth--) {
    const frame = activity.frames[depth];
    for (const key of frame.locks) machine.locks.release(key);
    releaseRow(machine, frame);
    releaseConnection(machine, frame);
    if (frame.timer) simulator.cancel(frame.timer);
    const called = frame.entry === Entry.Rest || frame.entry === Entry.Rpc;
    if (called && frame.worker && frame.instance) {
      frame.instance.requestEnds(frame.worker);
      frame.instance.slots.release();
    }
    frame.clear();
  }
  activity.standAt(0);
}

/**
 * The caller at `depth` gives up on a reply. What it called goes on, unaware, as an orphan: the
 * frames above stay with `activity`, in which every pending event is registered; the caller's
 * frames move to a new activity, which is returned.
 */
export function detachCaller(machine: Machine, activity: Activity, depth: number): Activity {
  const caller = machine.newActivity(activity.context);
  activity.charge(machine.now);
  caller.beginAccount(machine.now, activity);
  caller.parent = activity.parent;
  caller.critical = activity.critical;
  caller.isClient = activity.isClient;
  caller.orphanDepth =
    activity.orphanDepth >= 0 && activity.orphanDepth <= depth ? activity.orphanDepth : -1;
  const stub = new Frame();
  stub.standBeside(activity.frames[depth], activity.frames[depth].address);
  stub.replyBytes = activity.frames[depth].replyBytes;
  for (let below = 0; below <= depth; below++) {
    caller.frames[below] = activity.frames[below];
    activity.frames[below] = new Frame();
  }
  activity.frames[depth] = stub;
  activity.standAt(activity.depth);
  caller.standAt(depth);
  activity.parent = undefined;
  activity.critical = false;
  activity.isClient = false;
  activity.orphanDepth = depth;
  moveTimers(machine, caller, depth);
  return caller;
}

/** Timers of the frames below name the activity that the caller has left. */
function moveTimers(machine: Machine, caller: Activity, depth: number): void {
  const { simulator } = machine.cloud;
  caller.frames[depth].timer = 0;
  for (let below = 0; below < depth; below++) {
    const frame = caller.frames[below];
    if (!frame.timer) continue;
    const deadlineMs = simulator.timeOf(frame.timer);
    simulator.cancel(frame.timer);
    frame.timer = simulator.scheduleAt(deadlineMs, callTimeout, caller, below);
  }
}
