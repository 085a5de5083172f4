import { readQpidConstants } from '../../cloud/bus/qpid-constants.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

/** Connections beside those of clients: those of servers and controllers; 1 broker, 1000 and 4000 clients. */
const OTHER_CONNECTIONS = 643;
const CONNECTIONS_A_CLIENT = 2;
/** Resident bytes of RabbitMQ 3.6 a connection, with its channels and reply queue: one broker, 1000 and 4000 clients. */
const RABBIT_BYTES_A_CONNECTION = 2.28e6;
/** All brokers together without clients, on top of the line. */
const RABBIT_BASE_BYTES = 1.77e9;
/** Share of the offered rate that ombt's clients reach where the bus is not short: casts 0.985, calls 0.97. */
const REACHED = { call: 0.97, cast: 0.985 } as const;
/** CPU of one call at a RabbitMQ 3.6 that is full, in ms: 24 cores at 8735 calls a second. */
const RABBIT_CALL_MS = 2.75;
const MACHINE_CORES = 24;
/** Cores of one of three brokers with 1000 clients, and the power of clients with which they grow. */
const CLUSTER_CORES = 8.4;
const CLIENTS_POWER = 0.336;
/** Payload, envelope and acknowledgements of a call and its reply through a broker, in bytes: 14.3 MB/s at 8735 calls/s. */
const BYTES_A_CALL = 1637;

/** One broker, or the cluster's with the messages that cross: two of three legs with 1 - 1/n each. */
function rabbit(kind: 'call' | 'cast', clients: number, brokers: number, offered: number) {
  const crossings = 1 - 1 / brokers;
  const messages = kind === 'call' ? 1 : 0.5;
  const perMessageMs = RABBIT_CALL_MS * messages * (1 + crossings * 0.3);
  const capacity = (brokers * MACHINE_CORES * 1000) / perMessageMs;
  const rate = Math.min(offered * REACHED[kind], capacity);
  const share = ((CLUSTER_CORES * 3) / brokers) * messages * (clients / 1000) ** CLIENTS_POWER;
  const connections = (OTHER_CONNECTIONS + CONNECTIONS_A_CLIENT * clients) / brokers;
  return {
    rate,
    connections,
    memoryBytes: RABBIT_BASE_BYTES / brokers + connections * RABBIT_BYTES_A_CONNECTION,
    cores: Math.min(MACHINE_CORES, share),
    bytesPerS: (rate * BYTES_A_CALL * messages * (1 + 2 * crossings)) / brokers,
  };
}

/**
 * ombt's clients at an offered rate over the brokers or routers of one bus, in the steady state.
 *
 * Parameters: `bus` (`rabbitmq`, `qpid-dispatch`), `kind` (`call`, `cast`), `clients`, `brokers`,
 * `offered` calls a second. Values, of one broker: `rate` (of all) in 1/s, `connections`, `memory`
 * in GB, `cores`, `bytes` sent in MB/s.
 */
export function ombt(parameters: ProbeParameters, { backends }: ProbeContext): ProbeValues {
  const kind = parameters.kind === 'cast' ? 'cast' : 'call';
  const [clients, brokers, offered] = ['clients', 'brokers', 'offered'].map((name) =>
    Number(parameters[name]),
  );
  if (parameters.bus !== 'qpid-dispatch') {
    const { rate, connections, memoryBytes, cores, bytesPerS } = rabbit(
      kind,
      clients,
      brokers,
      offered,
    );
    return { rate, connections, memory: memoryBytes / 1e9, cores, bytes: bytesPerS / 1e6 };
  }
  const cost = readQpidConstants(backends['qpid-dispatch']);
  const messages = kind === 'call' ? 2 : 1;
  // Publisher's and consumer's routers, chosen evenly: a mesh has a second router in 1 - 1/n.
  const routers = 1 + (1 - 1 / brokers);
  const bytesEach = BYTES_A_CALL / 2;
  const perRouterMs = cost.perMessageMs + cost.perByteMs * bytesEach;
  const coreMs = cost.coreShare * cost.perMessageMs;
  const capacity = (1000 * brokers) / (messages * routers * coreMs);
  const rate = Math.min(offered * REACHED[kind], capacity);
  const passed = (rate * messages * routers) / brokers;
  const connections = clients / brokers;
  return {
    rate,
    connections,
    memory: (cost.baseBytes + connections * cost.connectionBytes) / 1e9,
    cores: (passed * perRouterMs) / 1000,
    bytes: (passed * bytesEach) / 1e6,
  };
}
