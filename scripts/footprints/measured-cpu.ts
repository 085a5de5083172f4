import { parseDuration } from '../../src/units/index.js';
import { readMeasured } from '../calibrate/measured.js';
import type { Footprints } from './load-footprints.js';
import { RecipeCounter, type RecipeCounts, type Work } from './recipe-counts.js';
import { ALONE, type RecipeState } from './recipe-state.js';

/** CPU of one service, measured without tracing, and the work that the recipe says it did for it. */
export interface CpuRow {
  readonly what: string;
  readonly service: string;
  readonly measuredMs: number;
  readonly work: Work;
  /** Read off a trace: it tells about its own service alone. */
  readonly isTraced?: boolean;
}

/** Column of openstack_footprints.csv. */
const CPU_COLUMNS: readonly (readonly [service: string, column: string])[] = [
  ['keystone', 'cpu_keystone'],
  ['glance-api', 'cpu_glance'],
  ['placement-api', 'cpu_placement'],
  ['nova-api', 'cpu_nova-api'],
  ['nova-conductor', 'cpu_nova-conductor'],
  ['nova-scheduler', 'cpu_nova-scheduler'],
  ['nova-compute', 'cpu_compute'],
  ['neutron-server', 'cpu_neutron'],
  ['neutron-agent', 'cpu_lb-agent'],
];

/**
 * Servers on the host during the 20 creates and the 20 deletes: 19.7 calls of Placement a create, of
 * which 5 and 15.4 a delete, of which 2 are not for a consumer (openstack_footprints.csv,
 * rest_by_target; foot_traced_kcache1_long.csv by path).
 */
export const SERVERS_AT_CREATE = 14.7;
export const SERVERS_AT_DELETE = 13.4;

const KEYSTONE_COLD = ['keystone-identity', 'keystone-token'];

/** Operation and state behind a row of openstack_footprints.csv. */
const ROWS: Readonly<Record<string, readonly [operation: string, state: Partial<RecipeState>]>> = {
  token_issue: ['token-issue', {}],
  token_validate: ['token-validate', {}],
  'token_issue[kcache=null]': ['token-issue', { coldCaches: KEYSTONE_COLD }],
  'token_validate[kcache=null]': ['token-validate', { coldCaches: KEYSTONE_COLD }],
  image_list: ['image-list', {}],
  image_show: ['image-show', {}],
  image_create_upload_1MB: ['image-upload', {}],
  image_delete: ['image-delete', {}],
  flavor_list: ['flavor-list', {}],
  hypervisor_list: ['hypervisor-list', {}],
  service_list: ['service-list', {}],
  network_list: ['network-list', {}],
  network_create: ['network-create', {}],
  network_delete: ['network-delete', {}],
  port_create: ['port-create', {}],
  port_delete: ['port-delete', {}],
  server_show: ['server-show', {}],
  server_list_10: ['server-list', { serversListed: 10 }],
  server_list_100: ['server-list', { serversListed: 100 }],
  server_create: ['server-create', { serversOnHost: SERVERS_AT_CREATE }],
  server_delete: ['server-delete', { serversOnHost: SERVERS_AT_DELETE }],
};

/** Computes of the row of openstack_scale.csv that calibrates; the other rows judge the simulator. */
const COMPUTES = 25;
export const IDLE_COMPUTES = `${COMPUTES} idle computes, a minute`;

const SCALE_COLUMNS: readonly (readonly [service: string, column: string, share: number])[] = [
  ['nova-conductor', 'cpu_conductor', 1],
  ['placement-api', 'cpu_placement', 1],
  ['nova-scheduler', 'cpu_scheduler', 1],
  ['nova-compute', 'cpu_per_compute', COMPUTES],
];

function addWork(total: Record<string, Work>, part: RecipeCounts['work'], times: number): void {
  for (const [service, work] of Object.entries(part)) {
    total[service] ??= { requests: 0, sqlRoundTrips: 0, rpcSent: 0, restSent: 0, cpuMs: 0 };
    for (const key of Object.keys(work) as (keyof Work)[]) {
      total[service][key] += work[key] * times;
    }
  }
}

/** What the periodic tasks of one process of a service, without servers, make all services do in a minute. */
export function idleWork(footprints: Footprints, service: string): Readonly<Record<string, Work>> {
  const total: Record<string, Work> = {};
  const tasks = footprints.services.get(service)?.['periodic-tasks'] ?? {};
  for (const [task, { every }] of Object.entries(tasks)) {
    const { work } = RecipeCounter.task(footprints, service, task, { ...ALONE, serversOnHost: 0 });
    addWork(total, work, 60_000 / parseDuration(every));
  }
  return total;
}

function idleRows(footprints: Footprints): CpuRow[] {
  const total: Record<string, Work> = {};
  addWork(total, idleWork(footprints, 'nova-compute'), COMPUTES);
  for (const service of ['nova-conductor', 'nova-scheduler']) {
    const { workers } = footprints.services.get(service)!.server;
    addWork(total, idleWork(footprints, service), workers);
  }
  const scale = readMeasured('openstack_scale').find((row) => row.number('computes') === COMPUTES);
  if (!scale) throw new Error(`openstack_scale.csv has no row of ${COMPUTES} computes`);
  return SCALE_COLUMNS.map(([service, column, times]) => ({
    what: IDLE_COMPUTES,
    service,
    measuredMs: scale.number(column) * 60_000 * times,
    work: total[service],
  }));
}

/**
 * events_wan_P2_50_create.csv, 259.8 to 319.6 ms: while it chose a host, the scheduler looked into the
 * database for the servers of 49 hosts that were registered and never reported. Of the 59.8 ms it spent
 * 22.0 waiting for the database: the rest is its CPU, tracing included.
 */
const ABSENT_HOSTS: CpuRow = {
  what: '49 absent hosts looked up (traced)',
  service: 'nova-scheduler',
  measuredMs: 37.8,
  work: { requests: 0, sqlRoundTrips: 196, rpcSent: 0, restSent: 0, cpuMs: 0 },
  isTraced: true,
};

/** Every measured CPU figure of a service that the recipe gives work to. */
export function cpuRows(footprints: Footprints): CpuRow[] {
  const rows: CpuRow[] = [];
  for (const measured of readMeasured('openstack_footprints')) {
    const row = ROWS[measured.text('op')];
    if (!row || measured.text('cpu_source') !== 'untraced') continue;
    const { work } = RecipeCounter.operation(footprints, row[0], { ...ALONE, ...row[1] });
    for (const [service, column] of CPU_COLUMNS) {
      if (!work[service]) continue;
      const measuredMs = measured.number(column) * 1000;
      rows.push({ what: measured.text('op'), service, measuredMs, work: work[service] });
    }
  }
  return [...rows, ...idleRows(footprints), ABSENT_HOSTS];
}
