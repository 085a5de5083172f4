import type {
  ComponentResult,
  LinkResult,
  OperationResult,
  RunResult,
} from '../../../src/experiment/results.js';
import type { Study, StudyFactor } from '../../../src/experiment/study-description.js';
import { TIME_CATEGORIES, type TimeCategory } from '../../../src/operations/time-split.js';

/*
 * Made-up results with the shape of a real study. The numbers follow simple formulas, so that tests
 * can say what must come out; they are no measurements.
 */

export const RTT: StudyFactor = {
  path: 'infrastructure.rtt-scale',
  label: 'RTT scale',
  levels: ['0.5', '1', '2'],
};
export const COMPUTES: StudyFactor = {
  path: 'infrastructure.computes-per-site',
  label: 'computes per site',
  levels: ['10', '50', '200'],
};
export const PLACEMENT: StudyFactor = {
  path: 'placement',
  label: 'placement',
  levels: ['centralized', 'central-edge-glance', 'cells', 'regions', 'stretched-galera'],
};

export function makeStudy(factors: StudyFactor[], changes: Partial<Study> = {}): Study {
  return {
    name: 'one-bus-or-many',
    question: 'One global message bus, or one per region?',
    seed: '1',
    replications: 5,
    factors,
    baseline: factors.some((factor) => factor.path === PLACEMENT.path)
      ? { placement: 'centralized' }
      : {},
    provenance: { fogplane: '0.1.0', seed: '1' },
    ...changes,
  };
}

/** A repeatable number in [-1, 1) that depends on all arguments. */
function noise(...parts: (string | number)[]): number {
  let hash = 2166136261;
  for (const letter of parts.join('/')) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 31 - 1;
}

/** Round trips over the backbone and the shares of their time, by placement. */
const TRAITS: Record<string, { roundTrips: number; capacity: number; commit: number }> = {
  centralized: { roundTrips: 33, capacity: 150, commit: 4 },
  'central-edge-glance': { roundTrips: 35, capacity: 160, commit: 4 },
  cells: { roundTrips: 21, capacity: 420, commit: 5 },
  regions: { roundTrips: 9, capacity: 900, commit: 4 },
  'stretched-galera': { roundTrips: 14, capacity: 380, commit: 160 },
};

export interface Setting {
  placement: string;
  rtt: number;
  computes: number;
  replication: number;
}

const OPERATIONS = [
  { operation: 'server-create', milestone: 'accepted', share: 0.25, baseMs: 420 },
  { operation: 'server-create', milestone: 'active', share: 1, baseMs: 1900 },
  { operation: 'server-list', milestone: 'done', share: 0.1, baseMs: 110 },
  { operation: 'token-issue', milestone: 'done', share: 0.03, baseMs: 62 },
];

function splitOf(parts: Partial<Record<TimeCategory, number>>): Record<TimeCategory, number> {
  return Object.fromEntries(
    TIME_CATEGORIES.map((category) => [category, parts[category] ?? 0]),
  ) as Record<TimeCategory, number>;
}

/** An operation's result; the common noise of a replication is the same for all placements. */
function operationResult(setting: Setting, kind: (typeof OPERATIONS)[number]): OperationResult {
  const { placement, rtt, computes, replication } = setting;
  const traits = TRAITS[placement] ?? TRAITS.centralized;
  const load = computes / traits.capacity;
  const common = 1 + 0.05 * noise('common', replication, kind.operation, computes);
  const own = 1 + 0.006 * noise(placement, rtt, computes, replication, kind.milestone);
  const wire = 24 * rtt * traits.roundTrips * kind.share * own;
  const queue = kind.baseMs * (load < 0.95 ? (0.05 * load) / (1 - load) : 40 * load) * common;
  const split = splitOf({
    client_api: 26 * rtt,
    rest_wire: 0.15 * wire,
    rpc_wire: 0.45 * wire,
    sql_wire: 0.4 * wire,
    broker: 0.1 * queue,
    service_queue: 0.9 * queue,
    cpu: 0.5 * kind.baseMs * common * own,
    database: 0.07 * kind.baseMs * common,
    commit: traits.commit * kind.share * rtt,
    idle_wait: 0.4 * kind.baseMs * kind.share,
    retries: placement === 'stretched-galera' ? 30 * rtt * kind.share : 0,
  });
  const meanMs = TIME_CATEGORIES.reduce((sum, category) => sum + split[category], 0);
  const started = 600 + Math.round(20 * noise('arrivals', replication));
  const failed = load >= 0.95 ? Math.round(0.04 * started) : 0;
  const unfinished = load >= 0.95 ? Math.round(0.2 * started) : 1;
  return {
    operation: kind.operation,
    milestone: kind.milestone,
    started,
    ok: started - failed - unfinished,
    failed,
    unfinished,
    meanMs,
    p50Ms: 0.94 * meanMs,
    p95Ms: 1.45 * meanMs,
    p99Ms: 1.9 * meanMs,
    maxMs: 3.1 * meanMs,
    split,
  };
}

function componentResults({ placement, computes, replication }: Setting): ComponentResult[] {
  const traits = TRAITS[placement] ?? TRAITS.centralized;
  const load = Math.min(0.995, computes / traits.capacity);
  const make = (component: string, kind: ComponentResult['kind'], site: string, share: number) => ({
    component,
    kind,
    site,
    instances: 1,
    utilisation: share * load * (1 + 0.01 * noise(component, site, replication)),
    meanQueueLength: 3 * share * load,
    p95QueueLength: 9 * share * load,
    ratePerS: 40 * share,
    cpuS: 900 * share * load,
    memoryBytes: kind === 'broker' ? 2 ** 30 : Number.NaN,
  });
  const sites =
    placement === 'regions' || placement === 'cells' ? ['paris', 'milano', 'poznan'] : [];
  return [
    make('nova-conductor', 'service', 'paris', 0.97),
    make('nova-api', 'service', 'paris', 0.4),
    make('keystone', 'service', 'paris', 0.35),
    make('nova-scheduler', 'service', 'paris', 0.15),
    make('paris/control', 'node', 'paris', 0.62),
    make('mariadb/main', 'database', 'paris', 0.71),
    make('neutron-server', 'service', 'paris', 0.55),
    ...(sites.length === 0 ? [make('rabbitmq/bus', 'broker', 'paris', 0.8)] : []),
    ...sites.map((site, index) => make(`rabbitmq/bus@${site}`, 'broker', site, 0.5 + 0.1 * index)),
  ];
}

function linkResults({ rtt, computes }: Setting): LinkResult[] {
  return ['rpc', 'sql', 'image'].flatMap((traffic, index) =>
    ['paris--milano', 'milano--poznan'].map((link) => ({
      link,
      traffic,
      bytes: Math.round(1e6 * computes * (index + 1)),
      messages: 1000 * computes,
      meanUtilisation: 0.01 * rtt,
      peakUtilisation: 0.06 * rtt,
    })),
  );
}

export function makeRun(
  point: number,
  factors: Record<string, string>,
  replication: number,
): RunResult {
  const setting: Setting = {
    placement: factors[PLACEMENT.path] ?? 'centralized',
    rtt: Number(factors[RTT.path] ?? 1),
    computes: Number(factors[COMPUTES.path] ?? 50),
    replication,
  };
  const capacity = (TRAITS[setting.placement] ?? TRAITS.centralized).capacity;
  const saturated = setting.computes / capacity >= 0.95;
  return {
    point,
    replication,
    factors,
    operations: OPERATIONS.map((kind) => operationResult(setting, kind)),
    components: componentResults(setting),
    links: linkResults(setting),
    saturated,
    saturatedBy: saturated ? 'nova-conductor' : '',
    warmUpMs: 300_000,
    measuredMs: 1_500_000,
    eventCount: 1_000_000 + point,
    fingerprint: `f${point}r${replication}`,
  };
}

/** Runs of the whole cartesian product, numbered in its order (last factor fastest). */
export function makeRuns(study: Study): RunResult[] {
  let points: Record<string, string>[] = [{}];
  for (const factor of study.factors) {
    points = points.flatMap((point) =>
      factor.levels.map((level) => ({ ...point, [factor.path]: level })),
    );
  }
  return points.flatMap((factors, index) =>
    Array.from({ length: study.replications }, (_, r) => makeRun(index + 1, factors, r + 1)),
  );
}
