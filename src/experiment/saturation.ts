import type { OperationRecorder } from '../operations/operation-recorder.js';
import type { ComponentResult, OperationResult } from './results.js';

/** A component busier than this is named as the bottleneck of a saturated run. */
const BUSY = 0.9;

/**
 * A run is saturated when requests in progress still grew at its end: more than twice as many as on
 * average since the warm-up, and more than one in ten of those begun never ended. Counts below five
 * say nothing.
 */
export function judgeSaturation(
  operations: readonly OperationResult[],
  components: readonly ComponentResult[],
  recorder: OperationRecorder,
  endMs: number,
): { saturated: boolean; by: string } {
  const last = lastMilestones(operations);
  const started = last.reduce((sum, { started }) => sum + started, 0);
  const unfinished = last.reduce((sum, { unfinished }) => sum + unfinished, 0);
  const grown =
    recorder.present > 2 * recorder.inProgress.mean(endMs) - 1 || unfinished > 0.3 * started;
  const saturated = unfinished >= 5 && unfinished > 0.1 * started && grown;
  const busiest = [...components]
    .filter(({ kind }) => kind !== 'computes')
    .sort((a, b) => b.utilisation - a.utilisation)[0];
  if (!saturated) return { saturated, by: '' };
  if (busiest && busiest.utilisation >= BUSY)
    return { saturated, by: `${busiest.kind} ${busiest.component}` };
  return { saturated, by: 'requests in progress' };
}

function lastMilestones(operations: readonly OperationResult[]): OperationResult[] {
  return operations.filter(
    (result, index) => operations[index + 1]?.operation !== result.operation,
  );
}
