import type { RunResult } from '../../experiment/results.js';
import type { PlannedScenario } from '../../experiment/study.js';
import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
import { numberIn } from '../row-columns.js';
import { labScenario } from '../zed-lab.js';
import { ABSENT_HOSTS, readRateCpu } from './zed-rate-cpu.js';

/** Requests go on to be served after the last has come. */
const DRAIN_MS = 30 * 60_000;
const START_MS = 30_000;

/** Columns of one request and what they measure. */
const LATENCIES = { latency_s: 'active', t_202_s: 'accepted' } as const;

function mean(milestone: string): (result: RunResult) => number {
  return (result) => {
    const row = result.operations.find(
      (other) => other.operation === 'server-create' && other.milestone === milestone,
    );
    return row ? row.meanMs / 1000 : Number.NaN;
  };
}

/** Requests by run and rate. One that did not become active is listed, and loads the machine all the same. */
function requestsByRun(
  rows: readonly FigureRow[],
  unread: UnreadRow[],
): ReadonlyMap<string, FigureRow[]> {
  const groups = new Map<string, FigureRow[]>();
  for (const row of rows) {
    if (row.source !== 'rate') continue;
    const { run, rate, t_start, status } = row.columns;
    const hasCome = numberIn(row, 't_start') >= 0;
    if (!hasCome || status !== 'active') {
      const reason = `t_start "${t_start}", status "${status}"`;
      unread.push({ id: `${row.source}.csv:${row.line}`, reason });
    }
    if (!hasCome) continue;
    const key = `${run} ${rate}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(row);
  }
  return groups;
}

function arrivalsOf(group: readonly FigureRow[]): PlannedScenario {
  const timesMs = group
    .map((row) => START_MS + 1000 * numberIn(row, 't_start'))
    .sort((a, b) => a - b);
  return labScenario('zed-rate', {
    placement: 'P0',
    rttMs: 0,
    run: group[0].columns.run,
    computes: 1,
    serversPerCompute: 10,
    absentHosts: ABSENT_HOSTS,
    workload: [
      {
        name: 'measured',
        mix: [{ operation: 'server-create', weight: 1 }],
        sites: ['a'],
        arrivals: { type: 'times', timesMs },
        startMs: 0,
      },
    ],
    durationMs: timesMs[timesMs.length - 1] + DRAIN_MS,
  });
}

/**
 * Open arrivals of server creates on one machine: the mean over the requests of each run (rate.csv)
 * and the CPU of each service (rate_cpu.csv).
 */
export const zedRate: FigureFamily = {
  name: 'zed-rate',
  sources: ['rate', 'rate_cpu'],
  split:
    'The CPU of the scheduler at 0.2 creates/s calibrates (hosts left registered); all others judge: no other constant is fitted to open arrivals.',
  read(rows: readonly FigureRow[]): FamilyReading {
    const figures: Figure[] = [];
    const unread: UnreadRow[] = [];
    const scenarios = new Map<string, PlannedScenario>();
    for (const [key, group] of requestsByRun(rows, unread)) {
      const { run, rate } = group[0].columns;
      const scenario = `zed-rate run ${key}`;
      scenarios.set(scenario, arrivalsOf(group));
      for (const [column, milestone] of Object.entries(LATENCIES)) {
        const values = group
          .filter((row) => milestone === 'accepted' || row.columns.status === 'active')
          .map((row) => numberIn(row, column))
          .filter((value) => value > 0);
        if (values.length === 0) continue;
        const average = values.reduce((sum, value) => sum + value, 0) / values.length;
        const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0);
        figures.push({
          family: 'zed-rate',
          id: `rate.csv:${group[0].line}-${group[group.length - 1].line}`,
          metric: `${rate} creates/s: mean ${column}`,
          unit: 's',
          measured: average,
          spread:
            (1.96 * Math.sqrt(squares / Math.max(1, values.length - 1))) / Math.sqrt(values.length),
          role: 'judgement',
          alternatives: `run ${run}: ${column}`,
          scenario,
          read: mean(milestone),
          note: '',
        });
      }
    }
    readRateCpu(rows, figures, unread, scenarios);
    return { figures, unread, scenarios };
  },
};
