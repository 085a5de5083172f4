import type { RunResult } from '../experiment/results.js';

/**
 * What a wire carries beside the messages that the simulator sends, and what a broker holds, for an
 * OpenStack Zed that does nothing. The row of 25 computes (scale.csv) gives the constants; how they
 * grow with computes follows from what oslo.messaging declares.
 */

/**
 * Bytes of a message over AMQP beside its body and the headers of its own packets: method and content
 * header frames, the confirm or acknowledgement in a packet of its own. Fitted: 146 B are left of the
 * bytes of 25 computes; by the protocol 130 to 300.
 */
const AMQP_FRAMES_BYTES = 150;
/** Bytes that a request to Placement takes for its own connection: seven bare packets in four messages less two. */
const CONNECTION_BYTES_PER_MESSAGE = 200;
/**
 * Bytes of a connection that carries nothing else in a minute: a heartbeat of 8 B in a packet of 66 B and
 * its acknowledgement, each way every 30 s (half of heartbeat_timeout_threshold, 60 s).
 */
const HEARTBEAT_BYTES_PER_MINUTE = 2 * 2 * (74 + 66);
/** Connections of a compute that rest: it listens over one and has two more to publish than it needs (assumption). */
const RESTING_PER_COMPUTE = 3;
/** Of the agent's four. */
const RESTING_OF_AGENT = 2;

/** Bytes a minute between the computes and their control plane, both directions. */
export function wanBytesPerMinute(result: RunResult, computes: number): number {
  const carried = result.links.reduce((sum, { traffic, bytes, messages }) => {
    if (traffic === 'rpc') return sum + bytes + messages * AMQP_FRAMES_BYTES;
    return sum + bytes + messages * CONNECTION_BYTES_PER_MESSAGE;
  }, 0);
  const resting = RESTING_PER_COMPUTE * computes + RESTING_OF_AGENT;
  return carried / (result.measuredMs / 60_000) + resting * HEARTBEAT_BYTES_PER_MINUTE;
}

/** A line in the number of computes: what all other services hold, and what each compute adds. */
interface Line {
  readonly base: number;
  readonly perCompute: number;
}

/**
 * What the broker lists. A nova-compute has five connections with a channel each (see its footprint), the
 * queues compute.<host>, compute_fanout_<id> and reply_<id>, and consumes those and the shared `compute`.
 */
export const BROKER_LINES: Readonly<Record<string, Line>> = {
  rmq_connections: { base: 20, perCompute: 5 },
  rmq_channels: { base: 20, perCompute: 5 },
  rmq_queues: { base: 77, perCompute: 3 },
  rmq_consumers: { base: 412, perCompute: 4 },
};

export function onLine({ base, perCompute }: Line, computes: number): number {
  return base + perCompute * computes;
}

/**
 * Statements a second that write, and commits. The control plane's own: a report each 10 s of two
 * conductors (which share a record: one of them has nothing to UPDATE) and a scheduler, and one each
 * 30 s of the agent (events_idle120.csv). The slope is that of 25 computes: six reports a minute, a
 * ComputeNode.save in three, and a commit a minute that writes nothing.
 */
export const WRITE_LINES: Readonly<Record<string, Line>> = {
  sql_update_per_s: { base: 14 / 60, perCompute: 0.1055 },
  sql_commit_per_s: { base: 20 / 60, perCompute: 0.1239 },
};

/**
 * Share of the others among the statements of idle services: a transaction begins with a SELECT 1 and
 * ends with two ROLLBACKs where it only reads, as nearly all do. Those of 25 computes.
 */
export const READ_SHARES: Readonly<Record<string, number>> = {
  sql_select_per_s: 0.456,
  sql_rollback_per_s: 0.352,
};
