import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
import type { ProbeParameters } from '../probes/probe.js';
import { numberIn, rowId } from '../row-columns.js';
import type { SetUp } from '../set-up.js';

/** Operation behind the name of a row, without its set-up; `_10` is the number of servers listed. */
const OPERATIONS: Readonly<Record<string, string>> = {
  token_issue: 'token-issue',
  token_validate: 'token-validate',
  image_list: 'image-list',
  image_show: 'image-show',
  image_create_upload: 'image-upload',
  image_delete: 'image-delete',
  image_download: 'image-download',
  flavor_list: 'flavor-list',
  hypervisor_list: 'hypervisor-list',
  service_list: 'service-list',
  network_list: 'network-list',
  network_create: 'network-create',
  network_delete: 'network-delete',
  subnet_create: 'subnet-create',
  port_create: 'port-create',
  port_delete: 'port-delete',
  server_create: 'server-create',
  server_show: 'server-show',
  server_list: 'server-list',
  server_delete: 'server-delete',
};
const DEFAULT_REPETITIONS = 5;
/** Servers on the host before the repetitions: events_fake_create.csv and REST to Placement of each row. */
const SERVERS_BEFORE = 4;
/**
 * Below these the rest of the idle load that was taken away hides what is measured: fewer round trips
 * than one transaction has, less than a whole message, half a tick of the processes' clocks.
 */
const LEAST_ROUND_TRIPS = 3;
const LEAST_COUNT = 0.95;
const LEAST_CPU_S = 0.005;

interface OperationSetUp {
  readonly operation: string;
  readonly parameters: ProbeParameters;
}

/** `server_create[labdriver]`, `token_issue_kcache0`, `server_list_50`; undefined: not modelled. */
export function setUpOf(row: FigureRow): OperationSetUp | undefined {
  const match = /^([a-z_]+?)(?:_(\d+)(?:MB)?)?(_kcache0)?(?:\[(.*)\])?$/.exec(row.columns.op ?? '');
  const variant = match?.[4] ?? '';
  if (!match || !['', 'labdriver', 'kcache=null', 'no mw token cache'].includes(variant))
    return undefined;
  const boots = variant === 'labdriver' && match[1] === 'server_create';
  const operation = boots ? 'server-boot' : OPERATIONS[match[1]];
  if (!operation) return undefined;
  const count = numberIn(row, 'n');
  const repetitions = count >= 1 ? count : DEFAULT_REPETITIONS;
  const listed = operation === 'server-list' ? Number(match[2] ?? 10) : SERVERS_BEFORE;
  return {
    operation,
    parameters: {
      operation,
      repetitions,
      servers: operation === 'server-delete' ? SERVERS_BEFORE + repetitions : listed,
      tokenCache: variant !== 'no mw token cache',
      keystoneCache: variant !== 'kcache=null' && match[3] === undefined,
    },
  };
}

/** `a:1 b:2.5` as pairs. */
function listed(text: string | undefined): [name: string, value: number][] {
  return (text ?? '')
    .split(' ')
    .map((pair) => pair.split(':'))
    .filter((pair) => pair.length === 2)
    .map(([name, value]) => [name, Number(value)]);
}

interface Measured {
  readonly metric: string;
  readonly unit: string;
  readonly value: number;
  readonly least: number;
  readonly read: string;
}

/** Nova's services above the cells keep in cell0 what the lab kept in the cell's database. */
function sqlByDatabase(row: FigureRow): Measured[] {
  const sums = new Map<string, number>();
  for (const [name, value] of listed(row.columns.sql_by_db)) {
    const key = name === 'nova_cell0' ? 'nova' : name;
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return [...sums].map(([name, value]) => ({
    metric: `SQL round trips, ${name}`,
    unit: 'count',
    value,
    least: LEAST_ROUND_TRIPS,
    read: `sql ${name}`,
  }));
}

function counts(row: FigureRow): Measured[] {
  const count = (column: string, read: string) => ({
    metric: column,
    unit: 'count',
    value: numberIn(row, column),
    least: LEAST_COUNT,
    read,
  });
  return [
    count('sql_roundtrips', 'sql'),
    count('sql_total', 'sql'),
    count('amqp_publishes', 'publishes'),
    count('publishes', 'publishes'),
    ...sqlByDatabase(row),
    ...listed(row.columns.rest_by_target).map(([name, value]) => ({
      metric: `REST to ${name}`,
      unit: 'count',
      value,
      least: LEAST_COUNT,
      read: `requests ${name}`,
    })),
  ];
}

/** CPU seconds by service. */
function cpu(row: FigureRow): Measured[] {
  return Object.keys(row.columns)
    .filter((column) => column.startsWith('cpu_') && !/^cpu_(total_s|source)$/.test(column))
    .map((column) => ({
      metric: column,
      unit: 's',
      value: numberIn(row, column),
      least: LEAST_CPU_S,
      read: `cpu ${column.slice('cpu_'.length)}`,
    }));
}

/** A row's operation without the variant of its set-up. */
function baseOf(row: FigureRow): string {
  return (row.columns.op ?? '').replace(/_kcache0$|\[.*\]$/, '');
}

/** Two standard deviations over the rows that repeat one operation, by source, operation and metric. */
function spreadsOf(rows: readonly FigureRow[]): Map<string, number> {
  const values = new Map<string, number[]>();
  for (const row of rows) {
    for (const { metric, value } of counts(row)) {
      const key = `${row.source} ${row.columns.op} ${metric}`;
      const own = values.get(key) ?? [];
      own.push(value);
      values.set(key, own);
    }
  }
  const spreads = new Map<string, number>();
  for (const [key, own] of values) {
    if (own.length < 2) continue;
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    const squares = own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    spreads.set(key, 1.96 * Math.sqrt(squares / (own.length - 1)));
  }
  return spreads;
}

class Reader {
  constructor(private readonly spreads: ReadonlyMap<string, number>) {}

  readonly figures: Figure[] = [];
  readonly unread: UnreadRow[] = [];
  readonly scenarios = new Map<string, SetUp>();
  readonly replications = new Map<string, number>();

  row(row: FigureRow): void {
    const id = rowId(row);
    const setUp = setUpOf(row);
    if (!setUp) {
      this.unread.push({ id, reason: `no recipe for the operation "${row.columns.op}"` });
      return;
    }
    const scenario = `zed-footprints ${JSON.stringify(setUp.parameters)}`;
    this.scenarios.set(scenario, { probe: 'zed-operation', parameters: setUp.parameters });
    this.replications.set(scenario, 1);
    // The recipes were read off the chosen traces.
    const isChosen = row.columns.chosen === 'x';
    for (const measured of counts(row)) this.figure(row, setUp, scenario, measured, isChosen);
    if (row.columns.cpu_source === 'untraced') {
      for (const measured of cpu(row)) this.figure(row, setUp, scenario, measured, true);
    } else if (row.columns.cpu_source) {
      this.unread.push({ id, reason: 'CPU of a traced run holds that of the hook' });
    }
  }

  private figure(
    row: FigureRow,
    setUp: OperationSetUp,
    scenario: string,
    { metric, unit, value, least, read }: Measured,
    calibrates: boolean,
  ): void {
    if (Number.isNaN(value)) return;
    const isSmall = value < least;
    const { operation } = setUp;
    if (read === 'requests neutron' && operation === 'server-boot') {
      const reason = 'the agent calls Neutron over RPC too, which a run does not count apart';
      this.unread.push({ id: `${rowId(row)} ${metric}`, reason });
      return;
    }
    this.figures.push({
      family: 'zed-footprints',
      id: rowId(row),
      metric: `${row.columns.op}: ${metric}`,
      unit,
      measured: value,
      spread: this.spreads.get(`${row.source} ${row.columns.op} ${metric}`) ?? Number.NaN,
      // Nothing is fitted to what is too small to see.
      role: calibrates && !isSmall ? 'calibration' : 'judgement',
      // Alternatives differ in what is cached and in the driver.
      alternatives: `${row.source} ${isSmall ? rowId(row) : baseOf(row)} ${metric}`,
      scenario,
      // A cloud without the service in question has no such value: nothing was counted.
      read,
      agrees: isSmall ? (simulated) => !(simulated >= 2 * least) : undefined,
      note: '',
    });
  }
}

/** What one operation costs on an idle OpenStack Zed (footprints.csv, seqops_summary.csv). */
export const zedFootprints: FigureFamily = {
  name: 'zed-footprints',
  sources: ['footprints', 'seqops_summary'],
  split:
    'CPU of untraced runs and the traces that the recipes were read off (column `chosen`) calibrate; counts of all other runs judge.',
  read(rows: readonly FigureRow[]): FamilyReading {
    const reader = new Reader(spreadsOf(rows));
    for (const row of rows) reader.row(row);
    const { figures, unread, scenarios, replications } = reader;
    return { figures, unread, scenarios, replications };
  },
};
