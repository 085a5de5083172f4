import type { RunResult } from '../../experiment/results.js';
import type { PlannedScenario } from '../../experiment/study.js';
import type { WorkloadEntry } from '../../workload/workload-types.js';
import type { Figure, FigureRow, UnreadRow } from '../figure.js';
import { numberIn, rowId } from '../row-columns.js';
import { coreSpeed, labScenario } from '../zed-lab.js';

/** Processes as the campaign names them, and the components that stand for them. */
const COMPONENTS: Readonly<Record<string, RegExp>> = {
  glance: /^glance-api$/,
  keystone: /^keystone$/,
  'lb-agent': /^neutron-agent/,
  'mysql-key': /^mariadb\/database-keystone$/,
  'mysql-main': /^mariadb\/database$/,
  neutron: /^neutron-server$/,
  'nova-api': /^nova-api$/,
  'nova-conductor': /^nova-conductor$/,
  'nova-scheduler': /^nova-scheduler$/,
  placement: /^placement-api$/,
  'rabbit-main': /^rabbitmq\//,
  ALL: /./,
};
const COMPUTE = /^cmp\d*$/;
const START_MS = 30_000;
/**
 * Hosts left registered by another measurement: the traces of this laboratory over a WAN count 49
 * (events_wan_P2_50_create.csv). That they still stood in these runs shows in the scheduler's CPU at the
 * lowest rate, which calibrates: with them it takes 0.07 s a create, without them 0.03.
 */
export const ABSENT_HOSTS = 49;

/** What calibrates: whether absent hosts stood there, and what each costs (zed-lab.ts). */
function calibrates({ columns: { run, rate, service } }: FigureRow): boolean {
  return service === 'nova-scheduler' && run === '2' && Number(rate) === 0.2;
}

/** Cores: below this it is mostly what processes use that do nothing, which differed between campaigns. */
const LEAST_CORES = 0.01;

function componentsOf(service: string): RegExp | undefined {
  return COMPUTE.test(service) ? /^nova-compute/ : COMPONENTS[service];
}

function cpuSeconds(components: RegExp, speed: number): (result: RunResult) => number {
  return (result) =>
    result.components
      .filter(({ component, kind }) => kind !== 'node' && components.test(component))
      .reduce((sum, { cpuS }) => sum + cpuS, 0) /
    (result.components.find(({ kind }) => kind === 'node')?.coreSpeed ?? speed);
}

/** Arrivals of that run and rate (rate.csv), or evenly spread ones where it does not have them. */
function arrivals(row: FigureRow, rows: readonly FigureRow[]): readonly number[] {
  const own = rows.filter(
    ({ source, columns }) =>
      source === 'rate' && columns.run === row.columns.run && columns.rate === row.columns.rate,
  );
  const times = own.map((other) => numberIn(other, 't_start')).filter((seconds) => seconds >= 0);
  if (times.length > 0) return times.map((seconds) => START_MS + 1000 * seconds);
  const creates = Math.round(numberIn(row, 'creates'));
  const gapMs = (1000 * numberIn(row, 'window_s')) / creates;
  return Array.from({ length: creates }, (_, i) => START_MS + i * gapMs);
}

function scenarioOf(row: FigureRow, rows: readonly FigureRow[]): PlannedScenario {
  const timesMs = arrivals(row, rows);
  const workload: WorkloadEntry = {
    name: 'measured',
    mix: [{ operation: 'server-create', weight: 1 }],
    sites: ['a'],
    arrivals: { type: 'times', timesMs },
    startMs: 0,
  };
  return labScenario('zed-rate', {
    placement: 'P0',
    rttMs: 0,
    run: row.columns.run,
    computes: 1,
    serversPerCompute: 10,
    absentHosts: ABSENT_HOSTS,
    workload: [workload],
    durationMs: START_MS + 1000 * numberIn(row, 'window_s'),
    warmUpMs: START_MS,
  });
}

function problemOf(row: FigureRow): string | undefined {
  const { service } = row.columns;
  if (!componentsOf(service ?? '')) return `no component stands for "${service}"`;
  if (!(numberIn(row, 'window_s') > 0)) return `window_s is "${row.columns.window_s}"`;
  if (!(numberIn(row, 'creates') >= 1)) return `creates is "${row.columns.creates}"`;
  if (!(numberIn(row, 'cpu_s_window') >= 0)) return `cpu_s_window is "${row.columns.cpu_s_window}"`;
  return undefined;
}

/** CPU seconds of each service while servers are created at open arrivals (rate_cpu.csv). */
export function readRateCpu(
  rows: readonly FigureRow[],
  figures: Figure[],
  unread: UnreadRow[],
  scenarios: Map<string, PlannedScenario>,
): void {
  for (const row of rows.filter(({ source }) => source === 'rate_cpu')) {
    const problem = problemOf(row);
    if (problem) {
      unread.push({ id: rowId(row), reason: problem });
      continue;
    }
    const { run, rate, service } = row.columns;
    const scenario = `zed-rate CPU run ${run} ${rate}`;
    if (!scenarios.has(scenario)) scenarios.set(scenario, scenarioOf(row, rows));
    const measured = numberIn(row, 'cpu_s_window');
    const leastS = LEAST_CORES * numberIn(row, 'window_s');
    figures.push({
      family: 'zed-rate',
      id: rowId(row),
      metric: `${rate} creates/s: CPU of ${service}`,
      unit: 's',
      measured,
      spread: Number.NaN,
      role: calibrates(row) ? 'calibration' : 'judgement',
      alternatives: `run ${run}: CPU of ${service}`,
      scenario,
      read: cpuSeconds(componentsOf(service) as RegExp, coreSpeed(run)),
      agrees: measured < leastS ? (simulated) => simulated < 2 * leastS : undefined,
      note: '',
    });
  }
}
