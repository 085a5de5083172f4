import { type BackendConstants, constantOf } from '../backend-constants.js';

/** The constants of models/backends/qpid-dispatch.yaml in the units of the simulator. */
export interface QpidCosts {
  /** At each router on the way. */
  readonly perMessageMs: number;
  readonly perByteMs: number;
  /** Part of a message's CPU that the router's one core thread does. */
  readonly coreShare: number;
  /** Unsettled deliveries that a router takes for one address from its own clients. */
  readonly linkCapacity: number;
  readonly settlementBytes: number;
  readonly connectionSetUpMs: number;
  /** Share of a core that a router takes while nothing happens; and each connection. */
  readonly idleShare: number;
  readonly idleConnectionShare: number;
  readonly baseBytes: number;
  readonly connectionBytes: number;
}

export function readQpidConstants(constants: BackendConstants): QpidCosts {
  return {
    perMessageMs: constantOf(constants, 'cpu-per-message'),
    perByteMs: constantOf(constants, 'cpu-per-kilobyte') / 1000,
    coreShare: constantOf(constants, 'core-thread-share'),
    linkCapacity: Math.max(1, Math.floor(constantOf(constants, 'link-capacity'))),
    settlementBytes: constantOf(constants, 'settlement-bytes'),
    connectionSetUpMs: constantOf(constants, 'cpu-per-connection-setup'),
    idleShare: constantOf(constants, 'cpu-idle') / 1e3,
    idleConnectionShare: constantOf(constants, 'cpu-per-idle-connection') / 1e6,
    baseBytes: constantOf(constants, 'memory-base') * 2 ** 20,
    connectionBytes: constantOf(constants, 'memory-per-connection') * 2 ** 10,
  };
}
