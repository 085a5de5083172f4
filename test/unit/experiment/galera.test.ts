import { describe, expect, it } from 'vitest';
import { readExperiment } from '../../../src/experiment/experiment-file.js';
import { planStudy } from '../../../src/experiment/plan-study.js';
import type { RunResult } from '../../../src/experiment/results.js';
import { scenarioOf } from '../../../src/experiment/run-task.js';
import { simulateRun } from '../../../src/experiment/simulate.js';
import type { TimeCategory } from '../../../src/operations/time-split.js';
import { studyFile } from './study-text.js';

async function run(lines: string): Promise<RunResult> {
  const text = `name: galera
seed: 1
replications: 1
duration: 4 min
warm-up: 0 s
infrastructure:
  topology: { generator: ring, params: { sites: 3 } }
  computes-per-site: 4
${lines}`;
  const { scenarios } = await planStudy(readExperiment(studyFile(text)));
  return simulateRun(scenarioOf({ scenario: scenarios[0], replication: 1 }));
}

const PLACEMENT = 'placement: { model: stretched-galera, params: { regions: 3 } }';

/** Mean of what a request spent in a category, in ms. */
function spent({ operations }: RunResult, category: TimeCategory): number {
  return operations[operations.length - 1].split[category];
}

describe('Galera in an experiment', () => {
  it.each([
    ['stretched-galera, params: { regions: 3 }', true],
    ['centralized', false],
  ])('has transactions that meet on a row begin again: %s', async (model, conflicts) => {
    const result = await run(`release: kilo
placement: { model: ${model} }
workload:
  - operation: server-create
    from: every-site
    runner: { burst: { count: 10 } }`);
    expect(spent(result, 'retries') > 0).toBe(conflicts);
    expect(result.operations[0].failed).toBe(0);
  });

  it('has allocations of one host begin again, which Zed writes through any region', async () => {
    const result = await run(`${PLACEMENT}
workload:
  - operation: server-create
    from: every-site
    runner: { burst: { count: 20 } }`);
    expect(spent(result, 'retries')).toBeGreaterThan(0);
    expect(result.operations[0].failed).toBe(0);
  });

  it('has reads wait for the group with sync-wait', async () => {
    const workload = `workload:
  - mix: { server-list: 1, server-create: 1 }
    from: every-site
    arrivals: { poisson: 20 per min }`;
    const plain = await run(`${PLACEMENT}\n${workload}`);
    const causal = await run(`${PLACEMENT.replace('3 }', '3, sync-wait: true }')}\n${workload}`);
    const listMs = ({ operations }: RunResult): number =>
      operations.find(({ operation }) => operation === 'server-list')?.meanMs ?? 0;
    expect(listMs(causal)).toBeGreaterThan(listMs(plain));
  });

  it('goes on with a majority while a site is cut off, and takes it back', async () => {
    const result = await run(`${PLACEMENT}
workload:
  - operation: token-issue
    from: every-site
    arrivals: { constant-rate: 60 per min }
faults:
  - { at: 1 min, for: 1 min, site-cut-off: site-3 }`);
    const refused = (result.failedRequests ?? []).find(
      ({ reason }) => reason === 'database without quorum',
    );
    // One a second, from when the site notices until it is back in the group.
    expect(refused?.count).toBeGreaterThan(40);
    expect(refused?.count).toBeLessThan(60);
    expect(result.operations[0].ok).toBeGreaterThan(600);
  });
});
