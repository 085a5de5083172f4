import { createBus } from '../../cloud/bus/create-bus.js';
import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network } from '../../net/network.js';
import { RandomStreams } from '../../random/index.js';
import { SerialProcessor } from '../../resources/serial-processor.js';
import { EMULATOR_RTT_MS, labCores, twoHosts, wakeMs } from '../wan-lab.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';
import { CAST_MS, HAND_OVER_MS, OSLO_SERVER } from './rabbitmq.js';
import { withConstants } from './with-constants.js';

const IDLE_MS = 40_000;
/** Of this laboratory's broker without a connection (c_idle_connections.csv); OpenStack's was smaller. */
const LAB_BASE_MIB = 142.5;

/**
 * Broker CPU of a fanout beside its copies, in ms: one publication at a time finds the broker and
 * the processes of its consumers' connections asleep. c_fanout.csv, line through 50 and 200
 * consumers at RTT 0.
 */
const FANOUT_MS = 1.03;

/** What a fanout's clients take: its publisher before the first copy leaves, then the consumers' one process for each copy, in ms. */
interface FanoutClient {
  readonly publishMs: number;
  /** Before any copy is handled. */
  readonly readMs: number;
  readonly handleMs: number;
}

/** c_fanout.csv, 200 consumers at RTT 0. */
const C_CLIENT: FanoutClient = { publishMs: 0.6, readMs: 0, handleMs: 0.03 };
/**
 * A copy takes a process of oslo.messaging as long as a call does where threads wait for the
 * interpreter's lock, and a share longer for each consumer's thread, which wakes up now and then to
 * ask for it. Threads that listen get it before those that handle. The two shares: c_fanout.csv, 50
 * consumers at RTT 0, first and last delivery.
 */
const OSLO_COPY_MS = OSLO_SERVER.ms + HAND_OVER_MS;
const READ_SHARE = 0.2;
const PER_THREAD = 0.0194;

function fanoutClient(client: string, consumers: number): FanoutClient {
  if (client !== 'oslo') return C_CLIENT;
  const copyMs = OSLO_COPY_MS * (1 + PER_THREAD * consumers);
  return {
    publishMs: CAST_MS,
    readMs: READ_SHARE * copyMs,
    handleMs: (1 - READ_SHARE) * copyMs,
  };
}

function labOf(rttMs: number, { seed, backends }: ProbeContext) {
  const simulator = new Simulator();
  const { topology, options } = twoHosts({ rttMs, rateMbit: 0, queueBytes: 0, loss: 0 });
  const network = new Network(simulator, topology, options, new RandomStreams(seed, 1));
  const cores = labCores(simulator, 0);
  const members = [{ site: 0, cpu: cores }];
  const constants = withConstants(backends.rabbitmq, { 'memory-base': LAB_BASE_MIB });
  const bus = createBus({ id: 'bench', constants, simulator, wire: network, traffic: 0, members });
  return { simulator, cores, bus, constants };
}

/**
 * Connections that lie idle. Parameters: `connections`. Values: `rssKib` of the broker, `idlePercent`
 * of a core, `setUpS` of CPU to open them.
 */
export function rabbitMqIdle(parameters: ProbeParameters, context: ProbeContext): ProbeValues {
  const { simulator, bus, constants } = labOf(0, context);
  const connections = Number(parameters.connections);
  bus.connect(0, connections);
  simulator.runUntil(IDLE_MS);
  const [broker] = bus.results();
  return {
    rssKib: broker.memoryBytes / 1024,
    idlePercent: (100 * broker.cpuS) / (IDLE_MS / 1000),
    setUpS: (connections * constants.constants['cpu-per-connection-setup'].value) / 1000,
  };
}

class Copies {
  readonly latenciesMs: number[] = [];
  private unread: number;

  constructor(
    readonly simulator: Simulator,
    private readonly consumers: SerialProcessor,
    private readonly client: FanoutClient,
    readonly count: number,
    readonly wayMs: number,
  ) {
    this.unread = count;
  }

  receive(id: number): void {
    const { readMs } = this.client;
    if (readMs > 0) this.consumers.compute(readMs, read, this, id);
    else this.handle(id);
  }

  /** For its own events. */
  wasRead(): void {
    if (--this.unread > 0) return;
    for (let id = 0; id < this.count; id++) this.handle(id);
  }

  private handle(id: number): void {
    this.consumers.compute(this.client.handleMs, taken, this, id);
  }
}

const sent = defineEventKind('bench-copy-sent', (copies: Copies, id: number) => {
  copies.simulator.schedule(copies.wayMs, received, copies, id);
});
const received = defineEventKind('bench-copy-received', (copies: Copies, id: number) =>
  copies.receive(id),
);
const read = defineEventKind('bench-copy-read', (copies: Copies) => copies.wasRead());
const taken = defineEventKind('bench-copy-taken', (copies: Copies) => {
  copies.latenciesMs.push(copies.simulator.now);
});

/**
 * One publication to all consumers of a fanout, which share a process. Parameters: `consumers`,
 * `client` (C or oslo), `rttMs`. Values: `p50`, `mean`, `first` and `last` delivery in ms,
 * `copyUs` of the broker's CPU a delivery.
 */
export function rabbitMqFanout(parameters: ProbeParameters, context: ProbeContext): ProbeValues {
  const rttMs = Number(parameters.rttMs);
  const { simulator, cores, constants } = labOf(rttMs, context);
  const consumers = Number(parameters.consumers);
  const client = fanoutClient(String(parameters.client), consumers);
  const constant = (name: string) => constants.constants[name].value;
  const wayMs = (rttMs + EMULATOR_RTT_MS) / 2 + wakeMs(rttMs);
  const process = new SerialProcessor(simulator, cores, false);
  const copies = new Copies(simulator, process, client, consumers, wayMs);
  const exchange = new SerialProcessor(simulator, cores, false);
  exchange.compute(client.publishMs + constant('cpu-per-message'), sent, copies, 0);
  for (let id = 1; id < consumers; id++)
    exchange.compute(constant('cpu-per-copy'), sent, copies, id);
  simulator.run();
  const sorted = copies.latenciesMs.sort((a, b) => a - b);
  return {
    first: sorted[0],
    last: sorted[sorted.length - 1],
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    p50: sorted[Math.ceil(sorted.length / 2) - 1],
    copyUs: 1000 * (constant('cpu-per-copy') + FANOUT_MS / consumers),
  };
}
