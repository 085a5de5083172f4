import type { RunResult } from '../experiment/results.js';
import type { PlannedScenario } from '../experiment/study.js';
import type { ProbeSetUp, ProbeValues } from './probes/probe.js';

/** What a figure is simulated with: a whole control plane, or single components under a probe. */
export type SetUp = PlannedScenario | ProbeSetUp;

/** What a simulated set-up gives. */
export type Outcome =
  | { readonly kind: 'run'; readonly result: RunResult }
  | { readonly kind: 'probe'; readonly values: ProbeValues }
  /** The simulation could not be carried out. */
  | { readonly kind: 'failed'; readonly reason: string };

/** One replication of a set-up, for a worker. Plain data. */
export interface FidelityTask {
  readonly setUp: SetUp;
  /** From 1. */
  readonly replication: number;
}

/** How a figure is read off an outcome: from a run's result, or as the named value of a probe. */
export type Reader = ((result: RunResult) => number) | string;

/** NaN where the outcome does not hold it. */
export function readOutcome(reader: Reader, outcome: Outcome): number {
  if (typeof reader === 'string') {
    return outcome.kind === 'probe' ? (outcome.values[reader] ?? Number.NaN) : Number.NaN;
  }
  return outcome.kind === 'run' ? reader(outcome.result) : Number.NaN;
}
