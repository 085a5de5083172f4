import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { UserError } from '../experiment/user-error.js';
import type { FamilyReading, Figure } from '../fidelity/figure.js';
import { type Outcome, readOutcome, type SetUp } from '../fidelity/set-up.js';
import { simulateSetUp } from '../fidelity/simulate-set-up.js';
import { type ChosenConstant, nameOf } from './chosen-constants.js';

export interface FittedConstant extends ChosenConstant {
  readonly fitted: number;
}

/** A figure with what was simulated for it before and after the fit. */
export interface FittedFigure {
  readonly figure: Figure;
  readonly before: number;
  readonly after: number;
}

export interface Calibration {
  readonly constants: readonly FittedConstant[];
  /** Those that calibrate and depend on a constant. */
  readonly figures: readonly FittedFigure[];
  /** Figures that calibrate but say only whether something agrees. */
  readonly leftOut: number;
}

export interface CalibrationOptions {
  /** Steps of Levenberg and Marquardt; each simulates once more than there are constants. */
  readonly iterations: number;
  /** Of each set-up, with the same seeds in every step. */
  readonly replications: number;
}

/** Change of a logarithm that shows how figures react: small changes drown in what events fall out differently. */
const PROBE_STEP = 0.1;
/** Added to a share before its logarithm: one of 0 has none, and an event in ten is the ledger's tolerance. */
const SHARE_OFFSET = 0.1;
/** Errors of logarithms below count by their squares, those above by their size: outliers do not pull. */
const SMALL = 0.15;
/** Units of shares, as sources name them. */
const PERCENT = /%|percent/i;
const SHARE = /share|fraction/i;
/** A figure that could not be simulated is this far off, in logarithms. */
const FAILED = 3;

/** What is added to a figure's value before its logarithm is fitted; undefined: it is not fitted. */
function offsetOf({ agrees, isOneLook, measured, unit }: Figure): number | undefined {
  if (isOneLook) return undefined;
  if (agrees === undefined) return measured > 0 ? 0 : undefined;
  if (PERCENT.test(unit)) return 100 * SHARE_OFFSET;
  return SHARE.test(unit) ? SHARE_OFFSET : undefined;
}

/** Simulates the set-ups of figures at given constants, each time with the same seeds. */
class Simulations {
  private readonly known = new Map<string, number[]>();

  constructor(
    private readonly setUps: ReadonlyMap<string, SetUp>,
    private readonly figures: readonly Figure[],
    private readonly constants: readonly ChosenConstant[],
    private readonly replications: number,
    private readonly onSimulated: () => void,
  ) {}

  /** Values of the figures, in their order, at the logarithms of the constants. */
  at(logarithms: readonly number[]): number[] {
    const key = logarithms.join(' ');
    let values = this.known.get(key);
    if (values === undefined) {
      values = this.simulate(logarithms);
      this.known.set(key, values);
      this.onSimulated();
    }
    return values;
  }

  private simulate(logarithms: readonly number[]): number[] {
    const constants = new Map(
      this.constants.map((constant, index) => [nameOf(constant), Math.exp(logarithms[index])]),
    );
    const outcomes = new Map<string, Outcome[]>();
    return this.figures.map(({ scenario, read }) => {
      const own = outcomes.get(scenario) ?? this.outcomesOf(scenario, constants);
      outcomes.set(scenario, own);
      return mean(own.map((outcome) => readOutcome(read, outcome)));
    });
  }

  private outcomesOf(name: string, constants: ReadonlyMap<string, number>): Outcome[] {
    const setUp = this.setUps.get(name);
    if (setUp === undefined) throw new Error(`no set-up is called ${name}`);
    return Array.from({ length: this.replications }, (_, i) =>
      simulateSetUp({ setUp, replication: i + 1 }, constants),
    );
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The figures that depend on any of the constants.
 * @throws UserError for a constant on which none depends
 */
function dependentFigures(
  simulations: Simulations,
  figures: readonly Figure[],
  constants: readonly ChosenConstant[],
  start: readonly number[],
): Figure[] {
  const before = simulations.at(start);
  const dependent = new Set<Figure>();
  constants.forEach((constant, index) => {
    const isRoomAbove = start[index] + PROBE_STEP <= Math.log(constant.high);
    const step = isRoomAbove ? PROBE_STEP : -PROBE_STEP;
    const after = simulations.at(start.map((value, i) => (i === index ? value + step : value)));
    // Figures that could not be simulated are alike, too.
    const own = figures.filter((_, i) => !Object.is(after[i], before[i]));
    if (own.length === 0) {
      throw new UserError(
        `--constant "${nameOf(constant)}": none of the figures that calibrate depends on it`,
      );
    }
    for (const figure of own) dependent.add(figure);
  });
  return figures.filter((figure) => dependent.has(figure));
}

/** A number whose square is Huber's loss, twice: beyond `SMALL` it grows as the error does, not as its square. */
function withoutPull(off: number): number {
  const size = Math.abs(off);
  return size <= SMALL ? off : Math.sign(off) * Math.sqrt(2 * SMALL * size - SMALL ** 2);
}

/** Simulations of a calibration at most: the look at each constant, the start, and the steps. */
export function simulationsNeeded(constantCount: number, iterations: number): number {
  return 2 + constantCount + iterations * (constantCount + 1);
}

/**
 * Fits constants of backends to the figures that calibrate: Huber's loss of the logarithms of
 * simulated over measured, by Levenberg and Marquardt, each constant within its range. A share, of
 * failures say, counts by the logarithm of itself and a tenth.
 * @param onSimulated is called after each simulation of all figures.
 * @throws UserError where no figure calibrates, or none depends on a constant
 */
export function fitConstants(
  readings: readonly FamilyReading[],
  constants: readonly ChosenConstant[],
  { iterations, replications }: CalibrationOptions,
  onSimulated: () => void,
): Calibration {
  const setUps = new Map(readings.flatMap(({ scenarios }) => [...scenarios]));
  const calibrating = readings.flatMap(({ figures }) =>
    figures.filter(({ role }) => role === 'calibration'),
  );
  const fitting = calibrating.filter((figure) => offsetOf(figure) !== undefined);
  if (fitting.length === 0) throw new UserError('no figure with a value to fit calibrates');
  const start = constants.map(({ value }) => Math.log(value));
  const simulationsOf = (figures: readonly Figure[]) =>
    new Simulations(setUps, figures, constants, replications, onSimulated);
  const figures = dependentFigures(simulationsOf(fitting), fitting, constants, start);
  const simulations = simulationsOf(figures);
  const offsets = figures.map((figure) => offsetOf(figure) ?? 0);
  const targets = figures.map(({ measured }, i) => Math.log(measured + offsets[i]));
  const { parameterValues } = levenbergMarquardt(
    { x: figures.map((_, i) => i), y: figures.map(() => 0) },
    (logarithms) => {
      const values = simulations.at(logarithms);
      return (i) => {
        const off = Math.log(values[i] + offsets[i]) - targets[i];
        return withoutPull(Number.isFinite(off) ? off : -FAILED);
      };
    },
    {
      initialValues: start,
      minValues: constants.map(({ low }) => Math.log(low)),
      maxValues: constants.map(({ high }) => Math.log(high)),
      maxIterations: iterations,
      gradientDifference: PROBE_STEP,
    },
  );
  const before = simulations.at(start);
  const after = simulations.at(parameterValues);
  return {
    constants: constants.map((constant, i) => ({
      ...constant,
      fitted: Math.exp(parameterValues[i]),
    })),
    figures: figures.map((figure, i) => ({ figure, before: before[i], after: after[i] })),
    leftOut: calibrating.length - fitting.length,
  };
}
