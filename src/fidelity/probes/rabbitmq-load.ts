import { createBus } from '../../cloud/bus/create-bus.js';
import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network } from '../../net/network.js';
import { RandomStreams } from '../../random/index.js';
import { SerialProcessor } from '../../resources/serial-processor.js';
import { EMULATOR_RTT_MS, labCores, twoHosts, wakeMs } from '../wan-lab.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';
import { withConstants } from './with-constants.js';

const IDLE_MS = 40_000;
/** Of this laboratory's broker without a connection (c_idle_connections.csv); OpenStack's was smaller. */
const LAB_BASE_MIB = 142.5;

/** CPU of a consumer for a copy, in its one process: c_fanout.csv, 200 in C and 50 of oslo at RTT 0. */
const COPY_MS: Readonly<Record<string, number>> = { C: 0.03, oslo: 2.7 };
/** Of the publisher, before the first copy leaves, at RTT 0. */
const PUBLISH_MS: Readonly<Record<string, number>> = { C: 0.6, oslo: 9 };

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
  constructor(
    readonly simulator: Simulator,
    readonly consumers: SerialProcessor,
    readonly copyMs: number,
    readonly wayMs: number,
  ) {}
}

const sent = defineEventKind('bench-copy-sent', (copies: Copies, id: number) => {
  copies.simulator.schedule(copies.wayMs, received, copies, id);
});
const received = defineEventKind('bench-copy-received', (copies: Copies, id: number) => {
  copies.consumers.compute(copies.copyMs, taken, copies, id);
});
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
  const client = String(parameters.client);
  const consumers = Number(parameters.consumers);
  const constant = (name: string) => constants.constants[name].value;
  const wayMs = (rttMs + EMULATOR_RTT_MS) / 2 + wakeMs(rttMs);
  const process = new SerialProcessor(simulator, cores, false);
  const copies = new Copies(simulator, process, COPY_MS[client], wayMs);
  const exchange = new SerialProcessor(simulator, cores, false);
  exchange.compute(PUBLISH_MS[client] + constant('cpu-per-message'), sent, copies, 0);
  for (let id = 1; id < consumers; id++)
    exchange.compute(constant('cpu-per-copy'), sent, copies, id);
  simulator.run();
  const sorted = copies.latenciesMs.sort((a, b) => a - b);
  return {
    first: sorted[0],
    last: sorted[sorted.length - 1],
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    p50: sorted[Math.ceil(sorted.length / 2) - 1],
    // One publication at a time: each finds the broker asleep.
    copyUs:
      1000 *
      (constant('cpu-per-copy') +
        (constant('cpu-per-message') + constant('cpu-per-wake-up')) / consumers),
  };
}
