import type { TableAccess } from '../cloud/database/database.js';
import type { Amount } from './amount.js';

/**
 * The flat form of the step language. A step that waits several times (a statement waits for a
 * pooled connection, the wire, the server, the commit) is several instructions, so that the
 * machine only ever needs to know where it stands.
 */
export const Code = {
  Return: 0,
  BranchEnd: 1,
  Cpu: 2,
  SqlAcquire: 3,
  SqlWire: 4,
  SqlExecute: 5,
  SqlCommit: 6,
  SqlRelease: 7,
  RestRequest: 8,
  RestAdmit: 9,
  RestReply: 10,
  RpcPublish: 11,
  RpcRelay: 12,
  RpcDeliver: 13,
  RpcAdmit: 14,
  RpcReplyPublish: 15,
  RpcReplyRelay: 16,
  RpcReplyDeliver: 17,
  RpcReplied: 18,
  CastFork: 19,
  FanoutFork: 20,
  Fork: 21,
  ForkCells: 22,
  Join: 23,
  Spawn: 24,
  RepeatBegin: 25,
  RepeatEnd: 26,
  LockAcquire: 27,
  LockRelease: 28,
  Milestone: 29,
  PollCheck: 30,
  PollPause: 31,
  WaitFor: 32,
  Signal: 33,
  Delay: 34,
  CacheCheck: 35,
  CacheFill: 36,
  ChooseHost: 37,
  ReleaseHost: 38,
  ChooseServer: 39,
  Transfer: 40,
  WhenOperation: 41,
  WhenSignal: 42,
  WhenCalledByService: 43,
  Record: 44,
  SqlCheck: 45,
  SqlMap: 50,
  ChooseHostInCell: 51,
  ReportHost: 52,
  RowLock: 53,
  HostsBegin: 55,
  HostsEnd: 56,
} as const;
export type Code = (typeof Code)[keyof typeof Code];

/**
 * Of a transaction that locks rows: round trips before the lock is held (ping, and the way of the
 * first statement) and after it is given back (the way of COMMIT's answer, and ROLLBACK).
 */
export const TRIPS_BEFORE_LOCK = 1.5;
export const TRIPS_AFTER_LOCK = 1.5;

/** In place of a number of rows of a name: every host has one. */
export const ROW_OF_HOST = 0;

/** How many rows have a name, as a step says it. */
export function rowCount(rowsOfName: number | 'hosts' = 1): number {
  return rowsOfName === 'hosts' ? ROW_OF_HOST : rowsOfName;
}

/** How a service begins a transaction again that the database threw out for another's sake. */
export interface RetryPolicy {
  /** Before the first time, doubled each time up to the longest, in ms. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** Times, after which it fails. */
  readonly most: number;
}

/** oslo.db's `wrap_db_retry`: retry_interval, inc_retry_interval, max_retry_interval, max_retries. */
export const OSLO_RETRIES: RetryPolicy = { firstMs: 1000, longestMs: 10_000, most: 20 };

/** All instructions have one shape, so that the machine's reads stay monomorphic. */
export interface Instruction {
  readonly code: Code;
  /** Service, database, milestone, lock, cache or signal index; see `compile-steps.ts`. */
  a: number;
  /** Jump target, commits, flags. */
  b: number;
  /** Second number, such as the upper bound of a delay or a cache's lifetime. */
  c: number;
  /** Index of the setting that switches a cache on, or -1. */
  setting: number;
  /** Main amount: ms, bytes, count or round trips. */
  readonly amount: Amount;
  /** Bytes sent. */
  readonly sent: Amount;
  /** Bytes received. */
  readonly received: Amount;
  /** What a call runs at its target; filled when all services are linked. */
  callee: Program | undefined;
  /** What a checkout does to tables kept in ranges; undefined: unknown. */
  readonly access: TableAccess | undefined;
  /** Rows that a statement joins. */
  readonly relations: number;
  /** Round trips of a statement's train that are waited for by themselves, before and after a lock. */
  readonly apart: number;
  /** Rows that a filter without an index goes through. */
  readonly scanned: Amount;
  /** Numbers of the rows that a transaction writes and others too; how many have each name, or `ROW_OF_HOST`. */
  readonly rows: readonly number[];
  readonly rowsOfName: number;
  /** What the service does when the database throws a transaction out. */
  readonly retries: RetryPolicy;
  /** Start addresses of a fork's branches. */
  readonly branches: readonly number[];
}

/** A procedure, periodic task or client operation, compiled. */
export interface Program {
  /** Such as `neutron-server/port-create`. */
  readonly name: string;
  readonly instructions: Instruction[];
  readonly request: Amount;
  readonly reply: Amount;
  /** False: a fanout of it finds no queue. */
  subscribed: boolean;
  /** True where the program only computes: then nothing it does can touch another process. */
  computesOnly: boolean;
  /** CPU of a `computesOnly` program. */
  computeMs: number;
}
