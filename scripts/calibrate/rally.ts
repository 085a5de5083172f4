/*
 * Fits times, speeds and spreads of models/rally/laboratories.yaml to the figures that calibrate and
 * writes them there:
 *
 *   npx jiti scripts/calibrate/rally.ts
 *
 * By turns every parameter is moved, in proportion, towards the measured values that it decides; the
 * loads are simulated anew after each turn. The first laboratory has speed 1.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { byRun, calibrates, extremes, rallyReports } from '../../src/fidelity/families/rally.js';
import { simulateRally } from '../../src/fidelity/probes/rally.js';
import {
  loadRallyModel,
  type RallyModel,
  rallyModelFile,
  unitOf,
} from '../../src/fidelity/rally/laboratories.js';
import { callsOfRun, type ReportRow, readReportRow } from '../../src/fidelity/rally/read-report.js';
import { ownFigures } from '../../src/fidelity/read-figures.js';

const TURNS = 40;
const STEP = 0.5;

interface Residual {
  readonly row: ReportRow;
  readonly measured: number;
  readonly simulated: number;
}

const model: RallyModel = structuredClone(loadRallyModel());
const rows = [...(ownFigures('rally').byFamily.get(rallyReports) ?? [])]
  .map((row) => readReportRow(model, row))
  .filter((row) => typeof row !== 'string');
const loads = extremes(rows);
/** Processes of a laboratory's stations before rounding. */
const counts = new Map(
  model.laboratories.flatMap(({ name, servers }) =>
    Object.entries(servers ?? {}).map(([station, count]) => [`${name} ${station}`, count]),
  ),
);

function residuals(): Residual[] {
  return [...byRun(rows).values()].flatMap((own) => {
    const fitted = own.filter((row) => calibrates(row, loads));
    if (fitted.length === 0) return [];
    const { laboratory, times, concurrency, rps } = own[0];
    const calls = callsOfRun(model, own);
    const values = simulateRally(
      model,
      { laboratory: laboratory.name, calls, times: Math.max(times, 100), concurrency, rps },
      'calibration',
    );
    return fitted.map((row) => {
      const name = `${row.action}${row.index > 1 ? ` (${row.index})` : ''} ${row.statistic}`;
      return { row, measured: Number(row.row.columns.value), simulated: values[name] };
    });
  });
}

/** Kept within what one turn may change, so that a saturated load does not throw the fit. */
function geometricMean(ratios: readonly number[]): number {
  const logarithm = ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length;
  return Math.exp(Math.min(0.3, Math.max(-0.3, logarithm)));
}

function isBusy(row: ReportRow): boolean {
  const [least] = loads.get(row.series) ?? [0];
  return (row.concurrency ?? row.rps ?? 0) > least;
}

function grouped(own: readonly Residual[], key: (residual: Residual) => string) {
  const groups = new Map<string, Residual[]>();
  for (const residual of own) {
    const name = key(residual);
    groups.set(name, [...(groups.get(name) ?? []), residual]);
  }
  return groups;
}

function fitLaboratories(all: readonly Residual[]): void {
  for (const [name, own] of grouped(all, ({ row }) => row.laboratory.name)) {
    const laboratory = model.laboratories.find((one) => one.name === name);
    if (!laboratory) continue;
    const means = own.filter(({ row }) => row.statistic === 'mean');
    const tails = own.filter(({ row }) => row.statistic !== 'mean' && row.times > 5);
    const quiet = means.filter(({ row }) => !isBusy(row));
    const busy = means.filter(({ row }) => isBusy(row));
    const ratio = geometricMean(quiet.map(({ measured, simulated }) => simulated / measured));
    if (laboratory !== model.laboratories[0]) laboratory.speed *= ratio ** STEP;
    // What is slow under load alone has too few processes.
    for (const station of Object.keys(laboratory.servers ?? {})) {
      if (busy.length === 0) break;
      const excess = geometricMean(busy.map(({ measured, simulated }) => simulated / measured));
      const servers = (counts.get(`${name} ${station}`) ?? 0) * (excess / ratio) ** (STEP / 2);
      counts.set(`${name} ${station}`, servers);
      (laboratory.servers ?? {})[station] = Math.max(1, Math.round(servers));
    }
    if (tails.length === 0) continue;
    const excess = geometricMean(
      tails.map(({ row, measured, simulated }) => {
        const mean = means.find(
          (other) => other.row.run === row.run && other.row.action === row.action,
        );
        return mean ? measured / mean.measured / (simulated / mean.simulated) : 1;
      }),
    );
    laboratory.variation = Math.min(1, Math.max(0.03, laboratory.variation * excess ** (2 * STEP)));
  }
}

/** What a duration is short of, in seconds of the first laboratory. */
function missing(own: readonly Residual[]): number {
  const sum = own.reduce(
    (total, { row, measured, simulated }) =>
      total + (measured - simulated) * speedOf(row.laboratory.name),
    0,
  );
  return sum / own.length;
}

function speedOf(name: string): number {
  return model.laboratories.find((one) => one.name === name)?.speed ?? 1;
}

function fitActions(all: readonly Residual[]): void {
  const means = all.filter(({ row }) => row.statistic === 'mean');
  for (const [unit, own] of grouped(means, ({ row }) => unitOf(model, row.action)?.unit ?? '')) {
    const action = model.actions[unit];
    const first = own.filter(({ row }) => row.index === 1);
    const second = own.filter(({ row }) => row.index === 2);
    const ratio = (part: readonly Residual[]) =>
      geometricMean(part.map(({ measured, simulated }) => measured / simulated)) ** STEP;
    if (action['per-object'] !== undefined) {
      const few = own.filter(({ row }) => row.times <= 400);
      const many = own.filter(({ row }) => row.times > 400);
      if (few.length > 0) action.demand *= ratio(few);
      if (many.length > 0) action['per-object'] *= ratio(many);
    } else if (action.wait !== undefined) {
      const quiet = own.filter(({ row }) => (row.rps ?? 0) < 1.5 && (row.concurrency ?? 0) <= 5);
      const busy = own.filter((residual) => !quiet.includes(residual));
      if (quiet.length > 0) action.wait = Math.max(0, action.wait + STEP * missing(quiet));
      if (busy.length > 0) action.demand *= ratio(busy) ** 0.5;
    } else if (action.first !== undefined && second.length > 0) {
      action.demand *= ratio(second);
      action.first = Math.max(0, action.first + STEP * missing(first));
    } else {
      action.demand *= ratio(own);
    }
  }
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

for (let turn = 0; turn < TURNS; turn++) {
  const all = residuals();
  const errors = all
    .map(({ measured, simulated }) => Math.abs(simulated / measured - 1))
    .sort((a, b) => a - b);
  console.log(
    `turn ${turn}: median error ${(100 * errors[Math.floor(errors.length / 2)]).toFixed(1)} %, 90th percentile ${(100 * errors[Math.floor(0.9 * errors.length)]).toFixed(1)} %`,
  );
  fitLaboratories(all);
  fitActions(all);
}

const file = rallyModelFile();
const document = parseDocument(readFileSync(file, 'utf8'));
model.laboratories.forEach(({ speed, variation, servers }, index) => {
  for (const [station, count] of Object.entries(servers ?? {})) {
    document.setIn(['laboratories', index, 'servers', station], count);
  }
  document.setIn(['laboratories', index, 'speed'], round(speed));
  document.setIn(['laboratories', index, 'variation'], round(variation));
});
for (const [name, action] of Object.entries(model.actions)) {
  for (const key of ['demand', 'first', 'per-object', 'wait'] as const) {
    if (action[key] !== undefined) document.setIn(['actions', name, key], round(action[key]));
  }
}
writeFileSync(file, document.toString({ lineWidth: 0, flowCollectionPadding: true }));
