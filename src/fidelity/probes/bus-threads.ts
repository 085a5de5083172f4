import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { type RandomStream, RandomStreams } from '../../random/index.js';
import { UnsharedCores } from '../../resources/processor.js';
import { ProcessorSharing } from '../../resources/processor-sharing.js';
import { SerialProcessor } from '../../resources/serial-processor.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

/** Messages of each thread that are watched, after as many that are not. */
const MESSAGES_A_THREAD = 40;

const computed = defineEventKind('bus-threads-computed', (load: Load, thread: number) =>
  load.enterQueue(thread),
);
const queued = defineEventKind('bus-threads-queued', (load: Load, thread: number) =>
  load.wait(thread),
);
const waited = defineEventKind('bus-threads-waited', (load: Load, thread: number) =>
  load.finish(thread),
);

/** Threads that send one message, or make one call, after the other. */
class Load {
  readonly simulator = new Simulator();
  done = 0;
  private readonly broker: ProcessorSharing;
  private readonly queue: SerialProcessor;
  private readonly random: RandomStream;

  constructor(
    private readonly threads: number,
    private readonly delayMs: number,
    private readonly demandMs: number,
    private readonly queueMs: number,
    cores: number,
    seed: string,
  ) {
    this.broker = new ProcessorSharing(this.simulator, cores);
    this.queue = new SerialProcessor(this.simulator, new UnsharedCores(this.simulator), false);
    this.random = new RandomStreams(seed, 1).stream('bus-threads');
  }

  /** Messages a second. */
  rate(): number {
    for (let thread = 0; thread < this.threads; thread++) this.wait(thread);
    const { simulator } = this;
    const each = Math.max(1, Math.ceil(2000 / this.threads), MESSAGES_A_THREAD);
    const cycleMs = Math.max(
      this.delayMs + this.demandMs + this.queueMs,
      (this.threads * this.demandMs) / this.broker.cores,
      this.threads * this.queueMs,
    );
    const spanMs = each * cycleMs;
    simulator.runUntil(spanMs / 4);
    const before = this.done;
    simulator.runUntil(spanMs * 1.25);
    return ((this.done - before) / spanMs) * 1000;
  }

  /** For its own events, as are the next two. */
  enterQueue(thread: number): void {
    this.queue.compute(this.queueMs, queued, this, thread);
  }

  wait(thread: number): void {
    this.simulator.schedule(this.delayMs * (0.5 + this.random.uniform()), waited, this, thread);
  }

  finish(thread: number): void {
    this.done++;
    this.broker.submit(this.demandMs, computed, this, thread);
  }
}

/**
 * Threads that use a bus in a closed loop.
 *
 * Parameters: `threads`; `delayMs`, a cycle's time outside the busiest broker (client, server, wire);
 * `demandMs`, CPU of a cycle at that broker, with `cores` for all; `queueMs`, the time of one cycle
 * in the one process of the target's queue; `ownMs`, the client's own time, no part of the latency.
 *
 * Values: `rate` in 1/s, `cycle` and `latency` in ms, `percent` of a core that nodes take with
 * `nodeDemandMs` a cycle (default: the busiest broker's) and `idleCores` (default 0).
 */
export function busThreads(parameters: ProbeParameters, { seed }: ProbeContext): ProbeValues {
  const threads = Number(parameters.threads);
  const demandMs = Number(parameters.demandMs);
  const load = new Load(
    threads,
    Number(parameters.delayMs),
    demandMs,
    Number(parameters.queueMs),
    Number(parameters.cores),
    seed,
  );
  const rate = load.rate();
  const cycle = (threads / rate) * 1000;
  const nodeMs = Number(parameters.nodeDemandMs ?? demandMs);
  return {
    rate,
    cycle,
    latency: cycle - Number(parameters.ownMs),
    percent: (rate * nodeMs) / 10 + 100 * Number(parameters.idleCores ?? 0),
  };
}

/** The best `rate` over several loads: parameter `of`, a list of what `busThreads` takes. */
export function busThreadsBest(parameters: ProbeParameters, context: ProbeContext): ProbeValues {
  const loads = parameters.of as readonly ProbeParameters[];
  return { rate: Math.max(...loads.map((load) => busThreads(load, context).rate)) };
}
