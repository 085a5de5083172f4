import { DEFAULT_TOPOLOGY_SETTINGS } from '../../net/topology.js';
import type { FigureRow } from '../figure.js';
import { type PrimitiveReading, primitiveFamily } from '../primitive-family.js';
import { numberIn, rowId } from '../row-columns.js';

/** Why rows of a prefix that no model computes are listed. */
const REASONS: Readonly<Record<string, string>> = {
  OSP: 'counts of statements and requests of releases whose footprints are not at hand',
  REL: "a controller's reboot or a killed process under Pacemaker is not in the model",
  SPL: "reconnection of an agent's bus client and tenants' reachability are not in the model",
  CFG: 'a default that models take as their input',
  ETCD: "advice on etcd's settings; what elections take is in family etcd",
  NET: 'a fact for scenarios, of access networks or of other stretches of cable',
  DCN: "a vendor's limit of support, for scenarios",
  CERN: "an operator's size, for scenarios",
  FRA: "an operator's sites, for scenarios",
  LSS: "an operator's experience of limits, for scenarios",
  REQ: 'a requirement, for scenarios',
  STX: "a vendor's limit of support, for scenarios",
};

/** `70-80`, `~60` and `71` as one number; NaN for words. */
export function middleOf(text: string): number {
  const range = /^\s*~?\s*(\d+(?:\.\d+)?)(?:\s*-\s*(\d+(?:\.\d+)?))?\s*$/.exec(text);
  if (!range) return Number.NaN;
  const low = Number(range[1]);
  return range[2] === undefined ? low : (low + Number(range[2])) / 2;
}

function fibre(cableKm: number, name: string): PrimitiveReading {
  return {
    probe: 'fibre',
    parameters: { cableKm },
    name: `${name}, ${Math.round(cableKm)} km of cable`,
    judged: [{ column: 'value', unit: 'ms', read: 'rtt' }],
    calibrates: false,
    replications: 1,
  };
}

function readingOf(row: FigureRow): PrimitiveReading | string {
  const { system = '', metric = '', value = '', id = '' } = row.columns;
  const prefix = id.split('-')[0];
  if (Number.isNaN(middleOf(value))) return `not a number; ${REASONS[prefix] ?? 'a fact'}`;
  if (prefix === 'SPL' && /reported down/i.test(metric)) {
    return {
      probe: 'service-down',
      parameters: {},
      name: 'compute cut off',
      judged: [{ column: 'value', unit: 's', read: 'down' }],
      calibrates: false,
      replications: 1,
    };
  }
  if (prefix === 'NET' && /\bRTT\b/.test(metric)) {
    const greatCircleKm =
      row.columns.x_name === 'great_circle_km' ? numberIn(row, 'x_value') : Number.NaN;
    if (greatCircleKm > 0)
      return fibre(greatCircleKm * DEFAULT_TOPOLOGY_SETTINGS.pathStretch, system);
    const cable = /(\d+) km of cable|\((\d+) km\)/.exec(system);
    if (cable) return fibre(Number(cable[1] ?? cable[2]), system);
  }
  return REASONS[prefix] ?? `nothing answers ${rowId(row)}`;
}

const family = primitiveFamily({
  name: 'facts',
  sources: ['figures'],
  split: 'Nothing calibrates: propagation and defaults are of documents.',
  // One number is judged, the middle of a range.
  gather: (rows) =>
    rows.map((row) => {
      const middle = middleOf(row.columns.value ?? '');
      if (Number.isNaN(middle)) return row;
      return { ...row, columns: { ...row.columns, value: String(middle) } };
    }),
  readingOf,
});

/** Round-trip times over long cables, a compute that is cut off; other facts are listed. */
export const facts = { ...family, idPrefixes: Object.keys(REASONS).map((name) => `${name}-`) };
