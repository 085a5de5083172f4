import { defineEventKind, type EventKind } from '../kernel/event-kind.js';
import type { Simulator } from '../kernel/simulator.js';
import { ContinuationSlots } from './continuation-slots.js';
import { NO_FLOATS } from './empty-arrays.js';
import { FinishHeap } from './finish-heap.js';
import type { Processor } from './processor.js';
import { checkCount, checkDuration } from './station-checks.js';
import { StationMeter, type StationStatistics } from './station-statistics.js';

const aloneOver = defineEventKind('cpu-alone-over', (station: ProcessorSharing, slot: number) =>
  // As an integer: out of an array of doubles it would make the list of free slots one of doubles.
  station.finishAlone(slot | 0),
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
 * Cores may slow each other down (caches, memory, two hardware threads of one core): while b of c
 * cores are busy, each does 1 - contention (b - 1) / (c - 1) of its work. What a job loses by that is
 * lag too.
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
  /** Until when the lag is up to date; kept where there is contention. */
  private lagUntilMs: number;
  /** Demand that came since the statistics were reset, in ms at speed 1. */
  private demandedMs = 0;

  /**
   * @param speed work done by one core in 1 ms, in ms of demand; default 1.
   * @param contention share of its speed that a core loses while all others are busy; default 0.
   * @throws RangeError unless `cores` is an integer from 1, `speed` positive and finite, and
   * `contention` from 0 to below 1.
   */
  constructor(
    private readonly simulator: Simulator,
    readonly cores: number,
    readonly speed = 1,
    readonly contention = 0,
  ) {
    checkCount('cores', cores, 1);
    if (!(speed > 0 && speed < Infinity)) {
      throw new RangeError(`speed is ${speed}; a positive number is needed`);
    }
    if (!(contention >= 0 && contention < 1)) {
      throw new RangeError(`contention is ${contention}; it must be from 0 to below 1`);
    }
    this.meter = new StationMeter(cores, simulator.now);
    this.lagUntilMs = simulator.now;
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
    this.demandedMs += demandMs;
    const slot = this.jobs.take(kind, target, argument);
    const aloneMs = demandMs / this.speed;
    if (meter.busy < this.cores) {
      meter.busy++;
      if (slot >= this.lagsMs.length) this.growLags();
      this.lagsMs[slot] = this.lagMs;
      if (this.contention > 0) this.isSharedEventExact = false;
      this.simulator.schedule(aloneMs, aloneOver, this, slot);
    } else {
      meter.waiting++;
      this.isSharedEventExact = false;
      this.join(slot, this.simulator.now + aloneMs - this.lagMs);
    }
  }

  /** For its own events: a job would end here if it had lost no time. */
  finishAlone(slot: number): void {
    this.advance();
    const lagMs = this.lagsMs[slot];
    if (lagMs === this.lagMs) this.finish(slot);
    else this.join(slot, this.simulator.now - lagMs);
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
    this.demandedMs = 0;
  }

  /**
   * Demand done in 1 ms of a busy core since the statistics were reset: `speed`, less what the cores
   * lost to each other. A job counts as a whole where it came.
   */
  get meanSpeed(): number {
    const { busyMs } = this.statistics();
    return this.contention > 0 && busyMs > 0 ? this.demandedMs / busyMs : this.speed;
  }

  /** Work that a job gets in 1 ms, of what it would get alone. */
  private get share(): number {
    const { cores, contention, inSystem, meter } = this;
    const own = inSystem > cores ? cores / inSystem : 1;
    return cores === 1 ? own : own * (1 - (contention * (meter.busy - 1)) / (cores - 1));
  }

  private advance(): void {
    const { now } = this.simulator;
    const lostMs = this.meter.advance(now);
    if (this.contention > 0) {
      if (this.inSystem > 1) this.lagMs += (now - this.lagUntilMs) * (1 - this.share);
      this.lagUntilMs = now;
    } else if (lostMs > 0) this.lagMs += lostMs / this.inSystem;
  }

  private join(slot: number, endWithoutLagMs: number): void {
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
      this.isSharedEventDue = this.sharedEvent === 0 || this.contention > 0;
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
    let delayMs = inSystem > cores ? (aloneMs * inSystem) / cores : aloneMs;
    if (this.contention > 0) delayMs = aloneMs / this.share;
    this.sharedEvent = simulator.schedule(delayMs, sharedOver, this);
    this.isSharedEventExact = true;
  }

  private growLags(): void {
    const lagsMs = new Float64Array(this.jobs.capacity);
    lagsMs.set(this.lagsMs);
    this.lagsMs = lagsMs;
  }
}
