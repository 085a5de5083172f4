import { RowWrite } from '../cloud/database/row-write.js';
import { type Activity, type Frame, resumeActivity } from './activity.js';
import { type Instruction, ROW_OF_HOST } from './instruction.js';
import type { Machine } from './machine.js';
import { Category } from './time-split.js';

/** Rows of the database that many transactions write; what they meet there is the backend's. */

/** More names of rows than any release has: those of one name follow each other so far apart. */
const ROW_NAMES = 2 ** 20;

/**
 * The row that a transaction writes, or undefined. All lock the same rows in one order, so the first
 * stands for all of them; of rows that share a name it is the one of the request's host, or one is
 * drawn, and kept when the transaction begins again.
 */
export function rowWrite(
  machine: Machine,
  { context }: Activity,
  frame: Frame,
  { rows, rowsOfName }: Instruction,
): RowWrite | undefined {
  if (rows.length === 0) return undefined;
  const write = frame.write ?? new RowWrite();
  frame.write = write;
  if (write.row >= 0) return write;
  let number = 0;
  if (rowsOfName === ROW_OF_HOST) number = context.host?.index ?? 0;
  else if (rowsOfName > 1) {
    const { id } = machine.cloud.databases[frame.database];
    number = Math.floor(rowsOfName * machine.cloud.streams.stream(`rows/${id}`).uniform());
  }
  write.row = rows[0] + ROW_NAMES * number;
  write.beganMs = -1;
  return write;
}

/** The transaction begins, unless it has. */
export function beginWrite(write: RowWrite, nowMs: number): void {
  if (write.beganMs < 0) write.beganMs = nowMs;
}

/** A transaction that was thrown out begins again on the same row. */
export function restartWrite(machine: Machine, frame: Frame): void {
  const { write } = frame;
  if (!write || write.row < 0) return;
  machine.cloud.databases[frame.database].unlockRow?.(frame.replica, write);
  write.beganMs = -1;
}

/** Waits until the transaction has locked its row, or has lost it to another. */
export function rowLock(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const database = machine.cloud.databases[frame.database];
  const write = rowWrite(machine, activity, frame, instruction);
  if (database.client || !database.lockRow || !write) return false;
  beginWrite(write, machine.now);
  if (database.lockRow(frame.replica, write, resumeActivity, activity, activity.id)) return false;
  activity.category = Category.database;
  return true;
}

/** The transaction is over or has failed: what it has locked is given back, and its row forgotten. */
export function releaseRow(machine: Machine, frame: Frame): void {
  const { write } = frame;
  if (!write || write.row < 0) return;
  machine.cloud.databases[frame.database].unlockRow?.(frame.replica, write);
  write.row = -1;
}
