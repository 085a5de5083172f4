import type { FigureRow } from '../figure.js';
import type { InstanceDistances, KeystoneSetUp } from '../keystone-lab.js';

/** What a metric of the source is about. */
export type KeystoneMetric =
  | { readonly kind: 'iteration' | 'deviation' | 'failures' }
  | { readonly kind: 'action'; readonly action: string };

/** A row of the source, understood. */
export interface KeystoneRow {
  readonly setUp: KeystoneSetUp;
  /** Round trips between groups as the text prints them, where it prints others than were chosen. */
  readonly printedBetweenMs?: number;
  /** The same for those inside a group. */
  readonly printedInsideMs?: number;
  readonly load: 'light' | 'high';
  /** Zones of the copies, as the row names them; empty where it does not. */
  readonly zones: string;
  readonly metric: KeystoneMetric;
  /** Value of a pixel of the plot, in the row's unit; NaN where the value was printed. */
  readonly resolution: number;
  /** Values above the 95th percentile were taken away before they were summed up. */
  readonly isTrimmed: boolean;
}

/** By the first name that the column `system` contains. */
const BACKENDS: readonly (readonly [pattern: RegExp, backend: string])[] = [
  [/galera/i, 'galera'],
  [/cockroach|crdb/i, 'cockroachdb'],
  [/(mariadb|mysql).*(async|replica)/i, 'mariadb-replicas'],
  [/mariadb|mysql/i, 'mariadb'],
];

/** The LAN of the testbed. */
const LAN_MS = 0.08;
/** A 2 x 10-core node, where the text does not say. */
const CORES = 20;
const INSTANCES = 9;

function firstNumber(text: string, ...patterns: RegExp[]): number {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match) return Number(match[1]);
  }
  return Number.NaN;
}

function orElse(value: number, other: number): number {
  return Number.isNaN(value) ? other : value;
}

function metricOf(text: string): KeystoneMetric | undefined {
  const action = /mean (?:time|duration) of (?:keystone(?:_v\d)?\.)?(\w+)/i.exec(text);
  if (action) return { kind: 'action', action: action[1] };
  if (/failure/i.test(text)) return { kind: 'failures' };
  if (/\bstd\b|standard deviation/i.test(text)) return { kind: 'deviation' };
  if (/mean (completion )?time|mean duration/i.test(text)) return { kind: 'iteration' };
  return undefined;
}

/** `times=100 (10 for list_tenants, 20 for authenticate)` for a scenario. */
function timesOf(setup: string, scenario: string): number {
  const [, all, exceptions] = /times\s*=\s*(\d+)\s*(?:\(([^)]*)\))?/i.exec(setup) ?? [];
  for (const [, count, words] of (exceptions ?? '').matchAll(/(\d+) for (\w+)/g)) {
    if (scenario.includes(words)) return Number(count);
  }
  return Number(all ?? 100);
}

/** `Z1Z1Z3` or `(Z1,Z1,Z3)`: one replica in the group of each. */
function replicasOf(zones: string, instances: number, groups: number): string | undefined {
  const named = [...zones.matchAll(/Z(\d+)/gi)].map(([, zone]) => Number(zone) - 1);
  if (named.length === 0) return undefined;
  const perGroup = Math.max(1, Math.floor(instances / groups));
  const taken = new Map<number, number>();
  return named
    .map((zone) => {
      const before = taken.get(zone) ?? 0;
      taken.set(zone, before + 1);
      return zone * perGroup + Math.min(before, perGroup - 1) + 1;
    })
    .join(',');
}

interface Places {
  readonly instances: number;
  readonly distances: InstanceDistances;
  readonly printedBetweenMs?: number;
  readonly printedInsideMs?: number;
}

/** `9 instances in 3 groups of 3: ... (20 ms RTT) inside a group; inter-group RTT: ...` */
function groupsOf(setup: string): Places | undefined {
  const match = /(\d+) instances in (\d+) groups/i.exec(setup);
  if (!match) return undefined;
  const printedInsideMs = firstNumber(setup, /\(?([\d.]+) ms RTT\)? inside a group/i);
  const between = /inter-group RTT:(.*)/i.exec(setup)?.[1] ?? '';
  const printed = firstNumber(between, /([\d.]+) ms/);
  // The text doubts the printed number where it finds that another fits.
  const matched = firstNumber(between, /match the homogeneous ([\d.]+) ms RTT/i);
  return {
    instances: Number(match[1]),
    distances: {
      // No commit within a group was slower than on a LAN, though none can be faster than a round trip.
      insideMs: LAN_MS,
      betweenMs: orElse(matched, printed),
      groups: Number(match[2]),
    },
    printedBetweenMs: matched !== printed ? printed : undefined,
    printedInsideMs,
  };
}

function placesOf(columns: FigureRow['columns'], setup: string): Places {
  const grouped = groupsOf(setup);
  if (grouped) return grouped;
  const byCount = columns.x_name === 'n_instances' ? Number(columns.x_value) : Number.NaN;
  const byRtt = columns.x_name === 'rtt_ms' ? Number(columns.x_value) : Number.NaN;
  const instances = orElse(
    byCount,
    orElse(firstNumber(setup, /(\d+) (?:OpenStack )?instances/i), INSTANCES),
  );
  const rttMs = orElse(byRtt, orElse(firstNumber(setup, /([\d.]+) ms RTT/i), LAN_MS));
  return { instances, distances: { insideMs: rttMs, betweenMs: rttMs, groups: 1 } };
}

/** What is wrong with a row, or what it says. `actionsOf`: the actions of each operation. */
export function readKeystoneRow(
  row: FigureRow,
  actionsOf: ReadonlyMap<string, readonly string[]>,
): KeystoneRow | string {
  const { columns } = row;
  const setup = columns.setup ?? '';
  const backend = BACKENDS.find(([pattern]) => pattern.test(columns.system ?? ''))?.[1];
  if (!backend) return `no backend for the system "${columns.system}"`;
  const [, scenario, said] = /^\s*(\w+)(?:\s*\([^)]*\))?\s*:\s*(.+)$/.exec(
    columns.metric ?? '',
  ) ?? ['', '', ''];
  const operation = scenario.replaceAll('_', '-');
  const actions = actionsOf.get(operation);
  if (!actions) return `no footprint of the scenario "${columns.metric}"`;
  const metric = metricOf(said);
  if (!metric) return `no model of the metric "${said}"`;
  if (metric.kind === 'action' && !actions.includes(metric.action)) {
    return `the footprint of ${operation} has no action "${metric.action}" of its own`;
  }
  const load = /light[\s-]+load/i.test(setup) ? 'light' : 'high';
  if (load === 'high' && !/high[\s-]+load/i.test(setup)) return 'the set-up names no load';
  const places = placesOf(columns, setup);
  const { instances, distances } = places;
  if (!(Number.isInteger(instances) && instances >= 1 && distances.betweenMs >= 0)) {
    return `${columns.x_name} is "${columns.x_value}"`;
  }
  const zones =
    columns.x_name === 'replica_zones' ? (columns.x_value ?? '').replace(/[^\w]/g, '') : '';
  const replicas = replicasOf(zones, instances, distances.groups);
  return {
    setUp: {
      operation,
      backend,
      instances,
      distances,
      rallies: load === 'light' ? 1 : instances,
      concurrency: orElse(firstNumber(setup, /concurrency\s*=?\s*(\d+)/i), 10),
      times: timesOf(setup, scenario),
      cores: coresOf(setup),
      databaseSettings: settingsOf(backend, replicas),
    },
    printedBetweenMs: places.printedBetweenMs,
    printedInsideMs: places.printedInsideMs,
    load,
    zones,
    metric,
    isTrimmed: /above the 95th percentile removed/i.test(setup),
    resolution: firstNumber(setup, /\(\+-([\d.]+) s per pixel\)/),
  };
}

function settingsOf(
  backend: string,
  replicas: string | undefined,
): KeystoneSetUp['databaseSettings'] {
  // Calibration rows: ten writers on a member share two write sets a round trip, one a message.
  if (backend === 'galera') return { aggregate: false };
  // Zones need localities, and with localities leases follow the load (follow-the-workload).
  if (backend === 'cockroachdb' && replicas !== undefined) {
    return { 'range-replicas': replicas, leases: 'first' };
  }
  return undefined;
}

function coresOf(setup: string): number {
  const [, sockets, cores] = /(\d+)x (\d+)-core/i.exec(setup) ?? [];
  return sockets === undefined ? CORES : Number(sockets) * Number(cores);
}
