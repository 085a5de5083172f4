import { type BackendConstants, constantOf } from '../backend-constants.js';

/** The constants of models/backends/rabbitmq.yaml in the units of the simulator. */
export interface RabbitMqCosts {
  readonly perMessageMs: number;
  readonly perByteMs: number;
  /** The same in queues that are never replicated: replies. */
  readonly perTransientMessageMs: number;
  readonly perTransientByteMs: number;
  /** Part of a message's CPU that its queue's own process does. */
  readonly queueShare: number;
  readonly wakeUpMs: number;
  /** At a broker that passes a message on to or from the queue's leader. */
  readonly perHopMs: number;
  /** At each member that keeps a copy of a queue. */
  readonly perReplicaMs: number;
  /** At the leader of a queue, for a message that other members keep, too. */
  readonly perReplicationMs: number;
  /** Until another member has dealt with a message that it must have. */
  readonly memberMs: number;
  /** From the agreement on a message of a quorum queue to its delivery. */
  readonly deliveryMs: number;
  /** What a durable message waits for on disk. */
  readonly storeMs: number;
  /** Each copy of a fanout. */
  readonly perCopyMs: number;
  readonly connectionSetUpMs: number;
  /** Share of a core that the broker takes while nothing happens; and each connection. */
  readonly idleShare: number;
  readonly idleConnectionShare: number;
  readonly baseBytes: number;
  readonly connectionBytes: number;
}

export function readRabbitMqConstants(constants: BackendConstants): RabbitMqCosts {
  const perMessageMs = constantOf(constants, 'cpu-per-message');
  const perKilobyteMs = constantOf(constants, 'cpu-per-kilobyte');
  const optional = (name: string, other: number) => constants.constants[name]?.value ?? other;
  return {
    perMessageMs,
    perByteMs: perKilobyteMs / 1000,
    perTransientMessageMs: optional('cpu-per-transient-message', perMessageMs),
    perTransientByteMs: optional('cpu-per-transient-kilobyte', perKilobyteMs) / 1000,
    queueShare: constantOf(constants, 'queue-share'),
    wakeUpMs: constantOf(constants, 'cpu-per-wake-up'),
    perHopMs: constantOf(constants, 'cpu-per-hop'),
    perReplicaMs: optional('cpu-per-replica', 0),
    perReplicationMs: optional('cpu-per-replication', 0),
    memberMs: optional('member-latency', 0),
    deliveryMs: optional('delivery-latency', 0),
    storeMs: optional('store-latency', 0),
    perCopyMs: constantOf(constants, 'cpu-per-copy'),
    connectionSetUpMs: constantOf(constants, 'cpu-per-connection-setup'),
    idleShare: constantOf(constants, 'cpu-idle') / 1e3,
    idleConnectionShare: constantOf(constants, 'cpu-per-idle-connection') / 1e6,
    baseBytes: constantOf(constants, 'memory-base') * 2 ** 20,
    connectionBytes: constantOf(constants, 'memory-per-connection') * 2 ** 10,
  };
}
