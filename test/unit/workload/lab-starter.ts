import { defineEventKind, type EventKind } from '../../../src/kernel/event-kind.js';
import { Simulator } from '../../../src/kernel/simulator.js';
import { RandomStreams } from '../../../src/random/index.js';
import {
  type OperationStarter,
  startWorkload,
  type WorkloadEntry,
} from '../../../src/workload/index.js';

/** One request that a workload started. */
export interface Started {
  readonly timeMs: number;
  readonly operation: string;
  readonly site: number;
}

interface Request {
  readonly starter: LabStarter;
  readonly site: number;
  readonly end: () => void;
}

const requestEnds = defineEventKind('lab-request-ends', ({ starter, site, end }: Request) => {
  starter.inProgress[site]--;
  end();
});

/** Ends every request after a time of its choice and keeps a log of them. */
export class LabStarter implements OperationStarter {
  readonly log: Started[] = [];
  readonly inProgress = SITES.map(() => 0);
  readonly mostInProgress = SITES.map(() => 0);

  /** @param holdMs how long the n-th request (from 0) takes; Infinity: it never ends. */
  constructor(
    readonly simulator: Simulator,
    private readonly holdMs: (request: number) => number,
  ) {}

  start<Target>(
    operation: string,
    site: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    const holdMs = this.holdMs(this.log.length);
    this.log.push({ timeMs: this.simulator.now, operation, site });
    this.inProgress[site]++;
    this.mostInProgress[site] = Math.max(this.mostInProgress[site], this.inProgress[site]);
    if (holdMs === Infinity) return;
    const end = () => kind.run(target, argument);
    this.simulator.schedule(holdMs, requestEnds, { starter: this, site, end });
  }
}

export const SITES = ['oslo', 'lyon', 'rome'];

/** Runs entries, each request taking `holdMs`, and returns what was started. */
export function runWorkload(
  entries: readonly WorkloadEntry[],
  durationMs: number,
  {
    holdMs = () => 1 as number,
    seed = 1,
  }: { holdMs?: (request: number) => number; seed?: number } = {},
): LabStarter {
  const simulator = new Simulator();
  const starter = new LabStarter(simulator, holdMs);
  const siteIndexOf = (id: string) => SITES.indexOf(id);
  startWorkload(simulator, entries, new RandomStreams(seed, 0), siteIndexOf, starter);
  simulator.runUntil(durationMs);
  return starter;
}

/** An entry with one operation at Oslo from the start, unless said otherwise. */
export function entryOf(
  arrivals: WorkloadEntry['arrivals'],
  rest: Partial<WorkloadEntry> = {},
): WorkloadEntry {
  return {
    name: 'entry',
    mix: [{ operation: 'server-create', weight: 1 }],
    sites: ['oslo'],
    startMs: 0,
    ...rest,
    arrivals,
  };
}

/** Times of the requests of one site, in order. */
export function timesAt(starter: LabStarter, site = 0): number[] {
  return starter.log.filter((started) => started.site === site).map(({ timeMs }) => timeMs);
}

/** Gaps between successive times. */
export function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, i) => time - times[i]);
}
