import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import { TRAFFIC_KINDS } from '../../net/network.js';
import type { Processor } from '../../resources/processor.js';
import type { ProbeValues } from './probe.js';

const SQL = TRAFFIC_KINDS.indexOf('sql');

/** Share of a run that goes by before latencies count. */
const WARM_UP = 0.2;

/** One request and its answer between a client and a server. */
export interface Exchange {
  /** CPU of the client. */
  readonly clientMs: number;
  /** CPU that the emulator spends on the frames, each way; nobody waits for it. */
  readonly besideMs: number;
  /** What both hosts take to wake up, each way: zero where they do not sleep meanwhile. */
  readonly wakeMs: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** Factor of the client's CPU for one exchange, drawn anew each time; none: always 1. */
  readonly draw?: () => number;
  /** What the server does; the continuation runs when it answers. */
  serve<Target>(kind: EventKind<Target>, target: Target, argument: number): void;
}

/** Where the clients of a bench are: at site 0, the server at site 1, all on the same cores. */
export interface BenchHosts {
  readonly simulator: Simulator;
  readonly cores: Processor;
  /** What the clients compute on; default: the cores, each client in a thread of its own. */
  readonly clients?: Processor;
  readonly network: { transitMs(from: number, to: number, bytes: number, traffic: number): number };
}

const sent = defineEventKind('bench-sent', (client: Client) => client.travelOut());
const arrived = defineEventKind('bench-arrived', (client: Client) => client.serve());
const served = defineEventKind('bench-served', (client: Client) => client.travelBack());
const beside = defineEventKind('bench-beside', () => {});
const answered = defineEventKind('bench-answered', (client: Client) => client.next());

/** One connection: does its operation again and again. */
class Client {
  private startMs = 0;
  private step = 0;

  constructor(
    private readonly bench: ClosedClients,
    private readonly id: number,
  ) {}

  begin(): void {
    this.step = 0;
    this.startMs = this.bench.hosts.simulator.now;
    this.send();
  }

  private get exchange(): Exchange {
    return this.bench.exchanges[this.step];
  }

  private send(): void {
    const { clientMs, draw } = this.exchange;
    const { cores, clients = cores } = this.bench.hosts;
    clients.submit(draw ? clientMs * draw() : clientMs, sent, this, this.id);
  }

  travelOut(): void {
    const { simulator, network, cores } = this.bench.hosts;
    const { bytesOut, wakeMs, besideMs } = this.exchange;
    cores.submit(besideMs, beside, undefined, this.id);
    const delayMs = network.transitMs(0, 1, bytesOut, SQL) + wakeMs;
    simulator.schedule(delayMs, arrived, this, this.id);
  }

  serve(): void {
    this.exchange.serve(served, this, this.id);
  }

  travelBack(): void {
    const { simulator, network, cores } = this.bench.hosts;
    const { bytesIn, wakeMs, besideMs } = this.exchange;
    cores.submit(besideMs, beside, undefined, this.id);
    const delayMs = network.transitMs(1, 0, bytesIn, SQL) + wakeMs;
    simulator.schedule(delayMs, answered, this, this.id);
  }

  next(): void {
    if (++this.step < this.bench.exchanges.length) {
      this.send();
      return;
    }
    this.bench.record(this.bench.hosts.simulator.now - this.startMs);
    this.begin();
  }
}

/** So many connections, each with one operation under way at a time: a closed loop. */
export class ClosedClients {
  private readonly latenciesMs: number[] = [];
  private countFromMs = Infinity;

  constructor(
    readonly hosts: BenchHosts,
    /** Of one operation, one after the other. */
    readonly exchanges: readonly Exchange[],
    private readonly clients: number,
  ) {}

  /** For its clients. */
  record(latencyMs: number): void {
    if (this.hosts.simulator.now >= this.countFromMs) this.latenciesMs.push(latencyMs);
  }

  /**
   * Runs for so long; a fifth of it goes by before anything counts.
   * @returns `mean`, `p50` in ms, `rate` in operations a second
   */
  run(durationMs: number): ProbeValues {
    const { simulator } = this.hosts;
    this.countFromMs = WARM_UP * durationMs;
    for (let id = 0; id < this.clients; id++) new Client(this, id).begin();
    simulator.runUntil(durationMs);
    const sorted = Float64Array.from(this.latenciesMs).sort();
    const { length } = sorted;
    const mean = sorted.reduce((sum, value) => sum + value, 0) / length;
    return {
      mean,
      p50: length > 0 ? sorted[Math.ceil(0.5 * length) - 1] : Number.NaN,
      // Little's law: nobody pauses, so the number under way is that of the clients. Counting would
      // be off by a round, in which all of them end together.
      rate: (1000 * this.clients) / mean,
    };
  }
}
