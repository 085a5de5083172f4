import { Redis } from '../../cloud/store/redis.js';
import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network } from '../../net/network.js';
import type { Topology } from '../../net/topology.js';
import { RandomStreams } from '../../random/index.js';
import { EMULATOR_RTT_MS, FORWARD_BESIDE_MS, labCores, twoHosts, wakeMs } from '../wan-lab.js';
import { ClosedClients, type Exchange } from './closed-clients.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

const COMMAND_BYTES = 40;
/** CPU of redis-benchmark for a batch and for each command of it: e_redis_throughput.csv, GET over 1 connection at RTT 0. */
const CLIENT_BATCH_MS = 0.009;
const CLIENT_COMMAND_MS = 0.0003;

/** The laboratory's primary had two replicas on the same cores: each takes a write in, and its frames. */
const REPLICAS = 2;

/** Operations: whether they write, whether they wait for the replicas, and exchanges. */
const OPERATIONS: Readonly<Record<string, { writes: boolean; waits: boolean; exchanges: number }>> =
  {
    connect: { writes: false, waits: false, exchanges: 2 },
    get: { writes: false, waits: false, exchanges: 1 },
    set: { writes: true, waits: false, exchanges: 1 },
    'set+wait2': { writes: true, waits: true, exchanges: 1 },
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

/** A write that waits for its replicas. */
interface Write {
  readonly redis: Redis;
  readonly replicas: number;
  readonly kind: EventKind<unknown>;
  readonly target: unknown;
}

const written = defineEventKind('bench-redis-written', (write: Write, argument: number) => {
  write.redis.wait(write.replicas, write.kind, write.target, argument);
});

/**
 * Clients of one Redis primary, in a closed loop.
 *
 * Parameters: `rttMs`, `op` (connect, get, set, set+wait2), `connections`, `pipeline` (commands sent
 * at once), `replicaRttsMs`.
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
  const cores = labCores(simulator, 0);
  const members = [1, ...replicaRttsMs.map((_, index) => 2 + index)];
  const server = new Redis({
    constants: backends.redis,
    simulator,
    wire: network,
    traffic: 0,
    members: members.map((site) => ({ site, cpu: cores })),
  });
  const pipeline = Number(parameters.pipeline ?? 1);
  const { writes, waits, exchanges } = operation;
  const replicationMs = REPLICAS * (server.demandMs(pipeline, true) + 2 * FORWARD_BESIDE_MS);
  const exchange: Exchange = {
    clientMs: CLIENT_BATCH_MS + pipeline * CLIENT_COMMAND_MS,
    besideMs: FORWARD_BESIDE_MS + (writes ? replicationMs / 2 : 0),
    wakeMs: wakeMs(rttMs),
    bytesOut: pipeline * COMMAND_BYTES,
    bytesIn: pipeline * COMMAND_BYTES,
    serve(kind, target, argument) {
      if (!waits) {
        server.serve(pipeline, writes, kind, target, argument);
        return;
      }
      const write = { redis: server, replicas: replicaRttsMs.length, kind, target } as Write;
      server.serve(pipeline, writes, written, write, argument);
    },
  };
  const furthestMs = Math.max(0, ...replicaRttsMs);
  const connections = Number(parameters.connections ?? 1);
  const bench = new ClosedClients(
    { simulator, cores, network },
    Array.from({ length: exchanges }, () => exchange),
    connections,
  );
  const values = bench.run(100 + 25 * exchanges * (rttMs + furthestMs));
  return {
    ...values,
    commands: values.rate * pipeline,
    serverUs: (1000 * server.demandMs(pipeline, writes)) / pipeline,
  };
}
