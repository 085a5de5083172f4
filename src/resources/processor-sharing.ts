import { defineEventKind, type EventKind } from '../kernel/event-kind.js';
import type { Simulator } from '../kernel/simulator.js';
import { ContinuationSlots } from './continuation-slots.js';
import { NO_FLOATS } from './empty-arrays.js';
import { FinishHeap } from './finish-heap.js';
import type { Processor } from './processor.js';
import { checkCount, checkDuration } from './station-checks.js';
import { StationMeter, type StationStatistics } from './station-statistics.js';

const aloneOver = defineEventKind('cpu-alone-over', (station: ProcessorSharing, slot: number) =>
  station.finishAlone(slot),
);
const sharedOver = defineEventKind('cpu-shared-over', (station: ProcessorSharing) =>
  station.finishShared(),
);

/**
 * The cores of a machine under an ideal fair scheduler: each of n jobs gets min(1, cores / n) of a
 * core, and nobody waits. The load on it is insensitive to the law of the demands but for its mean
 * (Kelly, Reversibility and Stochastic Networks, 1979, section 3.3: a symmetric queue).
 *
 * The *lag* is the time that a job present from the start would have lost by sharing. While there
 * are no more jobs than cores it stands still, and a job ends its demand after it came: one event a
 * job, none moved. A job in service when the cores become short keeps that event, which now comes
 * too early, and only then joins those that share: a heap by `end - lag`, which no arrival and no
 * departure changes, with one event for its first. So a job costs O(log n), and a demand served
 * without sharing takes exactly its time, with no rounding.
 *
 * @example
 * const node = new ProcessorSharing(simulator, 16);
 * node.submit(2.5, computed, request, 17); // computed.run(request, 17) when 2.5 ms of CPU are done
 */
export class ProcessorSharing implements Processor {
  private readonly jobs = new ContinuationSlots();
  private readonly sharing = new FinishHeap();
  private readonly meter: StationMeter;
  /** Time lost by sharing, in ms, since the station was last idle. */
  private lagMs = 0;
  /** Lag when the job came, by slot. */
  private lagsMs = NO_FLOATS;
  /** Event of the first that shares; 0 for none. */
  private sharedEvent = 0;
  /** False when jobs came since that event was scheduled, so that it is too early. */
  private isSharedEventExact = false;
  /** While a continuation runs, the event is left alone: most continuations submit again. */
  private isFinishing = false;
  private isSharedEventDue = false;

  /**
   * @param speed work done by one core in 1 ms, in ms of demand; default 1.
   * @throws RangeError unless `cores` is an integer from 1 and `speed` positive and finite.
   */
  constructor(
    private readonly simulator: Simulator,
    readonly cores: number,
    readonly speed = 1,
  ) {
    checkCount('cores', cores, 1);
    if (!(speed > 0 && speed < Infinity)) {
      throw new RangeError(`speed is ${speed}; a positive number is needed`);
    }
    this.meter = new StationMeter(cores, simulator.now);
  }

  /** Jobs in service. */
  get inSystem(): number {
    return this.meter.busy + this.meter.waiting;
  }

  /**
   * Runs a job of `demandMs` of one core at speed 1; the continuation runs when it is done.
   * @throws RangeError if the demand is negative, NaN or infinite.
   */
  submit<Target>(
    demandMs: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    checkDuration('demandMs', demandMs);
    this.advance();
    const { meter } = this;
    meter.arrivals++;
    const slot = this.jobs.take(kind, target, argument);
    const aloneMs = demandMs / this.speed;
    if (meter.busy < this.cores) {
      meter.busy++;
      if (slot >= this.lagsMs.length) this.growLags();
      this.lagsMs[slot] = this.lagMs;
      this.simulator.schedule(aloneMs, aloneOver, this, slot);
    } else {
      meter.waiting++;
      this.isSharedEventExact = false;
      this.share(slot, this.simulator.now + aloneMs - this.lagMs);
    }
  }

  /** For its own events: a job would end here if it had lost no time. */
  finishAlone(slot: number): void {
    this.advance();
    const lagMs = this.lagsMs[slot];
    if (lagMs === this.lagMs) this.finish(slot);
    else this.share(slot, this.simulator.now - lagMs);
  }

  /** For its own events: the first that shares ends here, unless jobs have come since. */
  finishShared(): void {
    this.sharedEvent = 0;
    this.advance();
    // No comparison of times: rounding can neither lose the end of a job nor repeat it.
    if (this.isSharedEventExact) this.finish(this.sharing.pop());
    else this.scheduleShared();
  }

  /** The queue is the jobs beyond the cores. */
  statistics(): StationStatistics {
    this.advance();
    return this.meter.read();
  }

  resetStatistics(): void {
    this.advance();
    this.meter.reset(this.simulator.now);
  }

  private advance(): void {
    const lostMs = this.meter.advance(this.simulator.now);
    if (lostMs > 0) this.lagMs += lostMs / this.inSystem;
  }

  private share(slot: number, endWithoutLagMs: number): void {
    if (!this.sharing.push(slot, endWithoutLagMs)) return;
    if (this.isFinishing) this.isSharedEventDue = true;
    else this.scheduleShared();
  }

  private finish(slot: number): void {
    const { meter, sharing } = this;
    if (meter.waiting > 0) {
      meter.waiting--;
      this.isSharedEventDue = true;
    } else {
      meter.busy--;
      this.isSharedEventDue = this.sharedEvent === 0;
    }
    // The lag starts afresh whenever nobody refers to it, so that it stays small, and precise.
    if (meter.busy === 0) this.lagMs = 0;
    this.isFinishing = true;
    this.jobs.run(slot);
    this.isFinishing = false;
    if (this.isSharedEventDue && sharing.size > 0) this.scheduleShared();
  }

  private scheduleShared(): void {
    const { simulator, cores, inSystem } = this;
    if (this.sharedEvent !== 0) simulator.cancel(this.sharedEvent);
    const aloneMs = Math.max(0, this.sharing.firstTime + this.lagMs - simulator.now);
    const delayMs = inSystem > cores ? (aloneMs * inSystem) / cores : aloneMs;
    this.sharedEvent = simulator.schedule(delayMs, sharedOver, this);
    this.isSharedEventExact = true;
  }

  private growLags(): void {
    const lagsMs = new Float64Array(this.jobs.capacity);
    lagsMs.set(this.lagsMs);
    this.lagsMs = lagsMs;
  }
}
