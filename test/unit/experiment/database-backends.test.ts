import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExperiment } from '../../../src/experiment/experiment-file.js';
import { planStudy } from '../../../src/experiment/plan-study.js';
import type { RunResult } from '../../../src/experiment/results.js';
import { scenarioOf } from '../../../src/experiment/run-task.js';
import { simulateRun } from '../../../src/experiment/simulate.js';

const EXPERIMENT = `
name: backends
question: Does each database run the same operations?
seed: backends
replications: 1
duration: 3 min
warm-up: 1 min
infrastructure:
  topology: { generator: ring, params: { sites: 6 } }
  computes-per-site: 2
  servers-per-compute: 3
placement: { model: stretched-galera, params: { regions: 3 } }
workload:
  - mix: { server-create: 2, server-delete: 1, server-list: 1, token-issue: 1, network-create: 1 }
    from: every-site
    arrivals: { poisson: 2 per min }
factors:
  placement.params.backend: [galera, cockroachdb, mariadb-replicas]
`;

describe('databases in place of each other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fogplane-backends-'));
  const results: RunResult[] = [];

  beforeAll(async () => {
    const file = join(folder, 'backends.yaml');
    writeFileSync(file, EXPERIMENT);
    const study = await planStudy(readExperiment(file));
    for (const scenario of study.scenarios) {
      results.push(simulateRun(scenarioOf({ scenario, replication: 1 })));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are what the deployment names', () => {
    const names = results.map(
      ({ components }) => components.find(({ kind }) => kind === 'database')?.component,
    );
    expect(names).toEqual(['galera/database', 'cockroachdb/database', 'mariadb-replicas/database']);
  });

  it('run every operation', () => {
    for (const { operations } of results) {
      expect(operations.length).toBeGreaterThan(0);
      for (const { ok, failed } of operations) {
        expect(ok).toBeGreaterThan(0);
        expect(failed).toBe(0);
      }
    }
  });

  it('account for the lag and the staleness of followers alone', () => {
    const [galera, , replicas] = results.map(({ components }) =>
      components.filter(({ kind }) => kind === 'database'),
    );
    expect(galera.every(({ staleReadShare }) => staleReadShare === undefined)).toBe(true);
    const followers = replicas.filter(({ staleReadShare }) => staleReadShare !== undefined);
    expect(followers.length).toBe(2);
    for (const { staleReadShare, replicationLagMs } of followers) {
      expect(staleReadShare).toBeGreaterThan(0);
      expect(staleReadShare).toBeLessThan(1);
      expect(replicationLagMs).toBeGreaterThan(0);
    }
  });
});
