import { defineEventKind, type EventKind } from '../kernel/event-kind.js';
import type { Simulator } from '../kernel/simulator.js';
import { ContinuationSlots } from './continuation-slots.js';
import { checkCount, checkDuration } from './station-checks.js';
import { StationMeter, type StationStatistics } from './station-statistics.js';
import { WaitQueue } from './wait-queue.js';

const serviceOver = defineEventKind('fifo-service-over', (station: FifoStation, slot: number) =>
  station.finish(slot),
);

/**
 * A line in front of `servers` equal servers: who comes first is served first, each by one server.
 *
 * @example
 * const disk = new FifoStation(simulator, 1);
 * disk.submit(0.5, written, request, 17); // written.run(request, 17) at the end of service
 */
export class FifoStation {
  private readonly jobs = new ContinuationSlots();
  private readonly waiters = new WaitQueue();
  private readonly meter: StationMeter;

  /** @throws RangeError unless `servers` is an integer from 1, or Infinity. */
  constructor(
    private readonly simulator: Simulator,
    readonly servers: number,
  ) {
    checkCount('servers', servers, 1);
    this.meter = new StationMeter(servers, simulator.now);
  }

  /** Jobs waiting or in service. */
  get inSystem(): number {
    return this.meter.busy + this.meter.waiting;
  }

  /**
   * Queues for `serviceMs` of one server; the continuation runs at the end of service.
   * @throws RangeError if the time is negative, NaN or infinite.
   */
  submit<Target>(
    serviceMs: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    checkDuration('serviceMs', serviceMs);
    const { meter } = this;
    meter.advance(this.simulator.now);
    meter.arrivals++;
    if (meter.busy < this.servers) {
      meter.busy++;
      this.start(serviceMs, kind, target, argument);
    } else {
      meter.waiting++;
      this.waiters.push(kind, target, argument, serviceMs);
    }
  }

  /** For its own events. */
  finish(slot: number): void {
    const { meter, waiters } = this;
    meter.advance(this.simulator.now);
    if (waiters.length > 0) {
      const place = waiters.first();
      const kind = waiters.kinds[place] as EventKind<unknown>;
      this.start(waiters.amounts[place], kind, waiters.targets[place], waiters.numbers[place]);
      waiters.dropFirst();
      meter.waiting--;
    } else {
      meter.busy--;
    }
    this.jobs.run(slot);
  }

  /** The queue is the jobs that wait for a server. */
  statistics(): StationStatistics {
    this.meter.advance(this.simulator.now);
    return this.meter.read();
  }

  resetStatistics(): void {
    this.meter.reset(this.simulator.now);
  }

  private start<Target>(
    serviceMs: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    const slot = this.jobs.take(kind, target, argument);
    this.simulator.schedule(serviceMs, serviceOver, this, slot);
  }
}
