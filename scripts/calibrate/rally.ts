/*
 * Fits times, speeds and spreads of models/rally/laboratories.yaml to the figures that calibrate and
 * writes them there:
 *
 *   npx jiti scripts/calibrate/rally.ts [TURNS]
 *
 * Steps of Levenberg and Marquardt on the logarithms of simulated over measured, with Huber's loss
 * (outliers do not pull) and derivatives by simulating each load anew with a little more of each
 * parameter that decides it. Seeds are the same each time, so a difference is the parameter's. The
 * first laboratory has speed 1.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { byRun, calibrates, extremes, rallyReports } from '../../src/fidelity/families/rally.js';
import { simulateRally } from '../../src/fidelity/probes/rally.js';
import {
  loadRallyModel,
  type RallyModel,
  rallyModelFile,
} from '../../src/fidelity/rally/laboratories.js';
import { callsOfRun, readReportRow } from '../../src/fidelity/rally/read-report.js';
import { ownFigures } from '../../src/fidelity/read-figures.js';
import { leastSquares } from './least-squares.js';
import { parametersOf, type RallyParameter } from './rally-parameters.js';

const TURNS = Number(process.argv[2] ?? 12);
/** Errors (of logarithms) below count by their squares, those above by their absolute values. */
const SMALL = 0.15;
/** Largest change of a parameter's logarithm in a turn. */
const LARGEST = 0.3;
/** What holds parameters back, tried in turn. */
const DAMPINGS = [0.5, 1.5, 5, 15];

/** One published load with its figures that calibrate. */
interface FittedRun {
  readonly laboratory: string;
  readonly calls: readonly string[];
  readonly simulate: () => number[];
  /** Logarithms of simulated over measured, at the present parameters. */
  residuals: number[];
}

const model: RallyModel = structuredClone(loadRallyModel());

function fittedRuns(): FittedRun[] {
  const rows = [...(ownFigures('rally').byFamily.get(rallyReports) ?? [])]
    .map((row) => readReportRow(model, row))
    .filter((row) => typeof row !== 'string');
  const loads = extremes(rows);
  return [...byRun(rows).values()].flatMap((own) => {
    const fitted = own.filter((row) => calibrates(row, loads));
    if (fitted.length === 0) return [];
    const { laboratory, times, concurrency, rps } = own[0];
    const calls = callsOfRun(model, own);
    const parameters = { laboratory: laboratory.name, calls, times, concurrency, rps };
    // Few iterations decide little: they are simulated until they give a mean.
    const seeds = Array.from({ length: Math.max(1, Math.ceil(120 / times)) }, (_, i) => `fit ${i}`);
    const simulate = () => {
      const runs = seeds.map((seed) => simulateRally(model, parameters, seed));
      return fitted.map(({ action, index, statistic, row }) => {
        const name = `${action}${index > 1 ? ` (${index})` : ''} ${statistic}`;
        const simulated = runs.reduce((sum, run) => sum + run[name], 0) / runs.length;
        return Math.log(simulated / Number(row.columns.value));
      });
    };
    return [{ laboratory: laboratory.name, calls, simulate, residuals: simulate() }];
  });
}

function weightOf(residual: number): number {
  return 1 / Math.max(SMALL, Math.abs(residual));
}

function lossOf(runs: readonly (readonly number[])[]): number {
  return runs.flat().reduce((sum, residual) => {
    const size = Math.abs(residual);
    return sum + (size < SMALL ? size ** 2 / (2 * SMALL) : size - SMALL / 2);
  }, 0);
}

/** How the residuals of all loads change with the logarithm of a parameter. */
function derivatives(parameter: RallyParameter, runs: readonly FittedRun[]): number[] {
  const before = parameter.get();
  const applied = parameter.applied();
  parameter.set(parameter.nudged());
  const step = Math.log(parameter.applied() / applied);
  const column = runs.flatMap((run) => {
    const { residuals } = run;
    if (step === 0 || !parameter.decides(run)) return residuals.map(() => 0);
    return run.simulate().map((moved, i) => (moved - residuals[i]) / step);
  });
  parameter.set(before);
  return column;
}

/** One step of Levenberg and Marquardt on all parameters; false when no damping makes it better. */
function improve(parameters: readonly RallyParameter[], runs: readonly FittedRun[]): boolean {
  const columns = parameters.map((parameter) => derivatives(parameter, runs));
  const residuals = runs.flatMap((run) => run.residuals);
  const weights = residuals.map((residual) => Math.sqrt(weightOf(residual)));
  const weighted = residuals.map((_, i) => columns.map((column) => weights[i] * column[i]));
  const wanted = residuals.map((residual, i) => -weights[i] * residual);
  const before = parameters.map((parameter) => parameter.get());
  const loss = lossOf(runs.map((run) => run.residuals));
  for (const damping of DAMPINGS) {
    const held = parameters.map((_, i) => parameters.map((_, k) => (i === k ? damping : 0)));
    const changes = leastSquares([...weighted, ...held], [...wanted, ...parameters.map(() => 0)]);
    parameters.forEach((parameter, i) => {
      const change = Math.min(LARGEST, Math.max(-LARGEST, changes[i]));
      parameter.set(before[i] * Math.exp(change));
    });
    const moved = runs.map((run) => run.simulate());
    if (lossOf(moved) < loss) {
      runs.forEach((run, i) => {
        run.residuals = moved[i];
      });
      return true;
    }
  }
  parameters.forEach((parameter, i) => {
    parameter.set(before[i]);
  });
  return false;
}

function report(turn: number, runs: readonly FittedRun[]): void {
  const errors = runs
    .flatMap(({ residuals }) => residuals.map((residual) => Math.abs(Math.exp(residual) - 1)))
    .sort((a, b) => a - b);
  const at = (share: number) => (100 * errors[Math.floor(share * errors.length)]).toFixed(1);
  const loss = lossOf(runs.map(({ residuals }) => residuals)).toFixed(2);
  console.log(
    `turn ${turn}: loss ${loss}, median error ${at(0.5)} %, 90th percentile ${at(0.9)} %`,
  );
}

const runs = fittedRuns();
const parameters = parametersOf(model);
report(0, runs);
for (let turn = 1; turn <= TURNS; turn++) {
  const isBetter = improve(parameters, runs);
  report(turn, runs);
  if (!isBetter) break;
}

const file = rallyModelFile();
const document = parseDocument(readFileSync(file, 'utf8'));
for (const { path, applied } of parameters) {
  document.setIn(path, Number(applied().toPrecision(3)));
}
writeFileSync(file, document.toString({ lineWidth: 0, flowCollectionPadding: true }));
