import { loadBackends, loadFootprints } from '../experiment/load-data.js';
import type { PlannedScenario } from '../experiment/study.js';
import {
  controlPlane,
  databasesOf,
  joinControlPlanes,
  wireSite,
} from '../placement/control-plane.js';
import type { Deployment, Place, ServiceName } from '../placement/deployment.js';
import { parseDuration } from '../units/index.js';
import type { WorkloadEntry } from '../workload/workload-types.js';
import { assembleLab } from './lab-topology.js';

/**
 * The laboratory in which OpenStack Zed was measured: one machine with two cores for each site,
 * site `a` with the client and site `b` behind the WAN (and `c`, for the third node of a Galera).
 */
export interface LabSetUp {
  /** As wan.csv names it. */
  readonly placement: string;
  readonly rttMs: number;
  /** Of the campaign (column `run`). */
  readonly run: string;
  readonly computes: number;
  readonly serversPerCompute: number;
  /** Computes with a Neutron agent; default all. */
  readonly agents?: number;
  readonly workload: readonly WorkloadEntry[];
  readonly durationMs: number;
  /** Default 0. */
  readonly warmUpMs?: number;
  /**
   * Hosts that are registered and run nothing. The scheduler looks up the servers of each in the cell's
   * database, because it never hears of them. Default 0.
   */
  readonly absentHosts?: number;
}

/**
 * Speed of the cores of each campaign against those on which CPU was measured (run 1): how much
 * faster its P0 was, median over the operations whose time is CPU (wan.csv, placement P0).
 */
const CORE_SPEED: Readonly<Record<string, number>> = { '1': 1, '2': 1.09 };

/**
 * Share of its speed that one of the two cores loses while the other is busy (they were virtual and shared
 * caches, memory and perhaps a physical core). Fitted to the bursts of P0, which both runs calibrate.
 * Range 0.03 to 0.1.
 */
const CORE_CONTENTION = 0.06;

/** Assumption where a campaign has no P0: as run 1. */
export function coreSpeed(run: string): number {
  return CORE_SPEED[run] ?? 1;
}

/** Cores that the parent process of a service takes while nothing happens (its footprint). */
export function parentCores(service: ServiceName): number {
  const footprint = loadFootprints('zed').services.find((other) => other.service === service);
  const idle = footprint?.server['idle-cpu-of-parent'];
  return idle === undefined ? 0 : parseDuration(idle) / 1000;
}

/** What stands at the remote site, by placement. */
const REMOTE_COMPUTES = new Set([
  'P2',
  'P2_N0',
  'P2_10computes',
  'P2_labdriver',
  'P3',
  'P7_in_cell2',
]);

/** Placements that can be rebuilt. */
export const LAB_PLACEMENTS = [
  'P0',
  'P1',
  'P2',
  'P2_N0',
  'P2_10computes',
  'P2_labdriver',
  'P3',
  'P4',
  'P5',
  'P6',
  'P6_nomwcache',
  'P7_in_cell2',
  'P9',
];

export function hasRemoteComputes(placement: string): boolean {
  return REMOTE_COMPUTES.has(placement);
}

const NODE = 'lab';

function move(deployment: Deployment, service: ServiceName, site: string): void {
  for (const group of deployment.services) {
    if (group.service === service) group.instances = [{ ...group.instances[0], site }];
  }
}

function at(site: string): Place[] {
  return [{ site, node: NODE }];
}

/** Changes the deployment of P0 into that of another placement. */
function rearrange(deployment: Deployment, placement: string): void {
  if (placement === 'P3') move(deployment, 'glance-api', 'b');
  if (placement === 'P4') for (const database of deployment.databases) database.replicas = at('b');
  if (placement === 'P5') deployment.buses[0].members = at('b');
  if (placement === 'P6' || placement === 'P6_nomwcache') {
    move(deployment, 'keystone', 'b');
    deployment.databases[1].replicas = at('b');
  }
  if (placement === 'P6_nomwcache') {
    for (const group of deployment.services)
      group.settings = { ...group.settings, 'token-cache': false };
  }
  if (placement === 'P9') {
    deployment.databases[0].backend = 'galera';
    deployment.databases[0].replicas = [...at('a'), ...at('b'), ...at('c')];
  }
  if (placement === 'P7_in_cell2') addCell(deployment);
}

/** A second cell at the remote site: conductor, bus and database beside its compute. */
function addCell(deployment: Deployment): void {
  const [plane] = deployment.services.filter(({ service }) => service === 'nova-conductor');
  deployment.buses.push({ id: 'bus2', backend: 'rabbitmq', members: at('b') });
  deployment.databases.push({ id: 'database2', backend: 'mariadb', replicas: at('b') });
  deployment.cells.push({ id: 'cell2', conductor: 'nova-conductor2', database: 'database2' });
  deployment.services.push({
    ...plane,
    id: 'nova-conductor2',
    bus: 'bus2',
    instances: [{ site: 'b', node: NODE, workers: 2 }],
    databases: { ...plane.databases, nova: 'database2' },
  });
  for (const group of deployment.services) {
    if (group.id !== 'nova-conductor2') delete group.databases?.nova;
  }
  const computes = deployment.wiring.b.computes!;
  computes.cell = 'cell2';
  computes.bus = 'bus2';
  computes.calls = {
    ...computes.calls,
    'nova-conductor': 'nova-conductor2',
    'nova-scheduler': null,
  };
}

function deploymentOf(
  placement: string,
  sites: readonly string[],
  agents: number | undefined,
): Deployment {
  const plane = controlPlane({ sites: ['a'], workers: 2 });
  const parts = joinControlPlanes([plane]);
  for (const group of parts.services) for (const instance of group.instances) instance.node = NODE;
  parts.buses[0].members = at('a');
  parts.databases[0].replicas = at('a');
  // Keystone has a database of its own, as in the laboratory.
  parts.databases.push({ id: 'database-keystone', backend: 'mariadb', replicas: at('a') });
  parts.services[0].databases = databasesOf('keystone', 'database-keystone');
  const deployment: Deployment = {
    ...parts,
    wiring: Object.fromEntries(
      sites.map((site) => {
        const wiring = wireSite(plane);
        wiring.computes!.node = NODE;
        wiring.clientNode = NODE;
        wiring.computes!.agents = agents;
        wiring.computes!.calls = { ...wiring.computes!.calls };
        return [site, wiring];
      }),
    ),
    // Every part stood in a network namespace of one machine.
    nodes: sites.map((site) => ({ site, node: NODE, cores: 2, machine: NODE })),
  };
  for (const group of deployment.services) {
    // events_idle120.csv: one report of the scheduler in 10 s, so one worker.
    if (group.service === 'nova-scheduler') group.instances[0].workers = 1;
    // No balancer stood before the APIs: a caller's connections stay with the worker that took them.
    group.settings = { ...group.settings, 'worker-affinity': true };
  }
  rearrange(deployment, placement);
  return deployment;
}

/** Where the client of a placement stands. */
export function clientSite(placement: string): string {
  return placement === 'P1' ? 'b' : 'a';
}

/** A scenario of the laboratory, ready to run. */
export function labScenario(name: string, setUp: LabSetUp): PlannedScenario {
  const { placement, computes } = setUp;
  const remote = hasRemoteComputes(placement);
  const topology = assembleLab(setUp.rttMs, remote ? 'b' : 'a', computes);
  return {
    experiment: name,
    point: 1,
    seed: 'fidelity',
    factors: {},
    durationMs: setUp.durationMs,
    warmUpMs: setUp.warmUpMs ?? 0,
    infrastructure: {
      topology,
      rttScale: 1,
      computesPerSite: 0,
      coresPerControlNode: 2,
      coreSpeed: coreSpeed(setUp.run),
      coreContention: CORE_CONTENTION,
      vcpusPerCompute: 64,
      serversPerCompute: setUp.serversPerCompute,
      imageSizeBytes: 2 ** 20,
    },
    placement: {
      name: placement,
      params: {},
      file: '',
      deployment: deploymentOf(
        placement,
        topology.sites.map(({ id }) => id),
        setUp.agents,
      ),
    },
    workload: setUp.workload,
    footprints: labFootprints(placement, setUp.absentHosts ?? 0),
    backends: loadBackends(),
  };
}

/**
 * Time of the measuring script itself for each request (python-requests, JSON, the wake-up of its
 * process): P0's image list took 10.1 and 8.5 ms in the client, 5.6 and 5.2 in the services.
 */
const CLIENT_MS = 3.9;

/**
 * CPU of one look of the load generator into the database (every 20 ms in a thread of its own for
 * each server): client, MariaDB and the emulator's frames together. A query on an open connection
 * takes 0.11 ms and a new connection 0.32 ms (a_mariadb_python_clients.csv, RTT 0, all sides).
 * Assumption: a connection for each look, with 20 frames of 4 us. Range 0.13 to 0.7.
 */
const POLL_CPU_MS = 0.52;

/** The footprints as the laboratory's client, driver and cell saw them. */
function labFootprints(placement: string, absentHosts: number): PlannedScenario['footprints'] {
  const { release, services, operations } = loadFootprints('zed');
  const measured: typeof operations.operations = {};
  for (const [name, operation] of Object.entries(operations.operations)) {
    const steps = [{ delay: `${CLIENT_MS} ms` }, ...operation.steps];
    const last = operation.milestones?.at(-1);
    const poll = { every: '20 ms', until: last ?? '', steps: [{ cpu: `${POLL_CPU_MS} ms` }] };
    measured[name] = { ...operation, steps: last ? [...steps, { poll }] : steps };
  }
  const driven = placement === 'P2_labdriver' ? labDriver(services) : services;
  return {
    release,
    services: absentHosts > 0 ? withAbsentHosts(driven, absentHosts) : driven,
    operations: { ...operations, operations: measured },
  };
}

/**
 * CPU of the scheduler for one more host, beside its four round trips: records, state, filters. Fitted to
 * the scheduler's CPU at 0.2 creates/s; that trace shows 0.16 outside the database, tracing included.
 */
const ABSENT_HOST_CPU_MS = 0.3;

/** events_wan_P2_50_create.csv, 259.8 to 319.6 ms: four round trips for each. */
function withAbsentHosts(
  services: PlannedScenario['footprints']['services'],
  hosts: number,
): typeof services {
  const lookUp = `{"sql":{"database":"nova","round-trips":${4 * hosts},"sent":"${137 * hosts} B","received":"${213 * hosts} B"}}`;
  return JSON.parse(
    JSON.stringify(services).replace(
      '{"choose-host":{}}',
      `{"each-cell":[${lookUp},{"cpu":"${ABSENT_HOST_CPU_MS * hosts} ms"}]},{"choose-host":{}}`,
    ),
  );
}

/** With the lab driver every boot fetches its image, and the agent looks for taps ten times as often. */
function labDriver(services: PlannedScenario['footprints']['services']): typeof services {
  const text = JSON.stringify(services)
    .replaceAll('{"uniform":["0 s","2 s"]}', '{"uniform":["0 s","200 ms"]}')
    .replaceAll(
      '"name":"image","per":"host","lifetime":"1 d"',
      '"name":"image","per":"host","lifetime":"0 s"',
    );
  return JSON.parse(text);
}
