import type { OperationResult, RunFailure, RunResult } from '../experiment/results.js';
import type { Study } from '../experiment/study-description.js';
import { compareText } from './factor-columns.js';
import { differenceOf, type Interval, intervalOf, percentChange } from './intervals.js';

/** One statistic of an operation at a design point. */
export interface Statistic {
  /** Mean over the replications that have it, with its 95 % interval. */
  value: Interval;
  /** Paired difference to the baseline, this minus baseline; NaN at the baseline itself. */
  difference: Interval;
  /** The same in per cent of the baseline. */
  percent: Interval;
}

/** One operation and milestone at one design point, over its replications. */
export interface SummaryRow {
  point: number;
  factors: Record<string, string>;
  operation: string;
  milestone: string;
  /** Runs that finished. */
  replications: number;
  /** Runs that broke off with an error. */
  failedRuns: number;
  started: number;
  ok: number;
  failed: number;
  unfinished: number;
  mean: Statistic;
  p95: Statistic;
  /** True for a design point that differences are taken against. */
  isBaseline: boolean;
  /** Share of the finished runs that were saturated. */
  saturatedShare: number;
  /** What saturated them, most frequent first, joined by `; `. */
  saturatedBy: string;
}

/** Runs of one design point, by replication. */
export interface DesignPoint {
  point: number;
  factors: Record<string, string>;
  runs: RunResult[];
}

/** Design points by number; one whose runs all failed is absent. */
export function groupByPoint(results: readonly RunResult[]): DesignPoint[] {
  const points = new Map<number, DesignPoint>();
  for (const run of [...results].sort(
    (a, b) => a.point - b.point || a.replication - b.replication,
  )) {
    const known = points.get(run.point);
    if (known !== undefined) known.runs.push(run);
    else points.set(run.point, { point: run.point, factors: run.factors, runs: [run] });
  }
  return [...points.values()];
}

/** Text of all levels: equal for equal design points, whatever the order of the keys. */
function factorKey(factors: Record<string, string>): string {
  return JSON.stringify(Object.entries(factors).sort((a, b) => compareText(a[0], b[0])));
}

/** The levels of the baseline that a design point is compared with. */
export function baselineFactors(
  study: Study,
  factors: Record<string, string>,
): Record<string, string> {
  const result = { ...factors };
  for (const [path, level] of Object.entries(study.baseline)) {
    if (path in result) result[path] = level;
  }
  return result;
}

function findOperation(
  run: RunResult | undefined,
  operation: string,
  milestone: string,
): OperationResult | undefined {
  return run?.operations.find((o) => o.operation === operation && o.milestone === milestone);
}

/** Values of one statistic here and at the baseline, for the replications that have both. */
function pairValues(
  point: DesignPoint,
  baseline: DesignPoint,
  read: (run: RunResult | undefined) => number,
): { here: number[]; there: number[] } {
  const here: number[] = [];
  const there: number[] = [];
  for (const run of point.runs) {
    const twin = baseline.runs.find((other) => other.replication === run.replication);
    const pair = [read(run), read(twin)];
    if (pair.every(Number.isFinite)) {
      here.push(pair[0]);
      there.push(pair[1]);
    }
  }
  return { here, there };
}

function statisticOf(
  point: DesignPoint,
  baseline: DesignPoint | undefined,
  read: (run: RunResult | undefined) => number,
): Statistic {
  const value = intervalOf(point.runs.map(read).filter(Number.isFinite));
  if (baseline === undefined || baseline === point) {
    return { value, difference: intervalOf([]), percent: intervalOf([]) };
  }
  const { here, there } = pairValues(point, baseline, read);
  return { value, difference: differenceOf(here, there), percent: percentChange(here, there) };
}

/** Most frequent first; names that are equally frequent in byte order. */
function saturationCauses(runs: readonly RunResult[]): string {
  const counts = new Map<string, number>();
  for (const run of runs) {
    if (run.saturated && run.saturatedBy !== '') {
      counts.set(run.saturatedBy, (counts.get(run.saturatedBy) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]))
    .map(([name]) => name)
    .join('; ');
}

/** Every operation and milestone that any run of the point has, in byte order. */
function operationsAt(point: DesignPoint): { operation: string; milestone: string }[] {
  const seen = new Map<string, { operation: string; milestone: string }>();
  for (const { operation, milestone } of point.runs.flatMap((run) => run.operations)) {
    seen.set(JSON.stringify([operation, milestone]), { operation, milestone });
  }
  return [...seen.values()].sort(
    (a, b) => compareText(a.operation, b.operation) || compareText(a.milestone, b.milestone),
  );
}

function summaryRow(
  point: DesignPoint,
  baseline: DesignPoint | undefined,
  failedRuns: number,
  { operation, milestone }: { operation: string; milestone: string },
): SummaryRow {
  const found = point.runs.flatMap((run) => findOperation(run, operation, milestone) ?? []);
  const sum = (read: (o: OperationResult) => number) =>
    found.reduce((total, o) => total + read(o), 0);
  const reader = (read: (o: OperationResult) => number) => (run: RunResult | undefined) => {
    const result = findOperation(run, operation, milestone);
    return result === undefined ? Number.NaN : read(result);
  };
  return {
    point: point.point,
    factors: point.factors,
    operation,
    milestone,
    replications: point.runs.length,
    failedRuns,
    started: sum((o) => o.started),
    ok: sum((o) => o.ok),
    failed: sum((o) => o.failed),
    unfinished: sum((o) => o.unfinished),
    mean: statisticOf(
      point,
      baseline,
      reader((o) => o.meanMs),
    ),
    p95: statisticOf(
      point,
      baseline,
      reader((o) => o.p95Ms),
    ),
    isBaseline: baseline === point,
    saturatedShare: point.runs.filter((run) => run.saturated).length / point.runs.length,
    saturatedBy: saturationCauses(point.runs),
  };
}

/**
 * Means over replications with 95 % Student t intervals, and paired differences to the baseline
 * under common random numbers: replication r here against replication r there. By design point,
 * operation, milestone.
 */
export function summarise(
  study: Study,
  results: readonly RunResult[],
  failures: readonly RunFailure[],
): SummaryRow[] {
  const points = groupByPoint(results);
  const byFactors = new Map(points.map((point) => [factorKey(point.factors), point]));
  const compares = Object.keys(study.baseline).length > 0;
  return points.flatMap((point) => {
    const baseline = compares
      ? byFactors.get(factorKey(baselineFactors(study, point.factors)))
      : undefined;
    const failedRuns = failures.filter((failure) => failure.point === point.point).length;
    return operationsAt(point).map((name) => summaryRow(point, baseline, failedRuns, name));
  });
}
