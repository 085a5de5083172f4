import { loadWanWide, matching, type WanScenario } from '../campaigns.js';
import type { FamilyReading, Figure, FigureFamily, FigureRow } from '../figure.js';
import type { ProbeSetUp } from '../probes/probe.js';
import { readRows } from '../read-rows.js';
import { numberIn, rowId } from '../row-columns.js';

/** Round-trip times of the campaign where a row is a fit over all of them. */
const CAMPAIGN_RTTS_MS = [0.15, 20, 50, 100, 200];
/** Of a row that does not say. */
const DEFAULT_TIMES = 20;

const REPRODUCED = 'a second testbed of the source had a slope a third away';

/** What a row is simulated with and read from. */
interface WanReading {
  readonly setUp: ProbeSetUp;
  readonly read: string;
  readonly calibrates: boolean;
  readonly agrees?: (simulated: number) => boolean;
  readonly note?: string;
}

/** Iterations of a scenario: `times=20`. */
function timesOf(row: FigureRow): number {
  return Number(/times\s*=\s*(\d+)/.exec(row.columns.setup ?? '')?.[1] ?? DEFAULT_TIMES);
}

/**
 * Whether a deviation could have been measured in so many runs: its 95 % interval by the chi-square
 * distribution, with Wilson and Hilferty's approximation of the quantiles.
 */
export function deviationAgrees(measured: number, times: number): (simulated: number) => boolean {
  const freedom = Math.max(1, times - 1);
  const share = 2 / (9 * freedom);
  const factor = (z: number) =>
    1 / Math.sqrt(Math.max(0.01, 1 - share + z * Math.sqrt(share)) ** 3);
  return (simulated) =>
    simulated >= measured * factor(1.96) && simulated <= measured * factor(-1.96);
}

/** The first testbed is the one that calibrates: a row that names another judges. */
function isOfFirstTestbed(row: FigureRow): boolean {
  return !/testbed/i.test(row.columns.setup ?? '') || /parasilo/i.test(row.columns.setup ?? '');
}

function rallyReading(row: FigureRow, scenario: WanScenario, rttMs: number): WanReading | string {
  const metric = row.columns.metric ?? '';
  const value = numberIn(row, 'value');
  const times = timesOf(row);
  const setUp = { probe: 'wan-wide', parameters: { scenario: metric, rttsMs: [rttMs] } };
  const calibrates = isOfFirstTestbed(row);
  if (/mean|completion time$/i.test(metric) && !/std|deviation/i.test(metric)) {
    const own = calibrates && (rttMs < 1 || rttMs === 100);
    return { setUp, read: 'mean', calibrates: own, note: scenario.exchanges > 0 ? REPRODUCED : '' };
  }
  if (/std|deviation/i.test(metric)) {
    const agrees = deviationAgrees(value, times);
    return { setUp, read: 'deviation', calibrates: calibrates && rttMs < 1, agrees };
  }
  if (/fail/i.test(metric)) {
    // One iteration that failed of as many as were made is chance.
    const agrees = (simulated: number) => Math.abs(simulated - value) <= 100 / times;
    return { setUp, read: 'failed', calibrates: false, agrees };
  }
  return 'what the row measures of the scenario is not in the model';
}

/** How often a tenant's packet crosses the WAN each way, and what queue it meets. */
export function pathOf(system: string, metric: string): { crossings: number; queue: string } {
  if (/north/i.test(metric)) return { crossings: 1, queue: 'direct' };
  const isRouted = /\bL3\b/i.test(metric) && !/DVR|distributed/i.test(system);
  if (isRouted) return { crossings: 2, queue: 'routed' };
  return { crossings: 0, queue: /dense/i.test(metric) ? 'same-host' : 'direct' };
}

function dataPlaneReading(row: FigureRow, rttMs: number): WanReading | string {
  const { system = '', metric = '' } = row.columns;
  const isPing = /ping|latency|rtt/i.test(metric);
  if (/TCP flow/i.test(system)) {
    const parameters = { rttMs, crossings: 1, queue: 'none' };
    const read = isPing ? 'ping' : 'received';
    return { setUp: { probe: 'tenant-path', parameters }, read, calibrates: false };
  }
  if (!isPing)
    return 'rate of a tenant tunnel: its CPU per packet was not published, so nothing says what limits it';
  const path = pathOf(system, metric);
  const parameters = { rttMs, ...path };
  const calibrates = rttMs < 1;
  if (/std|dev/i.test(metric)) return 'the spread of pings is not in the model';
  return { setUp: { probe: 'tenant-path', parameters }, read: 'ping', calibrates };
}

function readingOf(row: FigureRow, scenarios: readonly WanScenario[]): WanReading | string {
  const { system = '', metric = '' } = row.columns;
  const value = numberIn(row, 'value');
  if (Number.isNaN(value)) return 'its value is not a number';
  const scenario = matching(scenarios, metric);
  const fit = /^[^:]*: *(slope|intercept)/i.exec(metric)?.[1].toLowerCase();
  if (scenario && fit !== undefined) {
    const parameters = { scenario: metric, rttsMs: CAMPAIGN_RTTS_MS };
    const setUp = { probe: 'wan-wide', parameters };
    return { setUp, read: fit, calibrates: false, note: REPRODUCED };
  }
  const rttMs = numberIn(row, 'x_value');
  if (!(rttMs >= 0) || (row.columns.x_name ?? 'rtt_ms') !== 'rtt_ms')
    return 'its round-trip time cannot be read';
  if (/data plane|TCP flow/i.test(system)) return dataPlaneReading(row, rttMs);
  if (!scenario) return 'a scenario of Rally that no row here was measured for';
  return rallyReading(row, scenario, rttMs);
}

function figureOf(row: FigureRow, reading: WanReading): Figure {
  const { system = '', metric = '', unit = '', x_value: x = '' } = row.columns;
  return {
    family: 'wan-wide',
    id: rowId(row),
    metric: x === '' ? metric : `${metric}, ${system.split(',')[0]}, RTT ${x} ms`,
    unit,
    measured: numberIn(row, 'value'),
    spread: Number.NaN,
    role: reading.calibrates ? 'calibration' : 'judgement',
    // Central and distributed routers are alternatives where one is on the way; round-trip times are not.
    alternatives: /\bL3\b/.test(metric) ? `${metric} ${x}` : rowId(row),
    scenario: `wan-wide ${JSON.stringify(reading.setUp)}`,
    read: reading.read,
    ...(reading.agrees ? { agrees: reading.agrees } : {}),
    note: reading.note ?? '',
  };
}

/** OpenStack Ocata with its computes behind a WAN: Rally at concurrency 1, and tenants' traffic. */
export const wanWide: FigureFamily = {
  name: 'wan-wide',
  sources: ['figures'],
  idPrefixes: ['WAN-'],
  split:
    'Of the first testbed (parasilo), mean durations at 0.15 and 100 ms and deviations at 0.15 ms calibrate, as do pings between servers at 0.15 ms; every other round-trip time, failures, TCP, fits over all round-trip times and the second testbed judge.',
  read(rows: readonly FigureRow[]): FamilyReading {
    const { scenarios: known } = loadWanWide();
    return readRows(rows, (row) => {
      const reading = readingOf(row, known);
      if (typeof reading === 'string') return reading;
      return { figures: [figureOf(row, reading)], setUp: reading.setUp };
    });
  },
};
