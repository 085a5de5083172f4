import { defineEventKind } from '../kernel/event-kind.js';
import { DATABASE_NAMES, type DatabaseName } from '../placement/deployment.js';
import { type Activity, type Frame, resumeActivity } from './activity.js';
import { fetchObjects, mapObjects, storeObjects } from './client-steps.js';
import type { Instruction } from './instruction.js';
import type { Machine } from './machine.js';
import type { OperationContext } from './operation-context.js';
import { beginWrite, releaseRow, restartWrite, rowWrite } from './row-steps.js';
import { Category } from './time-split.js';

const NOVA = DATABASE_NAMES.indexOf('nova' satisfies DatabaseName);
const NOVA_CELL0 = DATABASE_NAMES.indexOf('nova_cell0' satisfies DatabaseName);

/** Index of the deployed database that a step means, or -1 where the deployment has none. */
function databaseOf(
  machine: Machine,
  frame: Frame,
  logical: number,
  context: OperationContext,
): number {
  const { cells } = machine.cloud;
  if (logical === NOVA) {
    if (frame.cell >= 0) return cells[frame.cell].database;
    if (context.host) return cells[context.host.cell].database;
  }
  const databases = frame.group?.databases;
  if (!databases) return -1;
  // Services above the cells keep their own records in cell0 (cells v2).
  if (logical === NOVA && databases[NOVA] < 0) return databases[NOVA_CELL0];
  return databases[logical];
}

/** How long a thread waits for a connection of its pool: SQLAlchemy's `pool_timeout`, which oslo.db leaves at its default. */
export const POOL_TIMEOUT_MS = 30_000;

/** A thread has waited for a connection of its pool as long as it may. */
const poolTimeout = defineEventKind('pool-timeout', (activity: Activity) =>
  activity.runner.poolTimedOut(activity),
);

/** Leaves the line of the pool for which the activity waits, and fails. */
export function giveUpConnection(machine: Machine, activity: Activity): void {
  const { frame } = activity;
  frame.timer = 0;
  frame.granted = false;
  frame.worker?.pool(frame.database).abandon(activity, activity.id);
  activity.charge(machine.now);
  machine.fail(activity, 'database pool timeout');
}

/**
 * Takes a connection from the worker's pool; a new one pays its set-up. It fails the activity where
 * the pool gives none for `POOL_TIMEOUT_MS`, or the server takes no more connections.
 */
export function acquireConnection(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  if (!frame.worker) throw new Error('a client has no database connections');
  let { pool } = frame;
  if (!frame.granted) {
    frame.database = databaseOf(machine, frame, instruction.a, activity.context);
    if (frame.database < 0) {
      throw new Error(
        `${frame.group?.id} uses the database ${DATABASE_NAMES[instruction.a]}, which the deployment does not give it`,
      );
    }
    // A client library of its own has as many connections as there are calls.
    if (machine.cloud.databases[frame.database].client) {
      beginCheckout(machine, frame);
      return false;
    }
    pool = frame.worker.pool(frame.database);
    if (!pool.acquire(resumeActivity, activity, activity.id)) {
      activity.category = Category.service_queue;
      frame.granted = true;
      frame.address--;
      const { simulator } = machine.cloud;
      const timeoutMs = frame.group?.poolTimeoutMs ?? POOL_TIMEOUT_MS;
      frame.timer = simulator.schedule(timeoutMs, poolTimeout, activity, activity.id);
      return true;
    }
  } else {
    machine.cloud.simulator.cancel(frame.timer);
    frame.timer = 0;
    frame.granted = false;
  }
  beginCheckout(machine, frame);
  pool ??= frame.worker.pool(frame.database);
  frame.pool = pool;
  const database = machine.cloud.databases[frame.database];
  frame.replica = database.replicaFor(frame.site, instruction.b > 0);
  if (!pool.takeNewConnection()) return false;
  if (database.isFull?.(frame.replica)) {
    pool.discard();
    frame.pool = undefined;
    machine.fail(activity, 'too many connections');
    return true;
  }
  database.openConnections(frame.replica, 1);
  const roundTripMs = machine.cloud.network.roundTripMs(
    frame.site,
    database.replicaSite(frame.replica),
  );
  return machine.pause(activity, database.connectRoundTrips() * roundTripMs, Category.sql_wire);
}

export function statementWire(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const { network, databases, traffic } = machine.cloud;
  const { context } = activity;
  const { client } = databases[frame.database];
  if (client) {
    // The ways to and from a lock are an SQL client's.
    if (instruction.b === 1) return false;
    return fetchObjects(machine, client, activity, frame, instruction);
  }
  const wireMs = network.trainMs(
    frame.site,
    databases[frame.database].replicaSite(frame.replica),
    Math.max(0, machine.evaluate(instruction.amount, context) - instruction.apart),
    machine.evaluate(instruction.sent, context),
    machine.evaluate(instruction.received, context),
    traffic.sql,
  );
  return machine.pause(activity, wireMs, Category.sql_wire);
}

export function execute(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const { client } = machine.cloud.databases[frame.database];
  if (client) return mapObjects(machine, client, activity, frame, instruction);
  const statements = machine.evaluate(instruction.amount, activity.context);
  const bytes = machine.evaluate(instruction.received, activity.context);
  activity.category = Category.database;
  const write = rowWrite(machine, activity, frame, instruction);
  if (write) beginWrite(write, machine.now);
  machine.cloud.databases[frame.database].execute(
    frame.replica,
    statements,
    bytes,
    resumeActivity,
    activity,
    activity.id,
    instruction.access,
  );
  return true;
}

/** The SQL library's work on the answer, in the process that asked. */
export function mapRows(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  if (machine.cloud.databases[frame.database].client) return false;
  return machine.cpu(activity, frame, machine.evaluate(instruction.amount, activity.context));
}

export function commit(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const { client } = machine.cloud.databases[frame.database];
  if (client) return storeObjects(machine, client, activity, frame, instruction);
  activity.category = Category.commit;
  machine.cloud.databases[frame.database].commit(
    frame.replica,
    instruction.b,
    resumeActivity,
    activity,
    activity.id,
    instruction.access,
    rowWrite(machine, activity, frame, instruction),
  );
  return true;
}

/**
 * Where the database refused what it has just done, begins the transaction again after a pause, if
 * the service knows the error, or fails the activity.
 */
export function checkTransaction(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const refusal = machine.cloud.databases[frame.database].takeRefusal?.(activity.id);
  if (!refusal) return false;
  const { firstMs, longestMs, most } = instruction.retries;
  if (!refusal.isRetried || frame.retries >= most) {
    machine.fail(activity, refusal.reason);
    return true;
  }
  machine.deadlocks++;
  restartWrite(machine, frame);
  releaseConnection(machine, frame);
  const pauseMs = Math.min(firstMs * 2 ** frame.retries, longestMs);
  frame.retries++;
  frame.address = instruction.b;
  return machine.pause(activity, pauseMs, Category.retries);
}

/** Notes when a checkout began, its first try counts, for whoever asks. */
function beginCheckout(machine: Machine, frame: Frame): void {
  if (machine.checkouts && frame.checkoutMs < 0) frame.checkoutMs = machine.now;
}

/** The end of a checkout, retries included. */
export function endCheckout(machine: Machine, frame: Frame): boolean {
  if (machine.checkouts && frame.group) {
    machine.checkouts.add(machine.now - frame.checkoutMs, frame.group.service);
    frame.checkoutMs = -1;
  }
  frame.retries = 0;
  releaseRow(machine, frame);
  return releaseConnection(machine, frame);
}

/** Gives the connection back, if the frame has one; the pool closes what is beyond its size. */
export function releaseConnection(machine: Machine, frame: Frame): boolean {
  const { pool } = frame;
  if (!pool) return false;
  const openBefore = pool.open;
  pool.release();
  const closed = openBefore - pool.open;
  if (closed > 0) machine.cloud.databases[frame.database].openConnections(frame.replica, -closed);
  frame.pool = undefined;
  return false;
}
