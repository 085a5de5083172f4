import type { RunResult } from '../../../src/experiment/results.js';
import type { RunTask } from '../../../src/experiment/run-task.js';
import type { PlannedScenario, PlannedStudy } from '../../../src/experiment/study.js';
import type { Versions } from '../../../src/experiment/version.js';

export const VERSIONS: Versions = { fogplane: '1.2.3', sources: 'abc', node: '20' };

/** A design point as far as keys and runs need one. */
export function plannedScenario(point: number, rttScale: number, seed = '1'): PlannedScenario {
  return {
    experiment: 'small',
    point,
    seed,
    factors: { 'infrastructure.rtt-scale': String(rttScale) },
    durationMs: 60_000,
    warmUpMs: 'auto',
    infrastructure: {
      topology: { name: 'none', attribution: '', sites: [], links: [] },
      rttScale,
      computesPerSite: 1,
      coresPerControlNode: 4,
      vcpusPerCompute: 8,
      serversPerCompute: 0,
      imageSizeBytes: 1,
    },
    placement: {
      name: 'nowhere',
      params: {},
      file: '/models/nowhere.ts',
      deployment: { services: [], buses: [], databases: [], cells: [], wiring: {} },
    },
    workload: [],
    footprints: {
      release: 'zed',
      services: [],
      operations: { release: 'zed', source: '', operations: {} },
    },
    backends: {},
  };
}

export function plannedStudy(rttScales: readonly number[], replications: number): PlannedStudy {
  const scenarios = rttScales.map((scale, index) => plannedScenario(index + 1, scale));
  const study = {
    name: 'small',
    question: '',
    seed: '1',
    replications,
    factors: [],
    baseline: {},
    provenance: null,
  };
  return { study, replications, scenarios, notes: [] };
}

/** A result that depends on the inputs of the run; NaN where a real one may have it. */
export function resultOf({ scenario, replication }: RunTask): RunResult {
  return {
    point: scenario.point,
    replication,
    factors: { ...scenario.factors },
    operations: [],
    components: [
      {
        component: 'nova-api',
        kind: 'service',
        site: 'paris',
        instances: 1,
        utilisation: scenario.infrastructure.rttScale / 3,
        meanQueueLength: 0.1 + 0.2,
        p95QueueLength: 0,
        ratePerS: replication,
        cpuS: 1e-17,
        memoryBytes: Number.NaN,
      },
    ],
    links: [],
    saturated: false,
    saturatedBy: '',
    warmUpMs: 0,
    measuredMs: 60_000,
    eventCount: 1,
    fingerprint: '0',
  };
}
