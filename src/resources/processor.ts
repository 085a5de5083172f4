import type { EventKind } from '../kernel/event-kind.js';
import type { Simulator } from '../kernel/simulator.js';

/** Something that computes: a machine's cores, shared or not. */
export interface Processor {
  /** Runs a job of `demandMs` of one core; the continuation runs when it is done. */
  submit<Target>(demandMs: number, kind: EventKind<Target>, target: Target, argument: number): void;
}

/**
 * A core for every job: what a machine with at least as many cores as processes comes to. It keeps
 * nothing, so that one of them can stand for the cores of all such machines.
 */
export class UnsharedCores implements Processor {
  constructor(private readonly simulator: Simulator) {}

  submit<Target>(
    demandMs: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    this.simulator.schedule(demandMs, kind, target, argument);
  }
}
