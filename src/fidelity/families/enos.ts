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

/** Rows of the first testbed that constants are fitted to. */
function calibrates(quantity: string, isFit: boolean, computes: number): boolean {
  if (isFit) return quantity !== 'updates';
  if (quantity === 'maria|mysql memory') return computes <= 200;
  return computes === FEWEST || (quantity === 'maria|mysql connections' && computes === MOST);
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
    "Rows at 100 computes and the fits over 100 to 1000 except UPDATEs calibrate, as do MariaDB's memory at 200 and its connections at 1000 (they grow by what no row at 100 shows); 200, 500 and 1000 computes judge.",
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
