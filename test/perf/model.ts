import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { loadBackends, loadFootprints } from '../../src/experiment/load-data.js';
import type { Scenario } from '../../src/experiment/scenario.js';
import { type Run, startRun } from '../../src/experiment/simulate.js';
import { generators } from '../../src/net/generators.js';
import { controlPlane, joinControlPlanes, wireSite } from '../../src/placement/control-plane.js';
import type { PlacementModel } from '../../src/placement/placement-model.js';
import type { WorkloadEntry } from '../../src/workload/workload-types.js';
import {
  assertEqual,
  type BenchCase,
  type BenchGroup,
  cpuSecondsOf,
  type Outcome,
} from './bench-case.js';
import { prepareHold } from './hold.js';

/*
 * The whole simulator: a control plane on the hub of a star, computes on every site. The hold model
 * with as many events pending says what of it the kernel costs.
 *
 * Full sizes: --case idle/10k --scale 60 is an hour, --case 100k --scale 300 ten minutes; with
 * --repeat 1.
 */

const MINUTE_MS = 60_000;

/** The longest period of a task: after it, every compute has done all that it does. */
const SETTLE_MS = 2 * MINUTE_MS;

/** A control plane of 64 workers a service on 64 cores carries the reports of so many with ease. */
const COMPUTES_PER_PLANE = 10_000;

/** So many control planes, on the first sites, each with its part of the sites: regions. */
function placementOf(planeCount: number): PlacementModel {
  return {
    name: 'bench-planes',
    summary: 'Control planes on the first sites',
    params: z.strictObject({}),
    plan({ sites }) {
      const planes = sites
        .slice(0, planeCount)
        .map(({ id }, index) => controlPlane({ suffix: `@${index}`, sites: [id], workers: 64 }));
      const wirings = planes.map(wireSite);
      const wiring = Object.fromEntries(
        sites.map(({ id }, index) => [id, wirings[index % planeCount]]),
      );
      return { ...joinControlPlanes(planes), wiring };
    },
  };
}

interface Size {
  /** Sites besides the hub. */
  leaves: number;
  /** On every site, the hub included. */
  computesPerSite: number;
  /** Simulated time. */
  durationMs: number;
  /** Simulated before, and not measured: what comes up for the first time is not the cost of an hour. */
  settleMs?: number;
  /** Servers booted at once, in all. */
  burst?: number;
}

function scenarioOf(size: Size): Scenario {
  const { leaves, computesPerSite, durationMs, settleMs = 0, burst = 0 } = size;
  const star = generators.star;
  const topology = star.generate(star.params.parse({ leaves }));
  const { services, operations } = loadFootprints('zed');
  const computes = (leaves + 1) * computesPerSite;
  const model = placementOf(Math.ceil(computes / COMPUTES_PER_PLANE));
  const entry: WorkloadEntry = {
    name: 'burst',
    mix: [{ operation: 'server-create', weight: 1 }],
    sites: topology.sites.slice(1).map((site) => site.id),
    arrivals: { type: 'burst', count: burst / leaves },
    startMs: 1000,
  };
  return {
    experiment: 'bench',
    point: 1,
    replication: 1,
    seed: '1',
    factors: {},
    durationMs: settleMs + durationMs,
    warmUpMs: 0,
    infrastructure: {
      topology,
      rttScale: 1,
      computesPerSite,
      coresPerControlNode: 64,
      vcpusPerCompute: 64,
      serversPerCompute: 0,
      imageSizeBytes: 1e6,
    },
    placement: { name: model.name, model, params: {}, file: '' },
    workload: burst > 0 ? [entry] : [],
    footprints: { release: 'zed', services, operations },
    backends: loadBackends(),
  };
}

/** Every server of the burst must have been accepted and become active. */
function checkBurst(run: Run, burst: number): void {
  const record = run.recorder.records.find(({ operation }) => operation.name === 'server-create');
  assertEqual('servers begun', record?.started ?? 0, burst);
  for (const milestone of record?.milestones ?? []) {
    assertEqual('servers done', milestone.latency.count, burst);
  }
}

/** Builds and simulates; the build is timed where `timesBuild`. */
function simulate(size: Size, timesBuild: boolean): Outcome {
  const scenario = scenarioOf(size);
  let run!: Run;
  const buildS = cpuSecondsOf(() => {
    run = startRun(scenario);
  });
  const { simulator } = run;
  const { settleMs = 0 } = size;
  simulator.runUntil(settleMs);
  const settled = simulator.eventCount;
  const runS = cpuSecondsOf(() => simulator.runUntil(settleMs + size.durationMs));
  if (size.burst) checkBurst(run, size.burst);
  const { eventCount, pendingCount } = simulator;
  return {
    events: eventCount - settled,
    cpuS: timesBuild ? buildS + runS : runS,
    answer: run.recorder.present,
    figures: { build_cpu_s: buildS, pending: pendingCount },
  };
}

/** The hold model with as many events pending as this leaves. */
function holdLike(size: Size, holds: number): () => Outcome {
  const run = startRun(scenarioOf(size));
  run.simulator.runUntil(size.durationMs);
  return prepareHold('calendar', 'exponential', run.simulator.pendingCount, holds);
}

/** Collects garbage, so that memory in use is what is held. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** Memory of a built cloud and of its run, per compute; what Node itself takes is not in it. */
function buildAndRun(size: Size): Outcome {
  const computes = (size.leaves + 1) * size.computesPerSite;
  const scenario = scenarioOf(size);
  collectGarbage();
  const before = process.memoryUsage();
  let run!: Run;
  const buildS = cpuSecondsOf(() => {
    run = startRun(scenario);
  });
  const cpuS = cpuSecondsOf(() => run.simulator.runUntil(size.durationMs));
  const resident = process.memoryUsage().rss;
  collectGarbage();
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  return {
    events: run.simulator.eventCount,
    cpuS: buildS + cpuS,
    answer: run.recorder.present,
    figures: {
      build_cpu_s: buildS,
      bytes_per_compute: Math.round(grown / computes),
      resident_MB: Math.round(resident / 1e6),
    },
  };
}

export const modelGroup: BenchGroup = {
  name: 'model',
  cases: (scale): BenchCase[] => {
    const shrink = Math.min(1, scale);
    const grow = Math.max(1, scale);
    const sized = (leaves: number, perSite: number, minutes: number): Size => ({
      leaves: Math.max(2, Math.round(leaves * shrink)),
      computesPerSite: perSite,
      durationMs: minutes * MINUTE_MS,
    });
    const longer = (size: Size): Size => ({ ...size, durationMs: size.durationMs * grow });
    const perLeaf = Math.ceil(62.5 * shrink);
    const burst: Size = {
      leaves: 8,
      computesPerSite: 50,
      durationMs: 2 * MINUTE_MS,
      burst: 8 * perLeaf,
    };
    const holds = Math.round(2e6 * shrink);
    const few = { ...sized(9, 10, Math.max(1, 100 * shrink)), settleMs: SETTLE_MS };
    const fewBriefly = { ...few, durationMs: MINUTE_MS };
    const many = { ...sized(999, 10, 1), settleMs: SETTLE_MS };
    const most = sized(9_999, 10, 1 / 30);
    const simulated = (name: string, size: Size, ratioTo: string, timesBuild = false) => ({
      name,
      ratioTo,
      prepare: () => () => simulate(size, timesBuild),
    });
    return [
      { name: 'model/hold/as-burst', prepare: () => holdLike(burst, holds) },
      simulated('model/burst-of-500-servers', burst, 'model/hold/as-burst', true),
      { name: 'model/hold/as-100-computes', prepare: () => holdLike(fewBriefly, holds) },
      simulated('model/idle/100-computes', longer(few), 'model/hold/as-100-computes'),
      { name: 'model/hold/as-10k-computes', prepare: () => holdLike(many, holds) },
      simulated('model/idle/10k-computes', longer(many), 'model/hold/as-10k-computes'),
      simulated('model/growth/10k-to-100-computes', longer(many), 'model/idle/100-computes'),
      {
        name: 'model/build-and-run/100k-computes',
        ratioTo: 'model/hold/as-10k-computes',
        primingRuns: 0,
        prepare: () => () => buildAndRun(longer(most)),
      },
    ];
  },
};
