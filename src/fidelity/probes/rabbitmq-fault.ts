import { RabbitMqBus } from '../../cloud/bus/rabbitmq-bus.js';
import { PublishOutcome } from '../../cloud/bus/rabbitmq-publication.js';
import type { QueueReplication } from '../../cloud/bus/rabbitmq-queue-faults.js';
import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network } from '../../net/network.js';
import type { Topology } from '../../net/topology.js';
import { RandomStreams } from '../../random/index.js';
import { EMULATOR_RTT_MS, labCores } from '../wan-lab.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';
import { DECLARE_EXCHANGES, DECLARE_MS } from './rabbitmq-declare.js';

/** A client pauses so long after a confirm, in ms (d_cluster_faults.csv). */
const PAUSE_MS = 50;
/** And so long more after an error: 0.36 s from error to error of the client on node 2, which calibrates. */
const RETRY_MS = 310;
/** Once in a run its process is not run for so long: gaps of fq2 under a partition less its cycle. */
const HICCUP_MS = 92;
const HICCUP_AT_MS = 5000;
/** Before the fault; and after healing or restart until the clients are stopped, in ms. */
const BEFORE_MS = 10_000;
const AFTER_HEALING_MS = 11_000;
const AFTER_RESTART_MS = 45_000;
/** Between two looks at the members. */
const LOOK_MS = 10;
/** When killed nodes were started again, in ms after the fault. */
const RESTART_MS = 15_000;

const KINDS: Readonly<
  Record<string, { backend: string; replication: QueueReplication; declare: string }>
> = {
  classic: { backend: 'rabbitmq', replication: 'none', declare: 'classic' },
  mirrored: {
    backend: 'rabbitmq-mirrored',
    replication: 'mirrored',
    declare: 'classic_mirrored_all',
  },
  quorum: { backend: 'rabbitmq-quorum', replication: 'quorum', declare: 'quorum' },
};

function meshOf(members: number, rttMs: number): Topology {
  const sites = Array.from({ length: members }, (_, i) => {
    return { id: `n${i}`, name: `n${i}`, tier: 'core' as const };
  });
  const links = sites.flatMap((_, a) =>
    sites.slice(a + 1).map((_, i) => ({
      a,
      b: a + 1 + i,
      latencyMs: (rttMs + EMULATOR_RTT_MS) / 2,
      capacityBps: 2.7e9,
      jitterMs: 0,
      lossRate: 0,
      medium: 'wired' as const,
    })),
  );
  return { name: 'cluster', attribution: '', sites, links };
}

const begun = defineEventKind('fault-client-begin', (client: FaultClient) => client.begin());
const publishing = defineEventKind('fault-client-publish', (client: FaultClient) =>
  client.publish(),
);
const answered = defineEventKind('fault-client-answer', (client: FaultClient, outcome: number) =>
  client.answer(outcome),
);
const looked = defineEventKind('fault-look', (observer: Observer) => observer.look());

/** One publisher that waits for each confirm, as the measurement's. */
class FaultClient {
  readonly errorsMs: number[] = [];
  private lastOkMs = 0;
  private hasHiccup = false;
  private isConnected = true;
  gap = { ms: 0, endMs: Number.NaN };

  constructor(
    private readonly simulator: Simulator,
    private readonly bus: RabbitMqBus,
    private readonly queue: number,
    private readonly member: number,
    private readonly declareMs: () => number,
  ) {}

  begin(): void {
    const { simulator, bus, member } = this;
    if (this.isConnected || !bus.membership.isServing(member)) {
      this.publish();
      return;
    }
    // A fresh connection declares its queue before it publishes.
    this.isConnected = true;
    simulator.schedule(this.declareMs(), publishing, this);
  }

  publish(): void {
    this.bus.publish(this.queue, this.member, answered, this);
  }

  answer(outcome: number): void {
    const { now } = this.simulator;
    if (outcome !== PublishOutcome.confirmed) {
      this.errorsMs.push(now);
      if (outcome === PublishOutcome.closed) this.isConnected = false;
      this.simulator.schedule(PAUSE_MS + RETRY_MS, begun, this);
      return;
    }
    if (now - this.lastOkMs > this.gap.ms) {
      this.gap = { ms: now - this.lastOkMs, endMs: now };
    }
    this.lastOkMs = now;
    const isLate = !this.hasHiccup && now > HICCUP_AT_MS;
    this.hasHiccup ||= isLate;
    this.simulator.schedule(PAUSE_MS + (isLate ? HICCUP_MS : 0), begun, this);
  }
}

/** Looks at the members all the time, as who measured did. */
class Observer {
  pausedMs = Number.NaN;
  shrunkMs = Number.NaN;

  constructor(
    private readonly simulator: Simulator,
    private readonly bus: RabbitMqBus,
    private readonly failing: number,
  ) {}

  look(): void {
    const { simulator, failing } = this;
    const { membership } = this.bus;
    if (Number.isNaN(this.pausedMs) && membership.isPaused(failing)) this.pausedMs = simulator.now;
    const other = failing === 0 ? 1 : 0;
    if (Number.isNaN(this.shrunkMs) && !membership.sees(other, failing)) {
      this.shrunkMs = simulator.now;
    }
    simulator.schedule(LOOK_MS, looked, this);
  }
}

function setLinks(network: Network, members: number, failing: number, isUp: boolean): void {
  let link = 0;
  for (let a = 0; a < members; a++) {
    for (let b = a + 1; b < members; b++, link++) {
      if (a === failing || b === failing) network.setLinkUp(link, isUp);
    }
  }
}

/**
 * A publisher at one member of a RabbitMQ cluster, one of whose members is killed and started again,
 * or cut off and healed. Parameters: `members`, `interRttMs`, `fault` (`kill` or `partition`),
 * `failing`, `client` and `home` (members, from 0), `queue` (`classic`, `mirrored`, `quorum`),
 * `cutMs`. Values in s after the fault: `first ok` (the end of the longest gap), `gap`, `first
 * error`, `paused`, `shrunk` (the view at another member); `running` after healing or restart; and
 * `errors`.
 */
export function rabbitMqFault(
  parameters: ProbeParameters,
  { seed, backends }: ProbeContext,
): ProbeValues {
  const { backend, replication, declare } = KINDS[String(parameters.queue)];
  const members = Number(parameters.members);
  const failing = Number(parameters.failing);
  const streams = new RandomStreams(seed, 1);
  const simulator = new Simulator();
  const topology = meshOf(members, Number(parameters.interRttMs));
  const network = new Network(simulator, topology, {}, streams);
  const phases = streams.stream('rabbitmq-fault/ticks');
  const options = {
    id: 'bench',
    constants: backends[backend],
    simulator,
    wire: network,
    traffic: 0,
    members: topology.sites.map((_, site) => ({ site, cpu: labCores(simulator, 0) })),
    settings: { 'durable-queues': true },
    tickPhases: topology.sites.map(() => phases.uniform()),
  };
  const bus = new RabbitMqBus(options, replication);
  const queue = bus.declareQueue('bench', Number(parameters.home));
  const roundMs = network.roundTripMs(0, 1);
  const declareMs = () => (DECLARE_EXCHANGES[declare] ?? 0) * roundMs + (DECLARE_MS[declare] ?? 0);
  const client = new FaultClient(simulator, bus, queue, Number(parameters.client), declareMs);
  const observer = new Observer(simulator, bus, failing);
  simulator.schedule(0, begun, client);
  simulator.runFor(BEFORE_MS);
  simulator.schedule(0, looked, observer);
  const healMs = heal(parameters, { simulator, network, bus });
  const secondsAfter = (ms: number) => (ms - BEFORE_MS) / 1000;
  return {
    'first ok': secondsAfter(client.gap.endMs),
    gap: client.gap.ms / 1000,
    errors: client.errorsMs.length,
    'first error': secondsAfter(client.errorsMs[0] ?? Number.NaN),
    paused: secondsAfter(observer.pausedMs),
    shrunk: secondsAfter(observer.shrunkMs),
    running: (bus.membership.listedAtMs[failing] - healMs) / 1000,
  };
}

interface Bench {
  readonly simulator: Simulator;
  readonly network: Network;
  readonly bus: RabbitMqBus;
}

/** The fault, and all that follows; when it was healed, in ms. */
function heal(parameters: ProbeParameters, { simulator, network, bus }: Bench): number {
  const members = Number(parameters.members);
  const failing = Number(parameters.failing);
  if (parameters.fault === 'kill') {
    bus.membership.kill(failing);
    simulator.runFor(RESTART_MS);
    bus.membership.restart(failing);
    simulator.runFor(AFTER_RESTART_MS);
    return BEFORE_MS + RESTART_MS;
  }
  setLinks(network, members, failing, false);
  bus.membership.networkChanged();
  const cutMs = Number(parameters.cutMs);
  simulator.runFor(cutMs);
  setLinks(network, members, failing, true);
  bus.membership.networkChanged();
  simulator.runFor(AFTER_HEALING_MS);
  return BEFORE_MS + cutMs;
}
