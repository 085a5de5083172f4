import type { ClientExchange, DatabaseClient } from '../cloud/database/database.js';
import { type Activity, type Frame, resumeActivity } from './activity.js';
import type { Instruction } from './instruction.js';
import type { Machine } from './machine.js';
import { Category } from './time-split.js';

/** SQL steps of a database whose client library goes to the servers itself. */

function exchangeOf(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): ClientExchange {
  const { context } = activity;
  return {
    site: frame.site,
    slot: instruction.c,
    roundTrips: machine.evaluate(instruction.amount, context),
    sentBytes: machine.evaluate(instruction.sent, context),
    receivedBytes: machine.evaluate(instruction.received, context),
    relations: instruction.relations,
    scannedRows: machine.evaluate(instruction.scanned, context),
  };
}

/** The reads, on the wire and at the servers. */
export function fetchObjects(
  machine: Machine,
  client: DatabaseClient,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): true {
  const exchange = exchangeOf(machine, activity, frame, instruction);
  activity.category = Category.sql_wire;
  if (client.fetch(exchange, resumeActivity, activity, activity.id)) return true;
  return machine.pause(activity, Infinity, Category.sql_wire);
}

/** The library's work on what it read, in the process that uses it. */
export function mapObjects(
  machine: Machine,
  client: DatabaseClient,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const demandMs = client.libraryMs(exchangeOf(machine, activity, frame, instruction));
  return machine.cpu(activity, frame, demandMs);
}

/** Locks, writes and unlocks. */
export function storeObjects(
  machine: Machine,
  client: DatabaseClient,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): true {
  const exchange = exchangeOf(machine, activity, frame, instruction);
  activity.category = Category.commit;
  const stored = client.store(
    exchange,
    instruction.b,
    instruction.rows,
    resumeActivity,
    activity,
    activity.id,
  );
  return stored ? true : machine.pause(activity, Infinity, Category.commit);
}
