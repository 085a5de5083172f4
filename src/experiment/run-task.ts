import { z } from 'zod';
import type { RunResult } from './results.js';
import type { Scenario } from './scenario.js';
import type { PlannedScenario } from './study.js';

/** One run for a worker. Plain data. */
export interface RunTask {
  readonly scenario: PlannedScenario;
  readonly replication: number;
}

/** Runs one task: in a worker thread, or wherever the simulator is. */
export type Execute = (task: RunTask) => Promise<RunResult>;

/** The scenario as the simulator wants it. */
export function scenarioOf({ scenario, replication }: RunTask): Scenario {
  const { name, params, file, deployment } = scenario.placement;
  const model = { name, summary: '', params: z.unknown(), plan: () => deployment };
  return { ...scenario, replication, placement: { name, params, file, model } };
}
