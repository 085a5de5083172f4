import type { Cloud } from '../cloud/cloud.js';
import type { DeployedGroup } from '../cloud/deployed-group.js';
import type { OperationRecord, OperationRecorder } from '../operations/operation-recorder.js';
import { TIME_CATEGORIES, type TimeCategory } from '../operations/time-split.js';
import type { ComponentResult, OperationResult, RunResult } from './results.js';
import { judgeSaturation } from './saturation.js';
import type { Scenario } from './scenario.js';
import { trimmedMoments } from './trimmed-moments.js';

/** Reads the statistics of a run that has ended. */
export function collectResults(
  scenario: Scenario,
  cloud: Cloud,
  recorder: OperationRecorder,
  warmUpMs: number,
): RunResult {
  const measuredMs = scenario.durationMs - warmUpMs;
  const operations = recorder.records.flatMap(operationResults);
  const components = componentResults(cloud, measuredMs);
  const { saturated, by } = judgeSaturation(operations, components, recorder, scenario.durationMs);
  const links = cloud.network.results();
  return {
    point: scenario.point,
    replication: scenario.replication,
    factors: { ...scenario.factors },
    operations,
    ...failedRequests(recorder),
    components,
    links,
    saturated,
    saturatedBy: by,
    warmUpMs,
    measuredMs,
    eventCount: cloud.simulator.eventCount,
    fingerprint: cloud.simulator.fingerprint(),
  };
}

/** Nothing where none failed: a run's stored result then is what it was. */
function failedRequests({ failures }: OperationRecorder): Pick<RunResult, 'failedRequests'> {
  if (failures.size === 0) return {};
  return {
    failedRequests: [...failures].map(([key, count]) => {
      const [operation, ...reason] = key.split(': ');
      return { operation, reason: reason.join(': '), count };
    }),
  };
}

function operationResults(record: OperationRecord): OperationResult[] {
  if (record.started === 0) return [];
  return record.milestones.map((milestone, position) => {
    const ok = milestone.latency.count;
    const split = {} as Record<TimeCategory, number>;
    TIME_CATEGORIES.forEach((category, index) => {
      split[category] = ok > 0 ? milestone.split[index] / ok : Number.NaN;
    });
    const quantile = (q: number): number => (ok > 0 ? milestone.sketch.quantile(q) : Number.NaN);
    const { mean, standardDeviation: deviation } = milestone.latency;
    const trimmed = ok > 0 ? trimmedMoments({ mean, deviation }, quantile) : undefined;
    return {
      operation: record.operation.name,
      milestone: record.operation.milestoneNames[position],
      started: record.started,
      ok,
      failed: milestone.failedBefore,
      unfinished: record.started - ok - milestone.failedBefore,
      meanMs: ok > 0 ? milestone.latency.mean : Number.NaN,
      p50Ms: quantile(0.5),
      p95Ms: quantile(0.95),
      p99Ms: quantile(0.99),
      maxMs: ok > 0 ? milestone.latency.max : Number.NaN,
      deviationMs: deviation,
      trimmedMeanMs: trimmed?.mean,
      trimmedDeviationMs: trimmed?.deviation,
      split,
    };
  });
}

/** Host services of a site are one row; queue lengths of several instances add up. */
function groupResult(cloud: Cloud, group: DeployedGroup, measuredMs: number): ComponentResult {
  const hosted = group.service === 'nova-compute' || group.service === 'neutron-agent';
  let slotsBusy = 0;
  let workers = 0;
  let meanQueueLength = 0;
  let p95QueueLength = 0;
  let requests = 0;
  const cpuMs = cloud.groupCpuMs[group.index];
  for (const instance of group.instances) {
    const statistics = instance.slotStatistics();
    slotsBusy += statistics.utilisation / group.instances.length;
    workers += instance.workers.length;
    meanQueueLength += statistics.meanQueueLength;
    p95QueueLength = Math.max(p95QueueLength, statistics.p95QueueLength);
    requests += instance.requests;
  }
  const sites = [...new Set(group.instances.map(({ site }) => cloud.siteIds[site]))];
  return {
    component: group.id,
    kind: hosted ? 'computes' : 'service',
    site: sites.join(' '),
    instances: group.instances.length,
    // A threaded server runs out of threads, an eventlet one out of its processes' CPU.
    utilisation: Math.max(slotsBusy, cpuMs / (workers * measuredMs)),
    meanQueueLength,
    p95QueueLength,
    ratePerS: (requests / measuredMs) * 1000,
    cpuS: (cpuMs + idleCores(group, workers) * measuredMs) / 1000,
    memoryBytes: workers * group.workerMemoryBytes,
  };
}

/** Cores that a group takes while nothing happens. */
function idleCores(group: DeployedGroup, workers: number): number {
  return group.instances.length * group.idleCoresOfParent + workers * group.idleCoresPerWorker;
}

function componentResults(cloud: Cloud, measuredMs: number): ComponentResult[] {
  const rows = cloud.groups.map((group) => groupResult(cloud, group, measuredMs));
  for (const bus of cloud.buses) {
    for (const member of bus.results())
      rows.push({ ...member, kind: 'broker', site: cloud.siteIds[member.site] });
  }
  for (const database of cloud.databases) {
    for (const replica of database.results()) {
      rows.push({ ...replica, kind: 'database', site: cloud.siteIds[replica.site] });
    }
  }
  for (const node of cloud.nodes) {
    const statistics = node.cpu.statistics();
    rows.push({
      component: node.id,
      kind: 'node',
      site: cloud.siteIds[node.site],
      instances: 1,
      utilisation: statistics.utilisation,
      meanQueueLength: statistics.meanQueueLength,
      p95QueueLength: statistics.p95QueueLength,
      ratePerS: (statistics.arrivals / measuredMs) * 1000,
      cpuS: statistics.busyMs / 1000,
      memoryBytes: Number.NaN,
      ...(node.cpu.contention > 0 ? { coreSpeed: node.cpu.meanSpeed } : {}),
    });
  }
  return rows.sort(
    (a, b) =>
      compare(a.kind, b.kind) || compare(a.component, b.component) || compare(a.site, b.site),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
