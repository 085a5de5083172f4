import type { Bus } from '../../cloud/bus/bus.js';
import { createBus } from '../../cloud/bus/create-bus.js';
import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network } from '../../net/network.js';
import { RandomStreams } from '../../random/index.js';
import { SerialProcessor } from '../../resources/serial-processor.js';
import { EMULATOR_RTT_MS, labCores, twoHosts } from '../wan-lab.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';
import { BACKENDS, confirmCpuMs } from './rabbitmq.js';
import { cpuOf, LEG_CPU } from './rabbitmq-laboratory.js';
import { withConstants } from './with-constants.js';

const CLIENTS = 2;
const RUN_MS = 1000;
const WARM_UP_MS = 200;
/** A paced publisher sends so many at once and then sleeps: what was sent is a multiple of two such bursts. */
const BURST = 32;

/** CPU of a publisher and of a consumer for a message, in ms: pub_cpu and sub_cpu of c_oneway.csv, transient, not judged. */
const PUBLISH_CPU = { ms: 0.0075, perKilobyteMs: 0.0005 };
const CONSUME_CPU = { ms: 0.0078, perKilobyteMs: 0.001 };

/**
 * Share of the broker's CPU for a message that stands alone which one in a crowd takes, as one wake-up,
 * one read and one write serve several: c_oneway.csv, 1024 B, over the bus's own constants.
 */
const CROWDED: Readonly<Record<string, { readonly window: number; readonly paced: number }>> = {
  classic_transient: { window: 0.571, paced: 0.865 },
  classic_durable_persistent: { window: 0.76, paced: 0.984 },
  quorum_persistent: { window: 0.549, paced: 0.685 },
};

/** Confirms of a crowd of persistent messages come so long after their delivery, in ms: c_oneway.csv, 1024 B, window over rate less delivery. */
const FLUSH_MS: Readonly<Record<string, number>> = { classic_durable_persistent: 5.4 };

/** Publishers, the queue and its consumers. */
class OneWay {
  readonly simulator = new Simulator();
  readonly cores;
  readonly bus: Bus;
  readonly publishers: SerialProcessor[];
  readonly consumers: SerialProcessor[];
  readonly latenciesMs: number[] = [];
  /** Of messages on their way, by id; then of those on their way to a consumer. */
  readonly sentMs: number[] = [];
  passed = 0;
  readonly flushMs: number;
  readonly wayMs = EMULATOR_RTT_MS / 2;
  private readonly queue: number;

  constructor(
    parameters: ProbeParameters,
    readonly bytes: number,
    readonly window: number,
    { seed, backends }: ProbeContext,
  ) {
    const { simulator } = this;
    const queue = String(parameters.queue);
    const { topology, options } = twoHosts({ rttMs: 0, rateMbit: 0, queueBytes: 0, loss: 0 });
    const wire = new Network(simulator, topology, options, new RandomStreams(seed, 1));
    this.cores = labCores(simulator, Number(parameters.otherCores ?? 0));
    const backend = backends[BACKENDS[queue]];
    const constant = (name: string) => backend.constants[name].value;
    const share = CROWDED[queue]?.[window > 0 ? 'window' : 'paced'] ?? 1;
    const unconfirmedMs = window > 0 ? 0 : confirmCpuMs(queue, bytes);
    const constants = withConstants(backend, {
      'cpu-per-wake-up': 0,
      'cpu-per-message': share * (constant('cpu-per-message') - unconfirmedMs),
      'cpu-per-kilobyte': share * constant('cpu-per-kilobyte'),
    });
    const members = [{ site: 0, cpu: this.cores }];
    this.bus = createBus({ id: 'bench', constants, simulator, wire, traffic: 0, members });
    this.queue = this.bus.declareQueue('messages', 0);
    this.flushMs = FLUSH_MS[queue] ?? 0;
    const processes = () =>
      Array.from({ length: CLIENTS }, () => new SerialProcessor(simulator, this.cores, false));
    this.publishers = processes();
    this.consumers = processes();
  }

  send(id: number): void {
    this.publishers[id % CLIENTS].compute(cpuOf(PUBLISH_CPU, this.bytes), published, this, id);
  }

  /** A message carries the time at which its publisher came to it. */
  publish(id: number): void {
    this.sentMs[id] = this.simulator.now - cpuOf(PUBLISH_CPU, this.bytes);
    this.leg(atBroker, id);
  }

  leg(kind: typeof atBroker, id: number): void {
    this.cores.submit(cpuOf(LEG_CPU, this.bytes), beside, undefined, id);
    this.simulator.schedule(this.wayMs, kind, this, id);
  }

  relay(id: number): void {
    this.bus.relay(this.queue, 0, 0, this.bytes, delivering, this, id);
  }

  deliver(id: number): void {
    this.passed++;
    // A confirmed slot may be used again before its message is consumed: the copy keeps the time.
    const copy = this.sentMs.push(this.sentMs[id]) - 1;
    this.leg(atConsumer, copy);
    if (this.window > 0) this.simulator.schedule(this.flushMs + this.wayMs, confirmed, this, id);
  }

  consumed(id: number): void {
    const { now } = this.simulator;
    if (now >= WARM_UP_MS) this.latenciesMs.push(now - this.sentMs[id]);
  }
}

const beside = defineEventKind('one-way-beside', () => {});
const published = defineEventKind('one-way-published', (bench: OneWay, id: number) =>
  bench.publish(id),
);
const atBroker = defineEventKind('one-way-at-broker', (bench: OneWay, id: number) =>
  bench.relay(id),
);
const delivering = defineEventKind('one-way-delivering', (bench: OneWay, id: number) =>
  bench.deliver(id),
);
const atConsumer = defineEventKind('one-way-at-consumer', (bench: OneWay, id: number) => {
  const { consumers, bytes } = bench;
  consumers[id % CLIENTS].compute(cpuOf(CONSUME_CPU, bytes), consumed, bench, id);
});
const consumed = defineEventKind('one-way-consumed', (bench: OneWay, id: number) =>
  bench.consumed(id),
);
const confirmed = defineEventKind('one-way-confirmed', (bench: OneWay, id: number) =>
  bench.send(id),
);

/**
 * Two publishers to one queue to two consumers, over one broker. Parameters: `queue`, `payload` in
 * bytes, `window` (unconfirmed messages of each publisher; 0: paced, without confirms), `rate` (of
 * each paced publisher, 1/s), `otherCores`. Values: `rate` in 1/s, `p50` from publisher to consumer
 * in ms, `brokerUs` of CPU a message.
 */
export function rabbitMqOneWay(parameters: ProbeParameters, context: ProbeContext): ProbeValues {
  const window = Number(parameters.window);
  const ratePerS = Number(parameters.rate ?? 0);
  const bench = new OneWay(parameters, Number(parameters.payload), window, context);
  const { simulator, bus } = bench;
  bench.sentMs.length = CLIENTS * window;
  for (let id = 0; id < CLIENTS * window; id++) bench.send(id);
  // A publisher sleeps after a burst for as long as its pace asks, whatever the burst took.
  const sendMs = BURST * (cpuOf(PUBLISH_CPU, bench.bytes) + cpuOf(LEG_CPU, bench.bytes));
  const everyMs = (1000 * BURST) / ratePerS + sendMs;
  if (window === 0) {
    let id = 0;
    for (let startMs = 0; startMs < RUN_MS; startMs += everyMs) {
      for (let n = 0; n < CLIENTS * BURST; n++) simulator.schedule(startMs, confirmed, bench, id++);
    }
    bench.sentMs.length = id;
  }
  simulator.runUntil(RUN_MS);
  const sorted = Float64Array.from(bench.latenciesMs).sort();
  const cpuS = bus.results().reduce((sum, row) => sum + row.cpuS, 0);
  const spanMs = RUN_MS - WARM_UP_MS;
  return {
    rate: window > 0 ? (1000 * sorted.length) / spanMs : (1000 * CLIENTS * BURST) / everyMs,
    p50: sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN,
    brokerUs: (1e6 * cpuS) / bench.passed,
  };
}
