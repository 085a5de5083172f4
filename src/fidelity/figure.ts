import type { RunResult } from '../experiment/results.js';
import type { PlannedScenario } from '../experiment/study.js';

/** One row of a file of measurements, by column. */
export interface FigureRow {
  readonly source: string;
  /** Line in the file, from 1, the header's being 1. */
  readonly line: number;
  readonly columns: Readonly<Record<string, string>>;
}

/** A measured number that the simulator is judged on. */
export interface Figure {
  readonly family: string;
  /** The source's id, or its file and line. */
  readonly id: string;
  readonly metric: string;
  readonly unit: string;
  readonly measured: number;
  /** Half the width of the measured interval; NaN where the source gives none. */
  readonly spread: number;
  /** Whether a constant was fitted to it. */
  readonly role: 'calibration' | 'judgement';
  /** Figures with one key are alternatives to each other: rank agreement compares them. */
  readonly alternatives: string;
  /** Names the scenario that gives it; figures that share it share its runs. */
  readonly scenario: string;
  /** Reads the simulated value off a run; NaN where it has none. */
  readonly read: (result: RunResult) => number;
  /** True where one short, noisy look was measured: the median replication is compared, not the mean. */
  readonly takesMedian?: boolean;
  readonly note: string;
}

/** A row that nobody understands; it is listed, never dropped. */
export interface UnreadRow {
  readonly id: string;
  readonly reason: string;
}

/** What a family makes of the rows of its sources. */
export interface FamilyReading {
  readonly figures: Figure[];
  readonly unread: UnreadRow[];
  /** By `Figure.scenario`. */
  readonly scenarios: ReadonlyMap<string, PlannedScenario>;
  /** Replications of scenarios that need more than usual. */
  readonly replications?: ReadonlyMap<string, number>;
}

/** A set of figures of one kind with the scenario that rebuilds their set-up. */
export interface FigureFamily {
  readonly name: string;
  /** Names of the sources that it reads, without `.csv`. */
  readonly sources: readonly string[];
  /** Which figures calibrate; written before the first run. */
  readonly split: string;
  read(rows: readonly FigureRow[]): FamilyReading;
}

/** A figure beside its simulation. */
export interface JudgedFigure {
  readonly figure: Figure;
  readonly simulated: number;
  /** 95 % interval over replications. */
  readonly low: number;
  readonly high: number;
  /** Signed and relative: -0.08 is 8 % too low; NaN where nothing was measured or simulated. */
  readonly error: number;
}
