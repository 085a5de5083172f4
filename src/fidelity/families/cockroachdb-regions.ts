import { greatCircleKm } from '../../net/geography.js';
import { DEFAULT_TOPOLOGY_SETTINGS } from '../../net/topology.js';
import type { Figure, FigureFamily, FigureRow } from '../figure.js';
import { type RowReading, readRows } from '../read-rows.js';
import { numberIn, rowId } from '../row-columns.js';

/** Regions of the Google cloud and the places it gives for them: longitude, latitude. */
const REGIONS: Readonly<Record<string, readonly [longitude: number, latitude: number]>> = {
  east1: [-80.01, 33.2],
  east4: [-77.46, 39.02],
  east5: [-82.98, 39.96],
  central1: [-95.86, 41.23],
  south1: [-96.8, 32.78],
  west1: [-121.18, 45.6],
  west2: [-118.24, 34.05],
  west3: [-111.89, 40.76],
  west4: [-115.14, 36.17],
};

/** Round trip between two regions by their distance, as for every link that nobody measured. */
function roundTripMs(a: string, b: string): number {
  const [from, to] = [REGIONS[a], REGIONS[b]];
  const { microsecondsPerKm, pathStretch } = DEFAULT_TOPOLOGY_SETTINGS;
  return (2 * greatCircleKm(...from, ...to) * pathStretch * microsecondsPerKm) / 1000;
}

interface Statement {
  readonly regions: readonly string[];
  readonly client: string;
  readonly leader: string;
  readonly writes: boolean;
}

function statementOf({ columns }: FigureRow): Statement | string {
  const listed = /\(([^)]*)\)/.exec(columns.system ?? '')?.[1] ?? '';
  const [, client] = /client in (\w+)/i.exec(columns.setup ?? '') ?? [];
  const [, leader] =
    /(?:leaseholder|leader) is (?:also )?in (\w+)/i.exec(columns.setup ?? '') ?? [];
  if (!client || !leader) return `no client and leaseholder in the set-up "${columns.setup}"`;
  const regions = [...new Set([...listed.split(/[\s,]+/).filter(Boolean), client, leader])];
  const unknown = regions.find((region) => !REGIONS[region]);
  if (unknown) return `where the region "${unknown}" lies is not known`;
  if (!/read|write/i.test(columns.metric ?? '')) return `no model of "${columns.metric}"`;
  return { regions, client, leader, writes: /write/i.test(columns.metric) };
}

function readingOf(row: FigureRow): RowReading | string {
  const statement = statementOf(row);
  if (typeof statement === 'string') return statement;
  const measured = numberIn(row, 'value');
  if (Number.isNaN(measured)) return `value is "${row.columns.value}"`;
  const { regions, client, leader, writes } = statement;
  const figure: Figure = {
    family: 'cockroachdb-regions',
    id: rowId(row),
    metric: `${writes ? 'write' : 'read'} from ${client}, leaseholder in ${leader}`,
    unit: row.columns.unit ?? 'ms',
    measured,
    spread: Number.NaN,
    role: 'judgement',
    alternatives: rowId(row),
    scenario: `cockroachdb-regions ${regions.join(' ')} ${client} ${leader} ${writes}`,
    read: 'latency',
    note: 'distances by geography: the source gives no round trips',
  };
  const parameters = {
    roundTripsMs: regions.map((a) => regions.map((b) => (a === b ? 0 : roundTripMs(a, b)))),
    client: regions.indexOf(client),
    leader: regions.indexOf(leader),
    writes,
  };
  return { figures: [figure], setUp: { probe: 'range-statement', parameters }, replications: 1 };
}

/** Single statements on CockroachDB over regions of a cloud (CRDB rows). */
export const cockroachDbRegions: FigureFamily = {
  name: 'cockroachdb-regions',
  sources: ['figures'],
  idPrefixes: ['CRDB-'],
  split: 'None calibrates.',
  read: (rows) => readRows(rows, readingOf),
};
