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

function bytesPerMinute(result: RunResult): number {
  return result.links.reduce((sum, link) => sum + link.bytes, 0) / (result.measuredMs / 60_000);
}

/** A link counts both directions, so the two columns of the WAN are judged as their sum. */
function withSums(columns: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const sent = columns.wan_tx_bytes_per_min_per_compute;
  const received = columns.wan_rx_bytes_per_min_per_compute;
  if (!sent || !received) return columns;
  return { ...columns, wan_bytes_per_min_per_compute: String(Number(sent) + Number(received)) };
}

/** Columns that are not judged, and why. */
const NOT_MODELLED: readonly (readonly [columns: RegExp, reason: string])[] = [
  [/^rmq_/, 'connections, channels, queues and consumers of the processes are not modelled'],
  [/^sql_(select|update|commit|rollback)/, 'kinds of statements are not counted in a run'],
  [/^mysql_threads$/, 'connections opened for other operations before are not modelled'],
  [/^pss_/, 'resident memory of processes is not modelled'],
  [/^startup_/, 'starts of processes are not modelled'],
];

function notModelled(id: string, columns: Readonly<Record<string, string>>): UnreadRow[] {
  return Object.keys(columns).flatMap((column) => {
    const reason = NOT_MODELLED.find(([pattern]) => pattern.test(column))?.[1];
    return reason && columns[column] !== '' ? [{ id: `${id} ${column}`, reason }] : [];
  });
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
  msgs_deliv_per_s: { unit: '1/s', read: rate('broker') },
  cpu_neutron: { unit: 'cores', read: cores('neutron-server') },
  cpu_per_compute: {
    unit: 'cores',
    read: (result, computes) => cores('nova-compute')(result) / computes,
  },
  wan_bytes_per_min_per_compute: {
    unit: 'B',
    read: (result, computes) => bytesPerMinute(result) / computes,
  },
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
    for (const { source, line, columns: own } of rows) {
      const columns = withSums(own);
      const id = `${source}.csv:${line}`;
      const computes = Number(columns.computes);
      if (!(Number.isInteger(computes) && computes >= 1)) {
        unread.push({ id, reason: `computes is "${columns.computes}"` });
        continue;
      }
      unread.push(...notModelled(id, own));
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
