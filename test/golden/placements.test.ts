import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExperiment } from '../../src/experiment/experiment-file.js';
import { planStudy } from '../../src/experiment/plan-study.js';
import type { RunResult } from '../../src/experiment/results.js';
import { scenarioOf } from '../../src/experiment/run-task.js';
import { simulateRun } from '../../src/experiment/simulate.js';
import type { PlannedStudy } from '../../src/experiment/study.js';
import { TIME_CATEGORIES } from '../../src/operations/time-split.js';

/*
 * One small run of each placement: its events, in order, have a fingerprint. Whoever changes one
 * says in the changelog why: numbers that were published with the version before come out otherwise.
 */

const EXPERIMENT = `
name: golden
question: Does each placement still do exactly what it did?
seed: golden
replications: 1
duration: 3 min
warm-up: 1 min
infrastructure:
  topology: { generator: ring, params: { sites: 6 } }
  computes-per-site: 2
  servers-per-compute: 3
  image-size: 10 MB
placement: centralized
workload:
  - mix: { server-create: 2, server-boot: 1, server-delete: 1, server-list: 1, token-issue: 1, image-list: 1 }
    from: every-site
    arrivals: { poisson: 2 per min }
factors:
  placement: [centralized, central-edge-glance, cells, regions, stretched-galera, controller-per-site, router-mesh]
baseline: { placement: centralized }
`;

const GOLDEN: Record<string, string> = {
  centralized: '27735 7a0e0be0f1fc163f',
  'central-edge-glance': '27837 6bb73b4cc0e3d8d4',
  cells: '32293 71b821e3f8272efd',
  regions: '35029 3a4fa66750f57e00',
  'controller-per-site': '44465 0c01c4faea10ac56',
  'stretched-galera': '233478 deecbb74d8ea7bfa',
  'router-mesh': '34905 9334b54aabd0b1da',
};

describe('golden runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fogplane-golden-'));
  let study: PlannedStudy;
  const results = new Map<string, RunResult>();

  beforeAll(async () => {
    const file = join(folder, 'golden.yaml');
    writeFileSync(file, EXPERIMENT);
    study = await planStudy(readExperiment(file));
    for (const scenario of study.scenarios) {
      results.set(scenario.placement.name, simulateRun(scenarioOf({ scenario, replication: 1 })));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('keep their fingerprints', () => {
    const fingerprints = Object.fromEntries(
      [...results].map(([name, { eventCount, fingerprint }]) => [
        name,
        `${eventCount} ${fingerprint}`,
      ]),
    );
    expect(fingerprints).toEqual(GOLDEN);
  });

  it('account for every request', () => {
    for (const { operations } of results.values()) {
      for (const { started, ok, failed, unfinished } of operations) {
        expect(ok + failed + unfinished).toBe(started);
        expect(unfinished).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('split each mean latency without remainder', () => {
    for (const { operations } of results.values()) {
      for (const { ok, meanMs, split } of operations) {
        if (ok === 0) continue;
        const sum = TIME_CATEGORIES.reduce((total, category) => total + split[category], 0);
        expect(sum).toBeCloseTo(meanMs, 6);
      }
    }
  });

  it('show all placements the same users', () => {
    const started = [...results.values()].map(({ operations }) =>
      operations
        .filter(({ milestone }) => milestone !== 'accepted')
        .map((row) => `${row.operation} ${row.started}`),
    );
    for (const other of started) expect(other).toEqual(started[0]);
  });

  it('keep utilisations between 0 and 1', () => {
    for (const { components, links } of results.values()) {
      for (const row of [
        ...components.map(({ utilisation }) => utilisation),
        ...links.map(({ peakUtilisation }) => peakUtilisation),
      ]) {
        expect(row).toBeGreaterThanOrEqual(0);
        expect(row).toBeLessThanOrEqual(1.0001);
      }
    }
  });
});
