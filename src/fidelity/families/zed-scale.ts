import type { RunResult } from '../../experiment/results.js';
import type { PlannedScenario } from '../../experiment/study.js';
import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
import { labScenario } from '../zed-lab.js';

const DURATION_MS = 10 * 60_000;

function rate(kind: 'broker' | 'database'): (result: RunResult) => number {
  return (result) =>
    result.components
      .filter((row) => row.kind === kind)
      .reduce((sum, row) => sum + row.ratePerS, 0);
}

/** Cores used by the components whose name begins so. */
function cores(...prefixes: string[]): (result: RunResult) => number {
  return (result) =>
    result.components
      .filter(
        ({ component, kind }) =>
          kind !== 'node' && prefixes.some((prefix) => component.startsWith(prefix)),
      )
      .reduce((sum, row) => sum + row.cpuS, 0) /
    (result.measuredMs / 1000);
}

/** Columns that are judged. The others (memory, channels, start-up) have no model yet. */
const METRICS: Readonly<
  Record<string, { unit: string; read: (result: RunResult, computes: number) => number }>
> = {
  msgs_in_per_s: { unit: '1/s', read: rate('broker') },
  sql_questions_per_s: { unit: '1/s', read: rate('database') },
  cpu_conductor: { unit: 'cores', read: cores('nova-conductor') },
  cpu_mysql: { unit: 'cores', read: cores('mariadb') },
  cpu_rabbit: { unit: 'cores', read: cores('rabbitmq') },
  cpu_placement: { unit: 'cores', read: cores('placement-api') },
  cpu_scheduler: { unit: 'cores', read: cores('nova-scheduler') },
};

/** Idle load of OpenStack Zed against the number of computes (scale.csv); its one agent is the lab's. */
export const zedScale: FigureFamily = {
  name: 'zed-scale',
  sources: ['scale'],
  split:
    'The largest number of computes calibrates (periodic tasks of the footprints); all others judge.',
  read(rows: readonly FigureRow[]): FamilyReading {
    const figures: Figure[] = [];
    const unread: UnreadRow[] = [];
    const scenarios = new Map<string, PlannedScenario>();
    const largest = Math.max(...rows.map(({ columns }) => Number(columns.computes)));
    for (const { source, line, columns } of rows) {
      const id = `${source}.csv:${line}`;
      const computes = Number(columns.computes);
      if (!(Number.isInteger(computes) && computes >= 1)) {
        unread.push({ id, reason: `computes is "${columns.computes}"` });
        continue;
      }
      const scenario = `zed-scale run ${columns.run} ${computes}`;
      scenarios.set(
        scenario,
        labScenario('zed-scale', {
          placement: 'P2',
          rttMs: 0,
          run: columns.run,
          computes,
          serversPerCompute: 0,
          agents: 1,
          workload: [],
          durationMs: DURATION_MS,
        }),
      );
      for (const [metric, { unit, read }] of Object.entries(METRICS)) {
        if (columns[metric] === undefined || columns[metric] === '') continue;
        figures.push({
          family: 'zed-scale',
          id,
          metric: `${computes} computes: ${metric}`,
          unit,
          measured: Number(columns[metric]),
          spread: Number.NaN,
          role: computes === largest ? 'calibration' : 'judgement',
          alternatives: `run ${columns.run}: ${metric}`,
          scenario,
          read: (result) => read(result, computes),
          note: '',
        });
      }
    }
    return { figures, unread, scenarios };
  },
};
