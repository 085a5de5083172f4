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
  private isBusy = false;
  /** Continuation of the burst that runs: here and not in the line, where it would cost four arrays. */
  private kind: EventKind<unknown> | undefined;
  private target: unknown;
  /** Undefined at first, for V8 to keep small integers in the field: a number would be a record of its own. */
  private argument: number | undefined;
  /** Bursts behind the one that runs; most processes never have any. */
  private waiting: WaitQueue | undefined;
  private readonly meter: StationMeter | undefined;

  /** @param isMetered false saves the statistics, where nobody asks for them; default true. */
  constructor(
    readonly simulator: Simulator,
    readonly processor: Processor,
    isMetered = true,
  ) {
    this.meter = isMetered ? new StationMeter(1, simulator.now) : undefined;
  }

  /** Bursts waiting or running. */
  get inSystem(): number {
    return (this.isBusy ? 1 : 0) + (this.waiting?.length ?? 0);
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
    this.meter?.advance(this.simulator.now);
    if (this.isBusy) {
      this.waiting ??= new WaitQueue();
      this.waiting.push(kind, target, argument, demandMs);
    } else {
      this.isBusy = true;
      this.kind = kind as EventKind<unknown>;
      this.target = target;
      this.argument = argument;
      this.processor.submit(demandMs, burstOver, this, 0);
    }
    this.count(1);
  }

  /** For its own events. */
  finish(): void {
    this.meter?.advance(this.simulator.now);
    const { kind, target, argument, waiting } = this;
    if (waiting !== undefined && waiting.length > 0) {
      const place = waiting.first();
      this.kind = waiting.kinds[place];
      this.target = waiting.targets[place];
      this.argument = waiting.numbers[place];
      const demandMs = waiting.amounts[place];
      waiting.dropFirst();
      this.processor.submit(demandMs, burstOver, this, 0);
    } else {
      this.isBusy = false;
      this.target = undefined;
    }
    this.count(0);
    (kind as EventKind<unknown>).run(target, argument as number);
  }

  private count(arrivals: number): void {
    const { meter } = this;
    if (meter === undefined) return;
    meter.arrivals += arrivals;
    meter.busy = this.isBusy ? 1 : 0;
    meter.waiting = this.waiting?.length ?? 0;
  }

  /**
   * The queue is the bursts behind the one that runs; busy includes time lost to other processes.
   * @throws Error where the process is not metered.
   */
  statistics(): StationStatistics {
    const { meter } = this;
    if (meter === undefined) throw new Error('this process is not metered');
    meter.advance(this.simulator.now);
    return meter.read();
  }

  resetStatistics(): void {
    this.meter?.reset(this.simulator.now);
  }
}
