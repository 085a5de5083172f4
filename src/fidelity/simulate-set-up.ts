import { withValues } from '../cloud/backend-constants.js';
import { loadBackends } from '../experiment/load-data.js';
import { scenarioOf } from '../experiment/run-task.js';
import { simulateRun } from '../experiment/simulate.js';
import { PROBES } from './probes/index.js';
import type { FidelityTask, Outcome } from './set-up.js';

/**
 * Simulates one replication of a set-up; one that breaks is an outcome too.
 * @param values constants of backends that differ from models/backends, by `backend/constant`.
 */
export function simulateSetUp(
  { setUp, replication }: FidelityTask,
  values: ReadonlyMap<string, number> = new Map(),
): Outcome {
  try {
    if ('probe' in setUp) {
      const backends = withValues(loadBackends(), values);
      const seed = `fidelity/${replication}`;
      return { kind: 'probe', values: PROBES[setUp.probe](setUp.parameters, { seed, backends }) };
    }
    const scenario = { ...setUp, backends: withValues(setUp.backends, values) };
    return { kind: 'run', result: simulateRun(scenarioOf({ scenario, replication })) };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}
