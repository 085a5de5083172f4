import type { RunResult } from '../../experiment/results.js';
import type { PlannedScenario } from '../../experiment/study.js';
import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
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
    const groups = new Map<string, FigureRow[]>();
    for (const row of rows) {
      if (row.source !== 'rate') continue;
      const { run, rate, t_start, status } = row.columns;
      if (!(Number(t_start) >= 0) || status !== 'active') {
        unread.push({
          id: `${row.source}.csv:${row.line}`,
          reason: `t_start "${t_start}", status "${status}"`,
        });
        continue;
      }
      const key = `${run} ${rate}`;
      const group = groups.get(key) ?? [];
      groups.set(key, group);
      group.push(row);
    }
    for (const [key, group] of groups) {
      const { run, rate } = group[0].columns;
      const scenario = `zed-rate run ${key}`;
      const timesMs = group.map(({ columns }) => START_MS + 1000 * Number(columns.t_start));
      scenarios.set(
        scenario,
        labScenario('zed-rate', {
          placement: 'P0',
          rttMs: 0,
          run,
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
          durationMs: Math.max(...timesMs) + DRAIN_MS,
        }),
      );
      for (const [column, milestone] of Object.entries(LATENCIES)) {
        const values = group.map(({ columns }) => Number(columns[column]));
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
