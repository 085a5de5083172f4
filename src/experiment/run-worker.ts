import type { RunResult } from './results.js';
import { type RunTask, scenarioOf } from './run-task.js';
import { simulateRun } from './simulate.js';

/** What a worker thread does with a task. */
export default function work(task: RunTask): RunResult {
  return simulateRun(scenarioOf(task));
}
