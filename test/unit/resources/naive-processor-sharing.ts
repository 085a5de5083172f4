import { defineEventKind, type EventKind } from '../../../src/kernel/event-kind.js';
import type { Simulator } from '../../../src/kernel/simulator.js';

interface Job {
  remainingMs: number;
  kind: EventKind<unknown>;
  target: unknown;
  argument: number;
}

const naiveOver = defineEventKind('naive-sharing-over', (station: NaiveProcessorSharing) =>
  station.finish(),
);

/** Processor sharing by its definition: at every arrival and departure, the work of all is updated. */
export class NaiveProcessorSharing {
  private jobs: Job[] = [];
  private lastMs = 0;
  private event = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly cores: number,
    private readonly speed = 1,
    private readonly contention = 0,
  ) {}

  submit<Target>(demandMs: number, kind: EventKind<Target>, target: Target, argument: number) {
    this.work();
    this.jobs.push({ remainingMs: demandMs, kind: kind as EventKind<unknown>, target, argument });
    this.plan();
  }

  finish(): void {
    this.event = 0;
    this.work();
    // Rounding leaves a rest on jobs that end together.
    const isDone = ({ remainingMs }: Job) => remainingMs <= 1e-9;
    const done = this.jobs.filter(isDone);
    this.jobs = this.jobs.filter((job) => !isDone(job));
    this.plan();
    for (const { kind, target, argument } of done) kind.run(target, argument);
  }

  private get rate(): number {
    const others = Math.min(this.cores, this.jobs.length) - 1;
    const kept = this.cores === 1 ? 1 : 1 - (this.contention * others) / (this.cores - 1);
    return Math.min(1, this.cores / this.jobs.length) * this.speed * kept;
  }

  private work(): void {
    const { now } = this.simulator;
    for (const job of this.jobs) job.remainingMs -= (now - this.lastMs) * this.rate;
    this.lastMs = now;
  }

  private plan(): void {
    if (this.event !== 0) this.simulator.cancel(this.event);
    if (this.jobs.length === 0) {
      this.event = 0;
      return;
    }
    const restMs = Math.min(...this.jobs.map(({ remainingMs }) => remainingMs));
    this.event = this.simulator.schedule(Math.max(0, restMs / this.rate), naiveOver, this);
  }
}
