import type { RunResult } from '../../experiment/results.js';
import type { PlannedScenario } from '../../experiment/study.js';
import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
import { BROKER_LINES, onLine, READ_SHARES, WRITE_LINES, wanBytesPerMinute } from '../idle-load.js';
import { numberIn } from '../row-columns.js';
import { FIRST_STARTS, hasStarts, ofOneStart, type StartMetric } from '../start-load.js';
import { labScenario, parentCores } from '../zed-lab.js';

const DURATION_MS = 10 * 60_000;
/** Length of a measurement where the row does not say. */
const WINDOW_S = 60;

function rate(kind: 'broker' | 'database'): (result: RunResult) => number {
  return (result) =>
    result.components
      .filter((row) => row.kind === kind)
      .reduce((sum, row) => sum + row.ratePerS, 0);
}

type Read = (result: RunResult, computes: number, row: FigureRow) => number;

/** Cores used by the components that are called so. */
function cores(components: RegExp): (result: RunResult) => number {
  return (result) =>
    result.components
      .filter(({ component, kind }) => kind !== 'node' && components.test(component))
      .reduce((sum, row) => sum + row.cpuS, 0) /
    (result.measuredMs / 1000);
}

/**
 * The conductor's workers alone: neutron-server at 25 computes (1.8 ms a second) and the conductor at any
 * number show that this table leaves out what parent processes take in footprints.csv.
 */
function conductorCores(result: RunResult): number {
  return cores(/^nova-conductor$/)(result) - parentCores('nova-conductor');
}

/** Resident memory, MiB. */
function memory(components: RegExp): (result: RunResult) => number {
  return (result) =>
    result.components
      .filter(({ component }) => components.test(component))
      .reduce((sum, { memoryBytes }) => sum + memoryBytes, 0) /
    2 ** 20;
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
  [/^mysql_threads$/, 'connections opened for other operations before are not modelled'],
  [/^startup_wall_s$/, "how fast computes were started was the script's choice"],
  [/^startup_(conductor|placement)_cpu$/, 'no source but this table says what it takes'],
];

/** Why a column of a row is not judged; undefined: it is, or is no figure. */
function unreadReason(column: string, row: FigureRow): string | undefined {
  if (!row.columns[column]) return undefined;
  if (column in FIRST_STARTS && !hasStarts(row)) return 'no compute was started';
  return NOT_MODELLED.find(([pattern]) => pattern.test(column))?.[1];
}

function notModelled(id: string, row: FigureRow): UnreadRow[] {
  return Object.keys(row.columns).flatMap((column) => {
    const reason = unreadReason(column, row);
    return reason ? [{ id: `${id} ${column}`, reason }] : [];
  });
}

/** What goes on in a second of idleness beside starts. */
const IDLE_BESIDE_STARTS: Readonly<Record<StartMetric, (result: RunResult) => number>> = {
  startup_sql_per_compute: rate('database'),
  startup_msgs_per_compute: rate('broker'),
  startup_cpu_compute_s: () => 0,
};

function startMetric(metric: StartMetric): { unit: string; read: Read } {
  const idle = IDLE_BESIDE_STARTS[metric];
  return {
    unit: FIRST_STARTS[metric].unit,
    read: (result, computes, row) => ofOneStart(metric, row, computes, idle(result)),
  };
}

/** Columns that are judged. */
const METRICS: Readonly<Record<string, { unit: string; read: Read }>> = {
  msgs_in_per_s: { unit: '1/s', read: rate('broker') },
  sql_questions_per_s: { unit: '1/s', read: rate('database') },
  cpu_conductor: { unit: 'cores', read: conductorCores },
  cpu_mysql: { unit: 'cores', read: cores(/^mariadb\/database$/) },
  cpu_rabbit: { unit: 'cores', read: cores(/^rabbitmq/) },
  cpu_placement: { unit: 'cores', read: cores(/^placement-api$/) },
  msgs_deliv_per_s: { unit: '1/s', read: rate('broker') },
  cpu_neutron: { unit: 'cores', read: cores(/^neutron-server$/) },
  cpu_per_compute: {
    unit: 'cores',
    read: (result, computes) => cores(/^nova-compute/)(result) / computes,
  },
  wan_bytes_per_min_per_compute: {
    unit: 'B',
    read: (result, computes) => wanBytesPerMinute(result, computes) / computes,
  },
  cpu_scheduler: { unit: 'cores', read: cores(/^nova-scheduler$/) },
  pss_mb_per_compute: {
    unit: 'MiB',
    read: (result, computes) => memory(/^nova-compute/)(result) / computes,
  },
  pss_rabbit_mb: { unit: 'MiB', read: memory(/^rabbitmq/) },
  pss_conductor_mb: { unit: 'MiB', read: memory(/^nova-conductor$/) },
  pss_mysql_mb: { unit: 'MiB', read: memory(/^mariadb\/database$/) },
  ...Object.fromEntries(
    Object.entries(READ_SHARES).map(([column, share]) => [
      column,
      { unit: '1/s', read: (result: RunResult) => share * rate('database')(result) },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries({ ...BROKER_LINES, ...WRITE_LINES }).map(([column, line]) => [
      column,
      {
        unit: column.startsWith('sql_') ? '1/s' : 'count',
        read: (_: RunResult, computes: number) => onLine(line, computes),
      },
    ]),
  ),
  ...Object.fromEntries(
    (Object.keys(FIRST_STARTS) as StartMetric[]).map((metric) => [metric, startMetric(metric)]),
  ),
};

/** CPU of a process is counted in ticks of 10 ms. */
const TICK_S = 0.01;
/** Below so many ticks one of them is more than a fifth of the figure. */
const FEW_TICKS = 5;

/** A figure of a few ticks agrees within two of them. */
function fewTicks(metric: string, row: FigureRow): ((simulated: number) => boolean) | undefined {
  if (!metric.startsWith('cpu_')) return undefined;
  const seconds = numberIn(row, 'secs');
  const tick = TICK_S / (seconds > 0 ? seconds : WINDOW_S);
  const measured = numberIn(row, metric);
  if (metric === 'cpu_per_compute' || measured >= FEW_TICKS * tick) return undefined;
  return (simulated) => Math.abs(simulated - measured) <= 2 * tick;
}

/** The row that constants were fitted to, wherever it stands. */
function calibrates({ run, computes }: Readonly<Record<string, string>>): boolean {
  return run === '2' && Number(computes) === 25;
}

/** Idle load of OpenStack Zed against the number of computes (scale.csv); its one agent is the lab's. */
export const zedScale: FigureFamily = {
  name: 'zed-scale',
  sources: ['scale'],
  split:
    'The largest number of computes at hand, 25 in run 2, calibrates (CPU of periodic tasks, bytes beside messages, what the broker and the processes hold), but for what a start costs, which comes from its trace; all others judge',
  read(rows: readonly FigureRow[]): FamilyReading {
    const figures: Figure[] = [];
    const unread: UnreadRow[] = [];
    const scenarios = new Map<string, PlannedScenario>();
    for (const row of rows) {
      const { source, line, columns: own } = row;
      const columns = withSums(own);
      const id = `${source}.csv:${line}`;
      const computes = Number(columns.computes);
      if (!(Number.isInteger(computes) && computes >= 1)) {
        unread.push({ id, reason: `computes is "${columns.computes}"` });
        continue;
      }
      unread.push(...notModelled(id, row));
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
        if (!columns[metric] || unreadReason(metric, row)) continue;
        const agrees = fewTicks(metric, row);
        const measured = Number(columns[metric]);
        if (!(measured > 0 || agrees)) {
          unread.push({ id: `${id} ${metric}`, reason: `it is "${columns[metric]}"` });
          continue;
        }
        figures.push({
          family: 'zed-scale',
          id,
          metric: `${computes} computes: ${metric}`,
          unit,
          measured,
          spread: Number.NaN,
          role: calibrates(columns) && !(metric in FIRST_STARTS) ? 'calibration' : 'judgement',
          alternatives: `run ${columns.run}: ${metric}`,
          scenario,
          read: (result) => read(result, computes, row),
          agrees,
          note: '',
        });
      }
    }
    return { figures, unread, scenarios };
  },
};
