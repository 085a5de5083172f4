import { type BackendConstants, constantOf } from '../backend-constants.js';

/** The constants of models/backends/rabbitmq.yaml in the units of the simulator. */
export interface RabbitMqCosts {
  readonly perMessageMs: number;
  readonly perByteMs: number;
  /** Part of a message's CPU that its queue's own process does. */
  readonly queueShare: number;
  readonly wakeUpMs: number;
  /** At a broker that passes a message on to or from the queue's leader. */
  readonly perHopMs: number;
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
  return {
    perMessageMs: constantOf(constants, 'cpu-per-message'),
    perByteMs: constantOf(constants, 'cpu-per-kilobyte') / 1000,
    queueShare: constantOf(constants, 'queue-share'),
    wakeUpMs: constantOf(constants, 'cpu-per-wake-up'),
    perHopMs: constantOf(constants, 'cpu-per-hop'),
    perCopyMs: constantOf(constants, 'cpu-per-copy'),
    connectionSetUpMs: constantOf(constants, 'cpu-per-connection-setup'),
    idleShare: constantOf(constants, 'cpu-idle') / 1e3,
    idleConnectionShare: constantOf(constants, 'cpu-per-idle-connection') / 1e6,
    baseBytes: constantOf(constants, 'memory-base') * 2 ** 20,
    connectionBytes: constantOf(constants, 'memory-per-connection') * 2 ** 10,
  };
}
