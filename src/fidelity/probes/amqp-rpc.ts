import { createBus } from '../../cloud/bus/create-bus.js';
import type { EventKind } from '../../kernel/event-kind.js';
import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network } from '../../net/network.js';
import { RandomStreams } from '../../random/index.js';
import {
  CLIENT_MS,
  EMULATOR_RTT_MS,
  FORWARD_BESIDE_MS,
  labCores,
  twoHosts,
  wakeMs,
} from '../wan-lab.js';
import { ClosedClients, type Exchange } from './closed-clients.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

const MESSAGE_BYTES = 1024;
const BROKER = 0;

/** One call: its request is with the broker, then with the server, then its reply with the broker. */
class Call {
  constructor(
    readonly lab: Broker,
    readonly kind: EventKind<unknown>,
    readonly target: unknown,
  ) {}
}

const toServer = defineEventKind('bench-rpc-to-server', (call: Call, argument: number) => {
  call.lab.hop(serving, call, argument);
});
const serving = defineEventKind('bench-rpc-serving', (call: Call, argument: number) => {
  call.lab.cores.submit(CLIENT_MS, answering, call, argument);
});
const answering = defineEventKind('bench-rpc-answering', (call: Call, argument: number) => {
  call.lab.hop(replied, call, argument);
});
const replied = defineEventKind('bench-rpc-replied', (call: Call, argument: number) => {
  call.lab.reply(call, argument);
});

/** The broker and the server of calls. */
class Broker {
  readonly cores;
  private readonly bus;
  private readonly requests: number;
  private readonly replies: number;

  constructor(
    private readonly simulator: Simulator,
    network: Network,
    constants: ProbeContext['backends'][string],
    otherCores: number,
    private readonly serverRttMs: number,
  ) {
    this.cores = labCores(simulator, otherCores);
    const members = [{ site: 1, cpu: this.cores }];
    this.bus = createBus({ id: 'bench', constants, simulator, wire: network, traffic: 0, members });
    this.requests = this.bus.declareQueue('requests', BROKER);
    this.replies = this.bus.declareQueue('replies', BROKER);
  }

  request(call: Call, argument: number): void {
    this.bus.relay(this.requests, BROKER, BROKER, MESSAGE_BYTES, toServer, call, argument);
  }

  reply({ kind, target }: Call, argument: number): void {
    this.bus.relay(this.replies, BROKER, BROKER, MESSAGE_BYTES, kind, target, argument);
  }

  hop(kind: EventKind<Call>, call: Call, argument: number): void {
    const wayMs = (EMULATOR_RTT_MS + this.serverRttMs) / 2 + wakeMs(this.serverRttMs);
    this.simulator.schedule(wayMs, kind, call, argument);
  }
}

/**
 * Calls in C over one RabbitMQ broker without confirms, in a closed loop; the server of the calls
 * stands beside the broker or behind a round trip, the callers behind another.
 *
 * Parameters: `rttMs`, `serverRttMs`, `clients` (one call under way each), `loss` each way, `otherCores`.
 * Values: `mean` and `p50` in ms, `rate` in 1/s.
 */
export function amqpRpc(
  parameters: ProbeParameters,
  { seed, backends }: ProbeContext,
): ProbeValues {
  const rttMs = Number(parameters.rttMs);
  const loss = Number(parameters.loss ?? 0);
  const serverRttMs = Number(parameters.serverRttMs ?? 0);
  const simulator = new Simulator();
  const { topology, options } = twoHosts({ rttMs, rateMbit: 0, queueBytes: 0, loss });
  const network = new Network(simulator, topology, options, new RandomStreams(seed, 1));
  const broker = new Broker(
    simulator,
    network,
    backends.rabbitmq,
    Number(parameters.otherCores ?? 0),
    serverRttMs,
  );
  const exchange: Exchange = {
    clientMs: CLIENT_MS,
    besideMs: FORWARD_BESIDE_MS,
    wakeMs: wakeMs(rttMs),
    bytesOut: MESSAGE_BYTES,
    bytesIn: MESSAGE_BYTES,
    serve: (kind, target, argument) =>
      broker.request(new Call(broker, kind as EventKind<unknown>, target), argument),
  };
  const hosts = { simulator, cores: broker.cores, network };
  const bench = new ClosedClients(hosts, [exchange], Number(parameters.clients));
  return bench.run(300 + 25 * (loss > 0 ? 10 : 1) * (rttMs + serverRttMs));
}
