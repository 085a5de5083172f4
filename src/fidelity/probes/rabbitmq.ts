import type { BackendConstants } from '../../cloud/backend-constants.js';
import type { EventKind } from '../../kernel/event-kind.js';
import { CLIENT_MS } from '../wan-lab.js';
import { type BenchHosts, ClosedClients, type Exchange } from './closed-clients.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';
import { pythonProcess } from './python-process.js';
import { DECLARE_EXCHANGES, DECLARE_MS } from './rabbitmq-declare.js';
import { beside, Call, cpuOf, Laboratory, type LabParameters } from './rabbitmq-laboratory.js';
import { withConstants } from './with-constants.js';

/**
 * CPU of oslo.messaging for a call, in ms, in the process of the caller and of the server:
 * c_oslo_throughput.csv, 1 thread; for each kB: the difference that 10240 B make to 4 threads and
 * more in caller_cpu_ms_per_call and server_cpu_ms_per_call, which are not judged.
 */
const OSLO_CALLER = { ms: 0.54, perKilobyteMs: 0.0081 };
export const OSLO_SERVER = { ms: 0.65, perKilobyteMs: 0.0082 };
/**
 * Handing over the interpreter's lock in a call, some seven times to a thread that sleeps, where
 * threads wait for it: c_oslo_throughput.csv, 32 threads without payload, p50 and rate.
 */
export const HAND_OVER_MS = 0.72;
/** A cast's caller beside the wire and the confirm: c_oslo_rpc.csv at RTT 0. */
export const CAST_MS = 1.3;

/**
 * CPU of a call over one broker that is not the broker's, in ms, at 1 kB and for each kB more:
 * client_cpu, server_cpu_s and emu_cpu_s (four legs) by calls of c_rpc_cpu_per_message.csv, transient
 * without confirms, 1024 and 10240 B. None of these columns is judged.
 */
const CALLER_CPU = { ms: 0.0214, perKilobyteMs: 0.003 };
const SERVER_CPU = { ms: 0.0153, perKilobyteMs: 0.0031 };

/** Queue types that the measurements name, and the backend that has them. */
export const BACKENDS: Readonly<Record<string, string>> = {
  classic: 'rabbitmq',
  classic_transient: 'rabbitmq',
  classic_durable_persistent: 'rabbitmq-mirrored',
  classic_mirrored_all: 'rabbitmq-mirrored',
  quorum: 'rabbitmq-quorum',
  quorum_persistent: 'rabbitmq-quorum',
};

export function isQueueType(queue: string): boolean {
  return queue in BACKENDS;
}

/** Exchanges of the AMQP connection with its channel: c_connect.csv (slope over RTT). */
const CONNECT_EXCHANGES = 5;
/** Beside the wire, in ms, at RTT 0: a connection in C; a process and its connection. */
const CONNECT_MS = 1.9;
const PROCESS_MS = 11;

/**
 * The first call of a fresh oslo.messaging process, and of its server's replies: exchanges on the
 * way of the caller and of the server, and the rest: c_oslo_first_call.csv.
 */
const FIRST_CALL = { caller: 14, server: 7, ms: 33 };

/**
 * What broker CPU falls away from a message without confirm, in ms at 1 kB and for each kB more:
 * c_rpc_cpu_per_message.csv, 1024 and 10240 B.
 */
const PLAIN = { ms: 0.0111, perKilobyteMs: 0.00055 };
const DURABLE = { ms: 0.0312, perKilobyteMs: 0.00337 };
const QUORUM = { ms: 0.0069, perKilobyteMs: 0.00154 };
const CONFIRM_CPU: Readonly<Record<string, typeof PLAIN>> = {
  classic: PLAIN,
  classic_transient: PLAIN,
  classic_mirrored_all: DURABLE,
  classic_durable_persistent: DURABLE,
  quorum: QUORUM,
  quorum_persistent: QUORUM,
};

/** Broker CPU of the confirm of a message of so many bytes, in ms. */
export function confirmCpuMs(queue: string, bytes: number): number {
  return cpuOf(CONFIRM_CPU[queue] ?? PLAIN, bytes);
}

/** Waking a broker for a call of oslo.messaging, in ms, each way: broker_cpu_ms_per_call of c_oslo_throughput.csv, 1 thread, less two messages; not judged. */
const OSLO_WAKE_UP_MS = 0.163;

/** C clients beside a lone broker never let it sleep. */
function wakeUpOf(parameters: ProbeParameters, { constants }: BackendConstants): number {
  if (parameters.oslo === true) return OSLO_WAKE_UP_MS;
  return Number(parameters.members ?? 1) > 1 ? constants['cpu-per-wake-up'].value : 0;
}

/**
 * What each connection adds to a message's CPU in the broker, and to a call's in the process of the
 * callers: its sockets and Erlang processes share caches with all others'. c_rpc_throughput.csv at 1
 * and 256 calls, over 1 and 64 connections, beside the 16 of c_rpc_cpu_per_message.csv, 1024 B,
 * transient; client_cpu is not judged.
 */
const PER_CONNECTION_MS = { broker: 0.00013, caller: 0.00025 };
const USUAL_CONNECTIONS = 16;

/** Connections of the callers beyond those that the other constants were measured with. */
function moreConnections({ connections }: ProbeParameters): number {
  return connections === undefined ? 0 : Number(connections) - USUAL_CONNECTIONS;
}

/** What a backend's constants are in the laboratory. A request without confirm costs less. */
function labConstants(backends: ProbeContext['backends'], parameters: ProbeParameters) {
  const queue = String(parameters.queue);
  const bytes = Number(parameters.payload ?? 1024);
  const withoutMs = (of: string) => (parameters.confirms === false ? confirmCpuMs(of, bytes) : 0);
  const constants = backends[BACKENDS[queue]];
  const wakeUpMs = wakeUpOf(parameters, constants);
  const moreMs = PER_CONNECTION_MS.broker * moreConnections(parameters);
  const { 'cpu-per-message': request, 'cpu-per-transient-message': reply } = constants.constants;
  return withConstants(constants, {
    'cpu-per-wake-up': wakeUpMs,
    'cpu-per-message': request.value + moreMs - withoutMs(queue),
    ...(reply ? { 'cpu-per-transient-message': reply.value + moreMs - withoutMs('classic') } : {}),
  });
}

function setOf(parameters: ProbeParameters): LabParameters {
  return {
    members: Number(parameters.members ?? 1),
    interRttMs: Number(parameters.interRttMs ?? 0),
    callerRttMs: Number(parameters.callerRttMs ?? 0),
    serverRttMs: Number(parameters.serverRttMs ?? 0),
    leader: Number(parameters.leader ?? 0),
    serverMember: Number(parameters.serverMember ?? 0),
    queue: String(parameters.queue),
    isDurable: parameters.durable === true,
    loss: Number(parameters.loss ?? 0),
  };
}

function osloMs({ ms, perKilobyteMs }: typeof OSLO_CALLER, bytes: number): number {
  return ms + (perKilobyteMs * bytes) / 1000;
}

/** What an operation does at the caller's broker, and the caller's CPU. */
function exchangesOf(lab: Laboratory, test: string, parameters: ProbeParameters): Exchange[] {
  const { set, simulator, bus } = lab;
  const isOslo = parameters.oslo === true;
  const bytes = Number(parameters.payload ?? (isOslo ? 0 : 1024));
  const callerMs = isOslo
    ? osloMs(OSLO_CALLER, bytes)
    : cpuOf(CALLER_CPU, bytes) + PER_CONNECTION_MS.caller * moreConnections(parameters);
  const legMs = lab.network.roundTripMs(lab.callerSite, 0) / 2;
  const common = {
    besideMs: isOslo ? 0 : lab.forwardMs(bytes),
    wakeMs: lab.besideBrokerMs + (isOslo && test === 'rpc' ? lab.threadsMs / 2 : 0),
    bytesOut: bytes,
    bytesIn: bytes,
  };
  const call = (replies: boolean, clientMs: number): Exchange => ({
    ...common,
    clientMs,
    serve(kind, target, argument) {
      const serverMs = isOslo ? osloMs(OSLO_SERVER, bytes) : cpuOf(SERVER_CPU, bytes);
      const anyKind = kind as EventKind<unknown>;
      new Call(lab, bytes, serverMs, anyKind, target, clientMs + legMs, replies).begin(argument);
      if (!replies) simulator.schedule(bus.confirmMs(lab.requests, 0), kind, target, argument);
    },
  });
  const waits = (count: number, clientMs: number, ms: number): Exchange[] =>
    Array.from({ length: count }, () => ({
      ...common,
      clientMs,
      serve: (kind, target, argument) => simulator.schedule(ms, kind, target, argument),
    }));
  switch (test) {
    case 'rpc':
      return [call(true, callerMs)];
    case 'cast':
      return [call(false, CAST_MS)];
    case 'confirm':
      return [
        {
          ...common,
          clientMs: CLIENT_MS,
          serve(kind, target, argument) {
            bus.relay(lab.requests, 0, set.leader, bytes, beside, undefined, argument);
            simulator.schedule(bus.confirmMs(lab.requests, 0), kind, target, argument);
          },
        },
      ];
    case 'connect':
      return waits(CONNECT_EXCHANGES, CONNECT_MS / CONNECT_EXCHANGES, 0);
    case 'declare': {
      const roundMs = set.members > 1 ? lab.network.roundTripMs(0, 1) : 0;
      const declareMs =
        (DECLARE_EXCHANGES[set.queue] ?? 0) * roundMs + (DECLARE_MS[set.queue] ?? 0);
      return waits(1, PROCESS_MS, declareMs);
    }
    case 'first-call': {
      const serverMs = lab.network.roundTripMs(lab.serverSite, set.serverMember);
      const setUp = waits(FIRST_CALL.caller - 1, FIRST_CALL.ms / FIRST_CALL.caller, 0);
      const servers = waits(1, 0, (FIRST_CALL.server - 1) * serverMs);
      return [...setUp, ...servers, call(true, callerMs)];
    }
    default:
      throw new Error(`no client of RabbitMQ does "${test}"`);
  }
}

/**
 * Clients of RabbitMQ in a closed loop: one broker, or a full mesh of them with the clients at the
 * first.
 *
 * Parameters: `test` (rpc, cast, confirm, connect, declare, first-call), `queue` (as the
 * measurements name its type), `members`, `interRttMs`, `leader`, `serverMember` (from 0),
 * `durable` (plain queues are, and messages persistent), `callerRttMs`, `serverRttMs`, `payload` in
 * bytes, `concurrency`, `confirms`, `connections` of the callers, `loss` of the callers' packets, `oslo` (Python clients, one
 * process each side), `otherCores` that other programs take.
 * Values: `mean`, `p50` and `toServer` in ms, `rate` in 1/s, `brokerUs` of CPU a message.
 */
export function rabbitMq(
  parameters: ProbeParameters,
  { seed, backends }: ProbeContext,
): ProbeValues {
  const set = setOf(parameters);
  const isOslo = parameters.oslo === true;
  const constants = labConstants(backends, parameters);
  const lab = new Laboratory(set, constants, Number(parameters.otherCores ?? 0), !isOslo, seed);
  const { simulator, network, cores } = lab;
  if (isOslo) lab.server = pythonProcess(simulator, cores, HAND_OVER_MS);
  const caller = isOslo ? pythonProcess(simulator, cores, HAND_OVER_MS) : undefined;
  const hosts = {
    simulator,
    cores,
    ...(caller ? { clients: { submit: caller.compute.bind(caller) } } : {}),
    network: {
      transitMs: (from: number, _to: number, bytes: number, traffic: number) =>
        from === 0
          ? network.transitMs(lab.callerSite, 0, bytes, traffic)
          : network.transitMs(0, lab.callerSite, bytes, traffic),
    },
  };
  const test = String(parameters.test);
  const exchanges = exchangesOf(lab, test, parameters);
  const bench = new ClosedClients(
    hosts as BenchHosts,
    exchanges,
    Number(parameters.concurrency ?? 1),
  );
  const lossRounds = set.loss > 0 ? 10 : 1;
  const roundMs = lossRounds * (set.callerRttMs + set.serverRttMs) + 3 * set.interRttMs;
  const slowest = test === 'declare' ? 52 : exchanges.length;
  const values = bench.run(500 + 30 * (test === 'rpc' ? roundMs : (slowest * roundMs) / 2));
  const cpuS = bus(lab);
  const calls = (values.rate * simulator.now) / 1000;
  const sorted = [...lab.arrivedMs].sort((a, b) => a - b);
  return {
    ...values,
    toServer: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    brokerUs: (1e6 * cpuS) / (2 * calls),
  };
}

function bus(lab: Laboratory): number {
  return lab.bus.results().reduce((sum, row) => sum + row.cpuS, 0);
}
