import type { Figure, FigureFamily, FigureRow } from './figure.js';
import type { ProbeParameters } from './probes/probe.js';
import { readRows } from './read-rows.js';
import { halfInterval, numberIn, rowId } from './row-columns.js';

/** A column that is judged, and the probe's value for it. */
export interface JudgedColumn {
  readonly column: string;
  readonly unit: string;
  readonly read: string;
  /** Column of the standard deviation of the values behind it, whose number is in `count`. */
  readonly deviation?: string;
  /** What other rows it is an alternative to; default: none. */
  readonly alternatives?: string;
  /** Whether it calibrates though its row judges; default: as the row. */
  readonly calibrates?: boolean;
  /** For a measured 0: whether the simulated value says the same. */
  readonly agrees?: Figure['agrees'];
  /** For a few random events: judged by whether as many simulated ones may come out like that. */
  readonly isOneLook?: boolean;
}

/** What a family makes of a row of primitives. */
export interface PrimitiveReading {
  readonly probe: string;
  readonly parameters: ProbeParameters;
  /** The set-up for people; rows of one name share their runs. */
  readonly name: string;
  readonly judged: readonly JudgedColumn[];
  readonly calibrates: boolean;
  readonly replications: number;
  /** What the ledger says beside its figures; default: nothing. */
  readonly note?: string;
}

export interface PrimitiveFamily {
  readonly name: string;
  readonly sources: readonly string[];
  readonly split: string;
  /** Joins rows that are one figure; default: none. */
  gather?(rows: readonly FigureRow[]): FigureRow[];
  /** Why nothing answers a row, as a text. */
  readingOf(row: FigureRow): PrimitiveReading | string;
}

function figuresOf(family: string, row: FigureRow, reading: PrimitiveReading): Figure[] {
  return reading.judged
    .filter(({ column }) => !Number.isNaN(numberIn(row, column)))
    .map(({ column, unit, read, deviation, alternatives, calibrates, agrees, isOneLook }) => ({
      family,
      id: rowId(row),
      metric: `${reading.name}: ${column}`,
      unit,
      measured: numberIn(row, column),
      spread:
        deviation === undefined
          ? Number.NaN
          : halfInterval(numberIn(row, 'count'), numberIn(row, deviation)),
      role: (calibrates ?? reading.calibrates) ? 'calibration' : 'judgement',
      alternatives: `${row.source} ${alternatives ?? rowId(row)}: ${column}`,
      scenario: `${family} ${reading.name}`,
      read,
      note: reading.note ?? '',
      ...(agrees ? { agrees } : {}),
      ...(isOneLook ? { isOneLook } : {}),
    }));
}

/** A family of figures of single components: a row is a set-up of a probe and some of its values. */
export function primitiveFamily(family: PrimitiveFamily): FigureFamily {
  const { name, sources, split } = family;
  return {
    name,
    sources,
    split,
    read: (rows) =>
      readRows(family.gather?.(rows) ?? rows, (row) => {
        const reading = family.readingOf(row);
        if (typeof reading === 'string') return reading;
        const { probe, parameters, replications } = reading;
        return {
          figures: figuresOf(name, row, reading),
          setUp: { probe, parameters },
          replications,
        };
      }),
  };
}
