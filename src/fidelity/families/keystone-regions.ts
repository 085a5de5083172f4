import { loadFootprints } from '../../experiment/load-data.js';
import type { OperationResult, RunResult } from '../../experiment/results.js';
import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
import { type KeystoneSetUp, keystoneScenario } from '../keystone-lab.js';
import { halfInterval, numberIn, rowId } from '../row-columns.js';
import type { SetUp } from '../set-up.js';
import { type KeystoneRow, readKeystoneRow } from './keystone-row.js';

/** Factor from a row's unit to the simulator's ms. */
const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, ms: 1 };
/** Of a share. */
const PERCENT = /%|percent/i;

/** A bar of a plot is read off to a pixel at either end. */
const PIXELS = 1.5;
/** Where a pixel is more of the value, two digits of it are not known. */
const COARSE = 0.2;
/** Below so many, one run says little of rare events. */
const FEW_ITERATIONS = 300;
/** Iterations that may fail more or less: ten in a hundred. */
const FAILURES_OFF = 0.1;
/** Deviations and failure rates are printed with two digits. */
const PRINTED_TO = 0.005;
/** A machine's own noise, which the simulator does not have, in s. */
const NOISE_S = 0.05;

function rowsOf(result: RunResult, operation: string): OperationResult[] {
  return result.operations.filter((row) => row.operation === operation);
}

function last(rows: readonly OperationResult[]): OperationResult | undefined {
  return rows[rows.length - 1];
}

function meanMs(row: OperationResult | undefined, isTrimmed: boolean): number {
  return (isTrimmed ? row?.trimmedMeanMs : row?.meanMs) ?? Number.NaN;
}

function deviationMs(row: OperationResult | undefined, isTrimmed: boolean): number {
  return (isTrimmed ? row?.trimmedDeviationMs : row?.deviationMs) ?? Number.NaN;
}

/** Mean time from the milestone before to that of the action, in ms; NaN where there is none. */
function actionMs(rows: readonly OperationResult[], action: string, isTrimmed: boolean): number {
  const position = rows.findIndex(({ milestone }) => milestone === action);
  if (position < 0) return Number.NaN;
  const beforeMs = position > 0 ? meanMs(rows[position - 1], isTrimmed) : 0;
  return meanMs(rows[position], isTrimmed) - beforeMs;
}

/** Share of the iterations that ended and failed; those that never end failed too. */
function failedShare(row: OperationResult | undefined): number {
  return row ? 1 - row.ok / row.started : Number.NaN;
}

function readerOf(
  { setUp, metric, isTrimmed }: KeystoneRow,
  unit: string,
): (result: RunResult) => number {
  const { operation } = setUp;
  const perMs = 1 / (UNITS_MS[unit] ?? 1000);
  return (result) => {
    const rows = rowsOf(result, operation);
    const end = last(rows);
    switch (metric.kind) {
      case 'failures':
        return failedShare(end) * (PERCENT.test(unit) ? 100 : 1);
      case 'deviation':
        return deviationMs(end, isTrimmed) * perMs;
      case 'action':
        return actionMs(rows, metric.action, isTrimmed) * perMs;
      default:
        return meanMs(end, isTrimmed) * perMs;
    }
  };
}

/** A row's unit in a second. */
function perSecond(unit: string): number {
  return 1000 / (UNITS_MS[unit] ?? 1000);
}

/** Rows of one campaign and bar of the plots. */
function setUpKey({ setUp, load, zones }: KeystoneRow): string {
  const { operation, backend, instances, distances } = setUp;
  return [operation, backend, instances, distances.betweenMs, load, zones].join(' ');
}

/** How a value without a relative error is judged; undefined: it has one. */
function agreementOf(row: KeystoneRow, measured: number, unit: string): Figure['agrees'] {
  const perS = perSecond(unit);
  if (row.metric.kind === 'failures') {
    const most = PERCENT.test(unit) ? 100 * FAILURES_OFF : FAILURES_OFF;
    return (simulated) => Math.abs(simulated - measured) <= most;
  }
  if (row.metric.kind === 'deviation') {
    return (simulated) =>
      Math.abs(simulated - measured) <= NOISE_S * perS ||
      (simulated <= 2 * measured && simulated >= measured / 2);
  }
  if (row.resolution * perS > COARSE * measured) {
    const least = PIXELS * row.resolution * perS;
    return (simulated) => Math.abs(simulated - measured) <= least;
  }
  return undefined;
}

/** CockroachDB's: on the LAN where several places write, and over 100 ms where one does. */
function roleOfFailures(
  backend: string,
  load: KeystoneRow['load'],
  rttMs: number,
  instances: number,
): Figure['role'] {
  if (backend !== 'cockroachdb') return 'judgement';
  const lan = load === 'high' && rttMs < 1 && instances <= 9;
  const wan = load === 'light' && rttMs > 50 && rttMs < 200;
  return lan || wan ? 'calibration' : 'judgement';
}

/**
 * Slopes against RTT: each database where its statements cross it (MariaDB under high load, the
 * others under light load). What is written: CockroachDB's copies in three zones. Processors: the
 * smallest LAN under light load, of MariaDB and CockroachDB; Galera's come from its laboratory. Growth
 * with what is listed and with who contends: high load on the LAN, where one database shows it.
 */
function roleOf({ setUp, load, metric, zones }: KeystoneRow): Figure['role'] {
  const { backend, operation, distances, instances } = setUp;
  const rttMs = distances.betweenMs;
  if (metric.kind === 'deviation') return 'judgement';
  if (metric.kind === 'failures') return roleOfFailures(backend, load, rttMs, instances);
  if (zones.toUpperCase() === 'Z1Z2Z3' && backend === 'cockroachdb') return 'calibration';
  if (distances.groups === 1 && rttMs > 50 && rttMs < 200) {
    const scans = backend === 'cockroachdb' && operation === 'create-and-list-users';
    return scans || (backend === 'mariadb') === (load === 'high') ? 'calibration' : 'judgement';
  }
  if (rttMs > 1 || instances > 9) return 'judgement';
  if (load === 'light') {
    return instances === 3 && backend !== 'galera' ? 'calibration' : 'judgement';
  }
  const conflicts = backend === 'galera' && operation === 'create-and-list-users';
  const grows = backend === 'mariadb' && operation.startsWith('create-and-list') && instances === 9;
  const contends =
    backend === 'cockroachdb' &&
    (operation.endsWith('update-password') || operation.endsWith('and-delete'));
  return grows || contends || conflicts ? 'calibration' : 'judgement';
}

/** Keystone at 3 to 45 places with one database for all (2018). */
export const keystoneRegions: FigureFamily = {
  name: 'keystone-regions',
  sources: ['figures'],
  idPrefixes: ['KEY-'],
  split:
    'Calibrating: RTT 100 ms between all (MariaDB under high load, the others under light load, users on CockroachDB under high load too); ' +
    "CockroachDB's copies in three zones (Z1Z2Z3); MariaDB and CockroachDB on a LAN with 3 instances under light load; LAN under high load of the lists on MariaDB at 9 instances and of " +
    'update-password and delete on CockroachDB and of users on Galera; failure rates of CockroachDB on the LAN under high load and at 100 ms under light ' +
    'load. All others judge, and every deviation.',
  read: (rows) => new Reader().read(rows),
};

class Reader {
  private readonly figures: Figure[] = [];
  private readonly unread: UnreadRow[] = [];
  private readonly scenarios = new Map<string, SetUp>();
  private readonly replications = new Map<string, number>();
  /** By set-up, in s. */
  private readonly deviationsS = new Map<string, number>();
  private readonly actionsOf = new Map(
    Object.entries(loadFootprints('pike').operations.operations).map(
      ([name, { milestones }]) => [name, milestones ?? []] as const,
    ),
  );

  read(rows: readonly FigureRow[]): FamilyReading {
    for (const row of rows) this.deviation(row);
    for (const row of rows) this.row(row);
    const { figures, unread, scenarios, replications } = this;
    return { figures, unread, scenarios, replications };
  }

  /** Deviations are printed on the plots, beside the means of the same set-up. */
  private deviation(row: FigureRow): void {
    const read = readKeystoneRow(row, this.actionsOf);
    if (typeof read === 'string' || read.metric.kind !== 'deviation') return;
    const deviationS = numberIn(row, 'value') / perSecond(row.columns.unit ?? '');
    if (deviationS >= 0) this.deviationsS.set(setUpKey(read), deviationS);
  }

  /** Half of the 95 % interval of a figure, in its unit. */
  private spreadOf(read: KeystoneRow, measured: number, unit: string): number {
    const { setUp, metric, resolution } = read;
    const count = setUp.times * setUp.rallies;
    if (metric.kind === 'failures') {
      const whole = PERCENT.test(unit) ? 100 : 1;
      const share = measured / whole;
      return whole * (halfInterval(count, Math.sqrt(share * (1 - share))) + PRINTED_TO);
    }
    if (metric.kind === 'deviation') {
      return halfInterval(2 * count, measured) + PRINTED_TO * perSecond(unit);
    }
    const deviationS = this.deviationsS.get(setUpKey(read)) ?? Number.NaN;
    const known = [resolution, halfInterval(count, deviationS + PRINTED_TO)].filter(
      (each) => !Number.isNaN(each),
    );
    if (known.length === 0) return Number.NaN;
    return known.reduce((sum, each) => sum + each, 0) * perSecond(unit);
  }

  private row(row: FigureRow): void {
    const id = rowId(row);
    const read = readKeystoneRow(row, this.actionsOf);
    if (typeof read === 'string') {
      this.unread.push({ id, reason: read });
      return;
    }
    const measured = numberIn(row, 'value');
    if (Number.isNaN(measured)) {
      this.unread.push({ id, reason: `value is "${row.columns.value}"` });
      return;
    }
    const { setUp, load, metric } = read;
    const unit = row.columns.unit ?? '';
    const what = metric.kind === 'action' ? metric.action : metric.kind;
    const place = `${setUp.instances} instances, RTT ${setUp.distances.betweenMs}, ${load}`;
    const reader = readerOf(read, unit);
    this.figures.push({
      family: 'keystone-regions',
      id,
      metric: `${setUp.operation}, ${setUp.backend}, ${place}: ${what}`,
      unit,
      measured,
      spread: this.spreadOf(read, measured, unit),
      role: roleOf(read),
      // A design is not better for spreading less: deviations are ranked against nothing.
      alternatives:
        metric.kind === 'deviation'
          ? id
          : `${row.columns.x_name} ${setUp.operation} ${what} ${place}`,
      scenario: this.scenario(setUp, load),
      read: reader,
      agrees: agreementOf(read, measured, unit),
      otherReading: this.otherReading(read, reader),
      note: '',
    });
  }

  /** Where the text prints other distances than those that its numbers show. */
  private otherReading(read: KeystoneRow, reader: Figure['read']): Figure['otherReading'] {
    const { setUp, printedInsideMs, printedBetweenMs, load } = read;
    if (printedInsideMs === undefined && printedBetweenMs === undefined) return undefined;
    const { insideMs, betweenMs, groups } = setUp.distances;
    const distances = {
      insideMs: printedInsideMs ?? insideMs,
      betweenMs: printedBetweenMs ?? betweenMs,
      groups,
    };
    return {
      name: `RTT ${distances.insideMs} inside a group, ${distances.betweenMs} between, as printed`,
      scenario: this.scenario({ ...setUp, distances }, load),
      read: reader,
    };
  }

  private scenario(setUp: KeystoneSetUp, load: string): string {
    const { operation, backend, instances, distances, databaseSettings } = setUp;
    const { insideMs, betweenMs, groups } = distances;
    const key =
      `keystone-regions ${operation} ${backend} ${instances} ${insideMs}/${betweenMs}/${groups} ` +
      `${load} ${databaseSettings?.['range-replicas'] ?? ''} ${setUp.times}x${setUp.concurrency}`;
    if (!this.scenarios.has(key)) {
      this.scenarios.set(key, keystoneScenario('keystone-regions', setUp));
      // Conflicts and Rally's own time are drawn: few iterations need more runs.
      const iterations = setUp.times * setUp.rallies;
      this.replications.set(key, iterations < FEW_ITERATIONS ? 3 : 1);
    }
    return key;
  }
}
