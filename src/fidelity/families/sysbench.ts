import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
import { numberIn, rowId } from '../row-columns.js';
import type { SetUp } from '../set-up.js';
import { SYSBENCH_SYSTEMS } from '../sysbench-systems.js';

/** What a metric is read as: a value of the probe, and how many of the source's units it holds. */
interface Reading {
  readonly value: string;
  readonly factor: number;
  readonly unit: string;
  /** Threads whose figures calibrate. */
  readonly fittedAt: readonly number[];
}

/** Statements of one kind in a transaction: 10 selects of points and 4 of ranges, 4 writes. */
const READS = 14;
const READS_AND_WRITES = 18;
/** All of them with BEGIN and COMMIT; an older release counts one more. */
const ALL = 20;

/** Threads that calibrate rates, and what depends on threads in a line. */
const RATE_THREADS = [20, 80, 200];
const HAPROXY_RATE_THREADS = [20, 80, 120];
const LINE_THREADS = [20, 200];

function readingOf(row: FigureRow): Reading | string {
  const metric = row.columns.metric ?? '';
  const threads = row.columns.system?.includes('HAProxy') ? HAPROXY_RATE_THREADS : RATE_THREADS;
  const rate = (factor: number, fittedAt: readonly number[]): Reading => {
    return { value: 'rate', factor, unit: '1/s', fittedAt };
  };
  if (/^transactions/.test(metric)) return rate(1, threads);
  if (/^read queries/.test(metric)) return rate(READS, []);
  if (/^read\/write queries/.test(metric)) return rate(READS_AND_WRITES, []);
  if (/^queries/.test(metric)) {
    const said = /about (\d+) queries per transaction/.exec(row.columns.setup ?? '');
    return rate(said ? Number(said[1]) : ALL, []);
  }
  if (/^DB server CPU/.test(metric)) {
    return { value: 'cpu', factor: 100, unit: '%', fittedAt: LINE_THREADS };
  }
  if (/^min latency/.test(metric)) {
    return { value: 'least', factor: 1, unit: 'ms', fittedAt: LINE_THREADS };
  }
  if (/^avg latency/.test(metric)) return { value: 'mean', factor: 1, unit: 'ms', fittedAt: [] };
  if (/^max latency/.test(metric)) return 'the slowest of all transactions of a run is luck';
  return `no metric is called "${metric}"`;
}

function systemOf(row: FigureRow): string | undefined {
  return SYSBENCH_SYSTEMS.find(({ name }) => name === row.columns.system)?.name;
}

function read(rows: readonly FigureRow[]): FamilyReading {
  const figures: Figure[] = [];
  const unread: UnreadRow[] = [];
  const scenarios = new Map<string, SetUp>();
  const replications = new Map<string, number>();
  for (const row of rows) {
    const id = rowId(row);
    const reading = readingOf(row);
    const system = systemOf(row);
    const threads = numberIn(row, 'x_value');
    if (typeof reading === 'string') unread.push({ id, reason: reading });
    else if (system === undefined || row.columns.x_name !== 'threads' || !(threads >= 1)) {
      unread.push({ id, reason: 'nothing is known of its system, or it names no threads' });
    } else {
      const { value, factor, unit, fittedAt } = reading;
      const scenario = `sysbench: ${system}, ${threads} threads, ${value} x ${factor}`;
      scenarios.set(scenario, {
        probe: 'sysbench',
        parameters: { system, threads, factor },
      });
      replications.set(scenario, 1);
      figures.push({
        family: 'sysbench',
        id,
        metric: `${system}, ${threads} threads: ${row.columns.metric}`,
        unit,
        measured: numberIn(row, 'value'),
        spread: Number.NaN,
        role: fittedAt.includes(threads) ? 'calibration' : 'judgement',
        alternatives: `sysbench, ${threads} threads: ${row.columns.metric}`,
        scenario,
        read: value,
        note: '',
      });
    }
  }
  return { figures, unread, scenarios, replications };
}

/** Published rates of sysbench on MySQL and MariaDB, alone or as Galera groups on a LAN. */
export const sysbench: FigureFamily = {
  name: 'sysbench',
  sources: ['figures'],
  idPrefixes: ['DB-'],
  split:
    'Transactions a second at 20, 80 and 200 threads (behind HAProxy 20, 80 and 120), CPU and the fastest transaction at 20 and 200; everything else is judged.',
  read,
};
