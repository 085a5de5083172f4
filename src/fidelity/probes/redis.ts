import { Redis } from '../../cloud/store/redis.js';
import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network } from '../../net/network.js';
import type { Topology } from '../../net/topology.js';
import { RandomStreams } from '../../random/index.js';
import type { Processor } from '../../resources/processor.js';
import {
  CONTENTION,
  EMULATOR_RTT_MS,
  FORWARD_BESIDE_MS,
  labCores,
  twoHosts,
  wakeMs,
} from '../wan-lab.js';
import { ClosedClients, type Exchange } from './closed-clients.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';
import { withConstants } from './with-constants.js';

const COMMAND_BYTES = 40;
/** CPU of redis-benchmark for a batch and for each command of it: e_redis_throughput.csv, GET over 1 connection at RTT 0. */
const CLIENT_BATCH_MS = 0.00375;
const CLIENT_COMMAND_MS = 0.0004;

/**
 * Redis writes to its replicas before it answers, so their frames are ahead of the answer's in the
 * emulator, which is one thread: an exchange's way has a frame and its acknowledgement.
 */
const FRAME_MS = FORWARD_BESIDE_MS / 2;

/** A connection made, taken in and closed again, in both hosts: connect at RTT 0 (scripts/calibrate/redis-lab.ts). */
const CONNECT_MS = 0.0733;

/** Operations: whether they write, wait for the replicas, and begin with a new connection. */
const OPERATIONS: Readonly<Record<string, { writes: boolean; waits: boolean; connects: boolean }>> =
  {
    connect: { writes: false, waits: false, connects: true },
    get: { writes: false, waits: false, connects: false },
    set: { writes: true, waits: false, connects: false },
    'set+wait2': { writes: true, waits: true, connects: false },
  };

export function isRedisOperation(op: string): boolean {
  return op in OPERATIONS;
}

/** Client at site 0, primary at site 1, its replicas behind it. */
function withReplicas(pipe: Topology, replicaRttsMs: readonly number[]): Topology {
  const besideMs = (rttMs: number) => EMULATOR_RTT_MS / 2 + wakeMs(rttMs);
  const sites = replicaRttsMs.map((_, index) => {
    return { id: `replica${index}`, name: `replica${index}`, tier: 'core' as const };
  });
  const links = replicaRttsMs.map((rttMs, index) => {
    return { ...pipe.links[0], a: 1, b: 2 + index, latencyMs: rttMs / 2 + besideMs(rttMs) };
  });
  return { ...pipe, sites: [...pipe.sites, ...sites], links: [...pipe.links, ...links] };
}

/**
 * CPU of the laboratory for a batch that no column lists, in ms: the client, the emulator, and for
 * writes each replica's (a turn for each batch: the most that it can be) and the frames to it.
 */
export function unlistedMs(pipeline: number, writes: boolean, replicas: number): number {
  const clientMs = CLIENT_BATCH_MS + pipeline * CLIENT_COMMAND_MS;
  const replicaMs = FORWARD_BESIDE_MS + CLIENT_BATCH_MS + pipeline * CLIENT_COMMAND_MS;
  return clientMs + 2 * FORWARD_BESIDE_MS + (writes ? replicas * replicaMs : 0);
}

interface Callback {
  readonly kind: EventKind<unknown>;
  readonly target: unknown;
  readonly argument: number;
}

/** One thread with an event loop: a turn takes all that has come, and what it sends leaves together. */
class EventLoop implements Processor {
  private arrived: Callback[] = [];
  private turn: Callback[] = [];
  private arrivedMs = 0;
  private isTurning = false;

  constructor(private readonly cores: Processor) {}

  submit<Target>(
    demandMs: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    this.arrived.push({ kind: kind as EventKind<unknown>, target, argument });
    this.arrivedMs += demandMs;
    if (!this.isTurning) this.beginTurn();
  }

  endTurn(): void {
    for (const { kind, target, argument } of this.turn) kind.run(target, argument);
    this.isTurning = false;
    if (this.arrived.length > 0) this.beginTurn();
  }

  private beginTurn(): void {
    const demandMs = this.arrivedMs;
    this.isTurning = true;
    this.turn = this.arrived;
    this.arrived = [];
    this.arrivedMs = 0;
    this.cores.submit(demandMs, clientTurnOver, this, 0);
  }
}

const clientTurnOver = defineEventKind('bench-redis-client-turn', (loop: EventLoop) =>
  loop.endTurn(),
);

/** A batch of writes at the primary, and whom to answer. */
interface Write {
  readonly redis: Redis;
  readonly simulator: Simulator;
  /** Replicas to wait for. */
  readonly waitsFor: number;
  /** What the frames to the replicas delay the answer. */
  readonly framesMs: number;
  readonly kind: EventKind<unknown>;
  readonly target: unknown;
}

const written = defineEventKind('bench-redis-written', (write: Write, argument: number) => {
  const { redis, simulator, waitsFor, framesMs, kind, target } = write;
  if (waitsFor > 0) redis.wait(waitsFor, kind, target, argument);
  else simulator.schedule(framesMs, kind, target, argument);
});
const forwarded = defineEventKind('bench-redis-forwarded', () => {});

/**
 * Clients of one Redis primary, in a closed loop.
 *
 * Parameters: `rttMs`, `op` (connect, get, set, set+wait2), `connections`, `pipeline` (commands sent
 * at once), `replicaRttsMs` (none: no replicas), `otherCores` that other programs take; to fit them,
 * `constants` of the backend, `clientBatchMs`, `clientCommandMs` and `connectMs`.
 * Values: `mean` and `p50` of a batch in ms, `commands` a second, `serverUs` of CPU a command.
 */
export function redis(parameters: ProbeParameters, { seed, backends }: ProbeContext): ProbeValues {
  const operation = OPERATIONS[String(parameters.op)];
  if (!operation) throw new Error(`Redis' clients do not do "${parameters.op}"`);
  const rttMs = Number(parameters.rttMs);
  const replicaRttsMs = (parameters.replicaRttsMs as readonly number[] | undefined) ?? [];
  const simulator = new Simulator();
  const { topology, options } = twoHosts({ rttMs, rateMbit: 0, queueBytes: 0, loss: 0 });
  const all = withReplicas(topology, replicaRttsMs);
  const network = new Network(simulator, all, options, new RandomStreams(seed, 1));
  const cores = labCores(simulator, Number(parameters.otherCores ?? 0), CONTENTION);
  const members = [1, ...replicaRttsMs.map((_, index) => 2 + index)];
  const server = new Redis({
    constants: withConstants(backends.redis, (parameters.constants ?? {}) as never),
    simulator,
    wire: {
      transitMs: (...way) => {
        cores.submit(FORWARD_BESIDE_MS, forwarded, undefined, 0);
        return network.transitMs(...way);
      },
      roundTripMs: (a, b) => network.roundTripMs(a, b),
    },
    traffic: 0,
    members: members.map((site) => ({ site, cpu: cores })),
  });
  const pipeline = Number(parameters.pipeline ?? 1);
  const { writes, waits, connects } = operation;
  const replicas = replicaRttsMs.length;
  const framesMs = replicas * FRAME_MS;
  const exchange: Exchange = {
    clientMs:
      Number(parameters.clientBatchMs ?? CLIENT_BATCH_MS) +
      pipeline * Number(parameters.clientCommandMs ?? CLIENT_COMMAND_MS),
    besideMs: FORWARD_BESIDE_MS,
    wakeMs: wakeMs(rttMs),
    bytesOut: pipeline * COMMAND_BYTES,
    bytesIn: pipeline * COMMAND_BYTES,
    serve(kind, target, argument) {
      if (!writes) {
        server.serve(pipeline, false, kind, target, argument);
        return;
      }
      const waitsFor = waits ? replicas : 0;
      const write = { redis: server, simulator, waitsFor, framesMs, kind, target } as Write;
      server.serve(pipeline, true, written, write, argument);
    },
  };
  // The kernel answers a handshake; Redis takes the connection in beside its first command.
  const connectMs = Number(parameters.connectMs ?? CONNECT_MS);
  const handshake: Exchange = {
    ...exchange,
    serve: (kind, target, argument) => cores.submit(connectMs, kind, target, argument),
  };
  const exchanges = connects ? [handshake, exchange] : [exchange];
  const furthestMs = Math.max(0, ...replicaRttsMs);
  const connections = Number(parameters.connections ?? 1);
  // redis-benchmark is one thread, whatever the number of its connections.
  const clients = new EventLoop(cores);
  const bench = new ClosedClients({ simulator, cores, network, clients }, exchanges, connections);
  const values = bench.run(100 + 25 * exchanges.length * (rttMs + furthestMs));
  return {
    ...values,
    commands: values.rate * pipeline,
    serverUs: (1000 * server.cpuMs) / server.commands / cores.meanSpeed,
  };
}
