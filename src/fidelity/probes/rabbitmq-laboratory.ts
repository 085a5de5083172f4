import type { BackendConstants } from '../../cloud/backend-constants.js';
import type { Bus } from '../../cloud/bus/bus.js';
import { createBus } from '../../cloud/bus/create-bus.js';
import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network } from '../../net/network.js';
import type { Topology } from '../../net/topology.js';
import { RandomStreams } from '../../random/index.js';
import type { SerialProcessor } from '../../resources/serial-processor.js';
import { EMULATOR_RTT_MS, labCores, WAKE_MS, wakeMs } from '../wan-lab.js';

/** CPU of the emulator for a leg, in ms at 1 kB and for each kB more: emu_cpu_s of c_rpc_cpu_per_message.csv. */
export const LEG_CPU = { ms: 0.0212, perKilobyteMs: 0.0029 };

export function cpuOf({ ms, perKilobyteMs }: typeof LEG_CPU, bytes: number): number {
  return Math.max(0, ms + (perKilobyteMs * (bytes - 1024)) / 1000);
}

export interface LabParameters {
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
  // Clients of a cluster are on their brokers' hosts.
  const besides = (a: number, b: number, rttMs: number, lossRate: number) =>
    members > 1 ? { ...link(a, b, 0), latencyMs: 0 } : link(a, b, rttMs, lossRate);
  links.push(
    besides(0, members, callerRttMs, loss),
    besides(serverMember, members + 1, serverRttMs, 0),
  );
  const sites = Array.from({ length: members + 2 }, (_, index) => {
    return { id: `s${index}`, name: `s${index}`, tier: 'core' as const };
  });
  return { name: 'brokers', attribution: '', sites, links };
}

/** Everything that a message passes. */
export class Laboratory {
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
    /** Whether each job's CPU is drawn anew; calls of Python are many short ones and vary less. */
    isVarying: boolean,
    seed: string,
  ) {
    const streams = new RandomStreams(seed, 1);
    this.network = new Network(this.simulator, topologyOf(set), {}, streams);
    const stream = streams.stream('cpu');
    const draw = isVarying ? () => -Math.log1p(-stream.uniform()) : undefined;
    this.cores = labCores(this.simulator, otherCores, 0, draw);
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
      isRestless: set.members > 1,
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

  /**
   * What waking a client beside its broker takes, and the broker: half of what an emulator and a
   * host behind it take. They sleep only where the wire between brokers makes them wait.
   */
  get besideBrokerMs(): number {
    const { members, interRttMs, leader, serverMember, queue } = this.set;
    const isLocal = leader === 0 && serverMember === 0 && !/quorum/.test(queue);
    return members > 1 && !isLocal ? wakeMs(interRttMs) / 2 : 0;
  }

  /**
   * What waking the two threads of a caller of oslo.messaging takes, the one that listens and the
   * one that called: they sleep where the wire makes them wait, and take as long as an emulator and a host.
   */
  get threadsMs(): number {
    return wakeMs(this.set.callerRttMs + this.set.serverRttMs);
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
    const delayMs = this.network.transitMs(from, to, bytes, 0) + this.besideBrokerMs;
    this.simulator.schedule(delayMs, kind, call, id);
  }
}

export const beside = defineEventKind('bench-rabbitmq-beside', () => {});

/** One call: its request is at the caller's broker when it begins. */
export class Call {
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
  const { simulator, server } = call.lab;
  // Python's thread that listens wakes the one that handles.
  if (server?.inSystem === 0) simulator.schedule(WAKE_MS, handled, call, id);
  else handled.run(call, id);
});
const handled = defineEventKind('bench-rabbitmq-handled', (call: Call, id: number) => {
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
