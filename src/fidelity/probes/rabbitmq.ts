import type { BackendConstants } from '../../cloud/backend-constants.js';
import type { Bus } from '../../cloud/bus/bus.js';
import { createBus } from '../../cloud/bus/create-bus.js';
import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network } from '../../net/network.js';
import type { Topology } from '../../net/topology.js';
import { RandomStreams } from '../../random/index.js';
import { SerialProcessor } from '../../resources/serial-processor.js';
import { CLIENT_MS, EMULATOR_RTT_MS, labCores, wakeMs } from '../wan-lab.js';
import { type BenchHosts, ClosedClients, type Exchange } from './closed-clients.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';
import { DECLARE_EXCHANGES, DECLARE_MS } from './rabbitmq-declare.js';
import { withConstants } from './with-constants.js';

/** CPU of oslo.messaging for a call, in the process of the caller and of the server: c_oslo_throughput.csv, 1 thread. */
const OSLO_CALLER_MS = 0.54;
const OSLO_SERVER_MS = 0.65;
/** A cast's caller beside the wire and the confirm: c_oslo_rpc.csv at RTT 0. */
const CAST_MS = 1.3;

/**
 * CPU of a call over one broker that is not the broker's, in ms, at 1 kB and for each kB more:
 * client_cpu, server_cpu_s and emu_cpu_s (four legs) by calls of c_rpc_cpu_per_message.csv, transient
 * without confirms, 1024 and 10240 B. None of these columns is judged.
 */
const CALLER_CPU = { ms: 0.0214, perKilobyteMs: 0.003 };
const SERVER_CPU = { ms: 0.0153, perKilobyteMs: 0.0031 };
export const LEG_CPU = { ms: 0.0212, perKilobyteMs: 0.0029 };

export function cpuOf({ ms, perKilobyteMs }: typeof LEG_CPU, bytes: number): number {
  return Math.max(0, ms + (perKilobyteMs * (bytes - 1024)) / 1000);
}

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

interface LabParameters {
  readonly members: number;
  readonly interRttMs: number;
  readonly callerRttMs: number;
  readonly serverRttMs: number;
  /** Members, from 0. */
  readonly leader: number;
  readonly serverMember: number;
  readonly queue: string;
  /** Plain queues are durable and messages persistent. */
  readonly isDurable: boolean;
  /** Share of packets lost between the callers and their broker, each way. */
  readonly loss: number;
}

/** Brokers in a full mesh, then the callers at the first of them, then the servers at theirs. */
function topologyOf({
  members,
  interRttMs,
  callerRttMs,
  serverRttMs,
  serverMember,
  loss,
}: LabParameters): Topology {
  const latencyMs = (rttMs: number) => (rttMs + EMULATOR_RTT_MS) / 2 + wakeMs(rttMs);
  const link = (a: number, b: number, rttMs: number, lossRate = 0) => ({
    a,
    b,
    latencyMs: latencyMs(rttMs),
    capacityBps: 2.7e9,
    jitterMs: 0,
    lossRate,
    medium: 'wired' as const,
  });
  const links = [];
  for (let a = 0; a < members; a++) {
    for (let b = a + 1; b < members; b++) links.push(link(a, b, interRttMs));
  }
  links.push(link(0, members, callerRttMs, loss), link(serverMember, members + 1, serverRttMs));
  const sites = Array.from({ length: members + 2 }, (_, index) => {
    return { id: `s${index}`, name: `s${index}`, tier: 'core' as const };
  });
  return { name: 'brokers', attribution: '', sites, links };
}

/** Everything that a message passes. */
class Laboratory {
  readonly simulator = new Simulator();
  readonly network: Network;
  readonly cores;
  readonly bus: Bus;
  readonly requests: number;
  readonly replies: number;
  readonly callerSite: number;
  readonly serverSite: number;
  /** Calls that arrived at their server took so long from the caller. */
  readonly arrivedMs: number[] = [];
  /** One process, or all cores. */
  server: SerialProcessor | undefined;

  constructor(
    readonly set: LabParameters,
    constants: BackendConstants,
    otherCores: number,
    seed: string,
  ) {
    this.network = new Network(this.simulator, topologyOf(set), {}, new RandomStreams(seed, 1));
    this.cores = labCores(this.simulator, otherCores);
    const members = Array.from({ length: set.members }, (_, site) => ({ site, cpu: this.cores }));
    const { simulator, network } = this;
    const settings = { 'durable-queues': set.isDurable };
    this.bus = createBus({
      id: 'bench',
      constants,
      simulator,
      wire: network,
      traffic: 0,
      members,
      settings,
    });
    this.requests = this.bus.declareQueue('requests', set.leader);
    this.replies = this.bus.declareQueue('replies', 0, true);
    this.callerSite = set.members;
    this.serverSite = set.members + 1;
  }

  serve(demandMs: number, kind: EventKind<Call>, call: Call, id: number): void {
    if (this.server) this.server.compute(demandMs, kind, call, id);
    else this.cores.submit(demandMs, kind, call, id);
  }

  /** CPU of a leg over the emulator; clients of a cluster are on their brokers' hosts. */
  forwardMs(bytes: number): number {
    return this.set.members > 1 ? 0 : cpuOf(LEG_CPU, bytes);
  }

  /** A leg over the emulator. */
  leg(
    from: number,
    to: number,
    bytes: number,
    kind: EventKind<Call>,
    call: Call,
    id: number,
  ): void {
    this.cores.submit(this.forwardMs(bytes), beside, undefined, id);
    this.simulator.schedule(this.network.transitMs(from, to, bytes, 0), kind, call, id);
  }
}

const beside = defineEventKind('bench-rabbitmq-beside', () => {});

/** One call: its request is at the caller's broker when it begins. */
class Call {
  constructor(
    readonly lab: Laboratory,
    readonly bytes: number,
    readonly serverMs: number,
    readonly kind: EventKind<unknown>,
    readonly target: unknown,
    /** Until its request is at the broker, from the caller's point of view. */
    readonly beforeMs: number,
    readonly replies: boolean,
  ) {}

  begin(id: number): void {
    const { bus, requests, set } = this.lab;
    this.beganMs = this.lab.simulator.now;
    bus.relay(requests, 0, set.serverMember, this.bytes, requested, this, id);
  }

  private beganMs = 0;

  get toServerMs(): number {
    return this.lab.simulator.now - this.beganMs + this.beforeMs;
  }
}

const requested = defineEventKind('bench-rabbitmq-requested', (call: Call, id: number) => {
  const { lab, bytes } = call;
  lab.leg(lab.set.serverMember, lab.serverSite, bytes, atServer, call, id);
});
const atServer = defineEventKind('bench-rabbitmq-at-server', (call: Call, id: number) => {
  call.lab.arrivedMs.push(call.toServerMs);
  call.lab.serve(call.serverMs, served, call, id);
});
const served = defineEventKind('bench-rabbitmq-served', (call: Call, id: number) => {
  const { lab, bytes, replies } = call;
  if (replies) lab.leg(lab.serverSite, lab.set.serverMember, bytes, replying, call, id);
});
const replying = defineEventKind('bench-rabbitmq-replying', (call: Call, id: number) => {
  const { lab, bytes, kind, target } = call;
  lab.bus.relay(lab.replies, lab.set.serverMember, 0, bytes, kind, target, id);
});

/** What broker CPU falls away from a request without confirm, in ms: c_rpc_cpu_per_message.csv, 1024 B. */
export const CONFIRM_MS: Readonly<Record<string, number>> = {
  classic_transient: 0.0111,
  classic_durable_persistent: 0.031,
  quorum_persistent: 0.007,
};

/**
 * C clients never let the broker sleep, oslo.messaging's do (0.47 ms of its CPU a call:
 * c_oslo_throughput.csv, one thread); and a request without confirm costs less.
 */
function labConstants(backends: ProbeContext['backends'], parameters: ProbeParameters) {
  const queue = String(parameters.queue);
  const confirms = parameters.confirms !== false;
  const constants = backends[BACKENDS[queue]];
  const perMessageMs = constants.constants['cpu-per-message'].value;
  return withConstants(constants, {
    ...(parameters.oslo === true ? {} : { 'cpu-per-wake-up': 0 }),
    'cpu-per-message': perMessageMs - (confirms ? 0 : (CONFIRM_MS[queue] ?? 0)),
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

/** What an operation does at the caller's broker, and the caller's CPU. */
function exchangesOf(lab: Laboratory, test: string, parameters: ProbeParameters): Exchange[] {
  const { set, simulator, bus } = lab;
  const bytes = Number(parameters.payload ?? 1024);
  const isOslo = parameters.oslo === true;
  const callerMs = isOslo ? OSLO_CALLER_MS : cpuOf(CALLER_CPU, bytes);
  const legMs = lab.network.roundTripMs(lab.callerSite, 0) / 2;
  const common = {
    besideMs: isOslo ? 0 : lab.forwardMs(bytes),
    wakeMs: 0,
    bytesOut: bytes,
    bytesIn: bytes,
  };
  const call = (replies: boolean, clientMs: number): Exchange => ({
    ...common,
    clientMs,
    serve(kind, target, argument) {
      const serverMs = isOslo ? OSLO_SERVER_MS : cpuOf(SERVER_CPU, bytes);
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
 * bytes, `concurrency`, `confirms`, `loss` of the callers' packets, `oslo` (Python clients, one
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
  const lab = new Laboratory(set, constants, Number(parameters.otherCores ?? 0), seed);
  const { simulator, network, cores } = lab;
  if (isOslo) lab.server = new SerialProcessor(simulator, cores, false);
  const caller = isOslo ? new SerialProcessor(simulator, cores, false) : undefined;
  const hosts = {
    simulator,
    cores: caller ? { submit: caller.compute.bind(caller) } : cores,
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
  const values = bench.run(250 + 30 * (test === 'rpc' ? roundMs : (slowest * roundMs) / 2));
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
