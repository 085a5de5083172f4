import { type IdleModel, loadIdleMitaka, matching } from '../campaigns.js';
import type { FamilyReading, Figure, FigureFamily, FigureRow } from '../figure.js';
import type { ProbeParameters } from '../probes/probe.js';
import { readRows } from '../read-rows.js';
import { numberIn, rowId } from '../row-columns.js';

/** A fit over all numbers of computes goes from the fewest to the most. */
const FEWEST = 100;
const MOST = 1000;

interface IdleReading {
  readonly parameters: ProbeParameters;
  /** Value of the probe. */
  readonly read: string;
  readonly calibrates: boolean;
}

/** What a row counts, as the probe calls it: undefined where the model does not have it. */
function quantityOf(model: IdleModel, system: string, metric: string): string | undefined {
  if (/\bSELECT\b/i.test(metric)) return 'selects';
  if (/\bUPDATE\b/i.test(metric)) return 'updates';
  // A fit over all computes names its component in the metric alone.
  const component = matching(model.components, system) ?? matching(model.components, metric);
  if (!component) return undefined;
  if (/connection/i.test(metric)) {
    return component.connections ? `${component.match} connections` : undefined;
  }
  if (/RAM|memory/i.test(metric)) return `${component.match} memory`;
  return /CPU|cores/i.test(metric) ? `${component.match} cores` : undefined;
}

/**
 * CPU and memory: by the source's line over all numbers of computes where it has one (the conductor's
 * CPU, RabbitMQ's memory), else by the fewest computes. MariaDB's connections by the fewest and the
 * most, as the row of the fewest tells the range. Nothing else does.
 */
function calibrates(quantity: string, isFit: boolean, computes: number): boolean {
  if (quantity === 'conductor cores' || quantity === 'rabbit memory') return isFit;
  if (isFit) return false;
  if (/^maria.* connections$/.test(quantity)) return computes === FEWEST || computes === MOST;
  return computes === FEWEST && /cores$|memory$/.test(quantity);
}

function readingOf(model: IdleModel, row: FigureRow): IdleReading | string {
  const { system = '', metric = '', x_name: name = '' } = row.columns;
  if (Number.isNaN(numberIn(row, 'value'))) return 'its value is not a number';
  const quantity = quantityOf(model, system, metric);
  if (quantity === undefined) return 'this quantity of this component is not in the model';
  if (/per( and per)?( 1000 idle)? compute/i.test(metric)) {
    const parameters = { computes: FEWEST, against: MOST };
    const read = `slope ${quantity}`;
    return { parameters, read, calibrates: calibrates(quantity, true, Number.NaN) };
  }
  const computes = numberIn(row, 'x_value');
  if (!(Number.isInteger(computes) && computes >= 0) || !/compute|node/i.test(name))
    return 'its number of computes cannot be read';
  return {
    parameters: { computes },
    read: quantity,
    calibrates: calibrates(quantity, false, computes),
  };
}

/** The unit that a row's value is printed in, in the probe's. */
export function unitOf({ columns }: FigureRow): number {
  const { system = '', metric = '', unit = '' } = columns;
  if (/per 1000/i.test(metric)) return 1 / 1000;
  // The table's caption says thousands; the source's own reading of MariaDB's column is units.
  return /thousand/i.test(unit) && !/maria|mysql/i.test(system) ? 1000 : 1;
}

function figureOf(row: FigureRow, { parameters, read, calibrates: fitted }: IdleReading): Figure {
  const { system = '', metric = '', unit = '', x_value: x = '' } = row.columns;
  const factor = unitOf(row);
  return {
    family: 'enos',
    id: rowId(row),
    metric: x === '' ? metric : `${metric}: ${system}, ${x} computes`,
    unit: factor === 1000 ? 'connections' : factor === 1 ? unit : 'cores per compute',
    measured: numberIn(row, 'value') * factor,
    spread: Number.NaN,
    role: fitted ? 'calibration' : 'judgement',
    alternatives: rowId(row),
    scenario: `enos ${JSON.stringify(parameters)}`,
    read,
    note: /probably GB/i.test(row.columns.setup ?? '') ? 'as printed; probably GB' : '',
  };
}

/** An idle OpenStack Mitaka with 100 to 1000 fake computes. */
export const enos: FigureFamily = {
  name: 'enos',
  sources: ['figures'],
  idPrefixes: ['ENOS-'],
  split:
    "CPU and memory at 100 computes calibrate, of the conductor's CPU and RabbitMQ's memory the published lines over 100 to 1000 instead; so do MariaDB's connections at 100 and at 1000 (the row of 100 tells both). RabbitMQ's connections, statements, and all else at 200, 500 and 1000 computes judge.",
  read(rows: readonly FigureRow[]): FamilyReading {
    const model = loadIdleMitaka();
    return readRows(rows, (row) => {
      const reading = readingOf(model, row);
      if (typeof reading === 'string') return reading;
      const setUp = { probe: 'idle-cloud', parameters: reading.parameters };
      return { figures: [figureOf(row, reading)], setUp, replications: 1 };
    });
  },
};
