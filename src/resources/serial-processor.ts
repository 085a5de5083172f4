import { defineEventKind, type EventKind } from '../kernel/event-kind.js';
import type { Simulator } from '../kernel/simulator.js';
import type { Processor } from './processor.js';
import { checkDuration } from './station-checks.js';
import { StationMeter, type StationStatistics } from './station-statistics.js';
import { WaitQueue } from './wait-queue.js';

const burstOver = defineEventKind('process-burst-over', (process: SerialProcessor) =>
  process.finish(),
);

/**
 * One operating-system process of Python: its threads or greenthreads compute one at a time (the
 * interpreter lock), in order of arrival, on the cores that it shares with the other processes of
 * its node. A burst runs to its end: greenthreads switch only where they wait.
 */
export class SerialProcessor {
  /** Bursts from the one that runs on. */
  private readonly bursts = new WaitQueue();
  private readonly meter: StationMeter;

  constructor(
    private readonly simulator: Simulator,
    readonly processor: Processor,
  ) {
    this.meter = new StationMeter(1, simulator.now);
  }

  /** Bursts waiting or running. */
  get inSystem(): number {
    return this.bursts.length;
  }

  /**
   * Queues for the process, then computes `demandMs` on the node; then the continuation runs.
   * @throws RangeError if the demand is negative, NaN or infinite.
   */
  compute<Target>(
    demandMs: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    checkDuration('demandMs', demandMs);
    const { meter, bursts } = this;
    meter.advance(this.simulator.now);
    meter.arrivals++;
    bursts.push(kind, target, argument, demandMs);
    if (meter.busy === 0) {
      meter.busy = 1;
      this.processor.submit(demandMs, burstOver, this, 0);
    } else {
      meter.waiting++;
    }
  }

  /** For its own events. */
  finish(): void {
    const { meter, bursts } = this;
    meter.advance(this.simulator.now);
    const place = bursts.first();
    const kind = bursts.kinds[place] as EventKind<unknown>;
    const target = bursts.targets[place];
    const argument = bursts.numbers[place];
    bursts.dropFirst();
    if (bursts.length > 0) {
      meter.waiting--;
      this.processor.submit(bursts.amounts[bursts.first()], burstOver, this, 0);
    } else {
      meter.busy = 0;
    }
    kind.run(target, argument);
  }

  /** The queue is the bursts behind the one that runs; busy includes time lost to other processes. */
  statistics(): StationStatistics {
    this.meter.advance(this.simulator.now);
    return this.meter.read();
  }

  resetStatistics(): void {
    this.meter.reset(this.simulator.now);
  }
}
