import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
import { loadRallyModel } from '../rally/laboratories.js';
import { callsOfRun, type ReportRow, readReportRow } from '../rally/read-report.js';
import { spreadOf } from '../rally/spread.js';
import { numberIn, rowId } from '../row-columns.js';
import type { SetUp } from '../set-up.js';

function loadOf({ concurrency, rps }: ReportRow): number {
  return concurrency ?? rps ?? 0;
}

/** Of each series the smallest and the largest load. */
export function extremes(rows: readonly ReportRow[]): Map<string, readonly [number, number]> {
  const loads = new Map<string, readonly [number, number]>();
  for (const row of rows) {
    const [least, most] = loads.get(row.series) ?? [Infinity, -Infinity];
    loads.set(row.series, [Math.min(least, loadOf(row)), Math.max(most, loadOf(row))]);
  }
  return loads;
}

export function calibrates(row: ReportRow, loads: ReturnType<typeof extremes>): boolean {
  const isAction = row.action !== 'total' && row.action !== 'throughput';
  const [least, most] = loads.get(row.series) ?? [0, 0];
  const load = loadOf(row);
  if (!isAction) return false;
  if (row.statistic === 'mean') return row.index <= 2 && (load === least || load === most);
  return row.statistic === '95th percentile' && row.index === 1 && load === least;
}

function grouped(rows: readonly ReportRow[], key: 'run' | 'series'): Map<string, ReportRow[]> {
  const groups = new Map<string, ReportRow[]>();
  for (const row of rows) {
    const own = groups.get(row[key]);
    if (own) own.push(row);
    else groups.set(row[key], [row]);
  }
  return groups;
}

/** Rows of one run, in the order of their first. */
export function byRun(rows: readonly ReportRow[]): Map<string, ReportRow[]> {
  return grouped(rows, 'run');
}

function loadName({ concurrency, rps }: ReportRow): string {
  return concurrency === null ? `${rps}/s` : `${concurrency} at once`;
}

function figureOf(row: ReportRow, scenario: string, role: Figure['role'], spread: number): Figure {
  const { action, index, statistic } = row;
  const name = action === 'throughput' ? '' : `${action}${index > 1 ? ` (${index})` : ''} `;
  const read = action === 'throughput' ? 'throughput' : `${name}${statistic}`;
  return {
    family: 'rally',
    id: rowId(row.row),
    metric: `${row.laboratory.name}, ${row.scenario}, ${loadName(row)}: ${read}`,
    unit: row.row.columns.unit ?? '',
    measured: numberIn(row.row, 'value'),
    spread,
    role,
    alternatives: `${row.series}: ${read}`,
    scenario,
    read,
    note: '',
  };
}

/** Rally reports of performance-docs: whole requests under load on a LAN. */
export const rallyReports: FigureFamily = {
  name: 'rally',
  sources: ['figures'],
  idPrefixes: ['RLY-'],
  split:
    'The mean duration of an action (its first two repetitions) at the smallest and the largest load of a laboratory and scenario calibrates, as does the 95th percentile of its first repetition at the smallest; medians, success, totals, throughputs, further repetitions and loads between judge.',
  read(rows: readonly FigureRow[]): FamilyReading {
    const model = loadRallyModel();
    const unread: UnreadRow[] = [];
    const read: ReportRow[] = [];
    for (const row of rows) {
      const result = readReportRow(model, row);
      if (typeof result === 'string') unread.push({ id: rowId(row), reason: result });
      else read.push(result);
    }
    const loads = extremes(read);
    const series = grouped(read, 'series');
    const scenarios = new Map<string, SetUp>();
    const replications = new Map<string, number>();
    const figures: Figure[] = [];
    for (const [run, own] of byRun(read)) {
      const { laboratory, times, concurrency, rps } = own[0];
      const calls = callsOfRun(model, own);
      const parameters = { laboratory: laboratory.name, calls, times, concurrency, rps };
      scenarios.set(`rally ${run}`, { probe: 'rally', parameters });
      replications.set(`rally ${run}`, times * calls.length > 2000 ? 1 : 5);
      for (const row of own) {
        const role = calibrates(row, loads) ? 'calibration' : 'judgement';
        const spread = spreadOf(row, own, series.get(row.series) ?? []);
        figures.push(figureOf(row, `rally ${run}`, role, spread));
      }
    }
    return { figures, unread, scenarios, replications };
  },
};
