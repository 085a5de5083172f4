import type { Reader, SetUp } from './set-up.js';

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
  /** Names the set-up that gives it; figures that share it share its runs. */
  readonly scenario: string;
  readonly read: Reader;
  /**
   * True where one short look at a random time was measured, shorter than the periods of what it
   * looks at: it agrees if it lies within the simulated looks. Their median stands in the ledger.
   */
  readonly isOneLook?: boolean;
  /**
   * For a measured 0 or a failure, which have no relative error: whether the simulated value (the
   * mean over replications; NaN where it has none) says the same.
   */
  readonly agrees?: (simulated: number) => boolean;
  /** Where the source leaves a reading open: the reading that was not chosen, shown in the note. */
  readonly otherReading?: {
    readonly name: string;
    readonly scenario: string;
    readonly read: Reader;
  };
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
  readonly scenarios: ReadonlyMap<string, SetUp>;
  /** Replications of scenarios that need more, or fewer, than usual. */
  readonly replications?: ReadonlyMap<string, number>;
}

/** A set of figures of one kind with the scenario that rebuilds their set-up. */
export interface FigureFamily {
  readonly name: string;
  /** Names of the sources that it reads, without `.csv`. */
  readonly sources: readonly string[];
  /** Of a source that several families share, the rows whose column `id` begins so: `ENOS-`. */
  readonly idPrefixes?: readonly string[];
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
  /** Of a figure that is judged by agreement; else undefined. */
  readonly agreement?: boolean;
  /** The figure's note, and what became of its simulation. */
  readonly note: string;
}
