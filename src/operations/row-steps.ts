import { type Activity, type Frame, resumeActivity } from './activity.js';
import type { Instruction } from './instruction.js';
import type { Machine } from './machine.js';
import { releaseConnection } from './sql-steps.js';
import { Category } from './time-split.js';

/** Locks of database rows that many transactions write. */

/** Nova's pause before it begins a transaction again that ended in a deadlock (`_retry_on_deadlock`). */
export const DEADLOCK_PAUSE_MS = 500;

/** More rows that are named, databases and replicas than any study has; keys of other locks are positive. */
const ROW_LIMIT = 2 ** 20;
const REPLICA_LIMIT = 2 ** 10;

function rowKey(database: number, replica: number, row: number): number {
  return -1 - row - ROW_LIMIT * (replica + 1 + REPLICA_LIMIT * database);
}

/** When and by which replica a row was last committed. */
interface RowCommit {
  ms: number;
  replica: number;
}

/** Last commits of rows, by row, for databases whose replicas lock for themselves. */
export class RowCommits {
  private readonly last = new Map<number, RowCommit>();

  /** True where another replica has committed the row since. */
  isOvertaken(key: number, replica: number, sinceMs: number): boolean {
    const last = this.last.get(key);
    return last !== undefined && last.replica !== replica && last.ms > sinceMs;
  }

  /** Commits the row now, unless it was overtaken. */
  certify(key: number, replica: number, sinceMs: number, nowMs: number): boolean {
    if (this.isOvertaken(key, replica, sinceMs)) return false;
    this.last.set(key, { ms: nowMs, replica });
    return true;
  }
}

/** The transaction fails as a deadlock: it gives back what it has and begins again after a pause. */
function deadlock(machine: Machine, activity: Activity, frame: Frame, again: number): true {
  machine.deadlocks++;
  releaseConnection(machine, frame);
  frame.address = again;
  return machine.pause(activity, DEADLOCK_PAUSE_MS, Category.retries);
}

/**
 * Waits until the transaction holds its rows. Where each replica locks for itself, another one's
 * commit of the row throws out all that wait for it (Galera's brute-force abort). All transactions lock the same rows in one order, so the
 * first row stands for all of them.
 */
export function rowLock(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const database = machine.cloud.databases[frame.database];
  if (database.client) return false;
  const replica = database.locksByReplica ? frame.replica : -1;
  const key = rowKey(frame.database, replica, instruction.rows[0]);
  if (!frame.granted && !machine.locks.acquire(key, resumeActivity, activity, activity.id)) {
    activity.category = Category.database;
    frame.granted = true;
    frame.lockedMs = machine.now;
    frame.address--;
    return true;
  }
  if (frame.granted && database.locksByReplica) {
    const row = rowKey(frame.database, -1, instruction.rows[0]);
    if (machine.rowCommits.isOvertaken(row, frame.replica, frame.lockedMs)) {
      frame.granted = false;
      machine.locks.release(key);
      return deadlock(machine, activity, frame, instruction.b);
    }
  }
  frame.granted = false;
  frame.lockedMs = machine.now;
  frame.locks.push(key);
  return false;
}

/**
 * Gives the rows back. Where each replica locks for itself, a transaction that another replica's
 * commit has overtaken fails as a deadlock and begins again after a pause.
 */
export function rowUnlock(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const database = machine.cloud.databases[frame.database];
  if (database.client) return false;
  machine.locks.release(frame.locks.pop() as number);
  if (!database.locksByReplica) return false;
  const key = rowKey(frame.database, -1, instruction.rows[0]);
  if (machine.rowCommits.certify(key, frame.replica, frame.lockedMs, machine.now)) return false;
  return deadlock(machine, activity, frame, instruction.b);
}
