import { loadBackends } from '../experiment/load-data.js';
import { scenarioOf } from '../experiment/run-task.js';
import { simulateRun } from '../experiment/simulate.js';
import { PROBES } from './probes/index.js';
import type { FidelityTask, Outcome } from './set-up.js';

/** What a worker thread does with a task of the ledger; a set-up that breaks is an outcome too. */
export default function work({ setUp, replication }: FidelityTask): Outcome {
  try {
    if ('probe' in setUp) {
      const seed = `fidelity/${replication}`;
      const values = PROBES[setUp.probe](setUp.parameters, { seed, backends: loadBackends() });
      return { kind: 'probe', values };
    }
    return { kind: 'run', result: simulateRun(scenarioOf({ scenario: setUp, replication })) };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}
