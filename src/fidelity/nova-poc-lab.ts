import { loadBackends, loadFootprints } from '../experiment/load-data.js';
import type { PlannedScenario } from '../experiment/study.js';
import type { Topology, TopologyLink, TopologySite } from '../net/topology.js';
import { databasesOf, type Roles } from '../placement/control-plane.js';
import type {
  Deployment,
  Place,
  ServiceGroup,
  ServiceName,
  SiteWiring,
} from '../placement/deployment.js';

/**
 * The testbed of "Revising OpenStack to Operate Fog/Edge Computing Infrastructures" (IC2E 2017):
 * Nova Kilo on emulated sites, each with a controller, computes and, for Redis and Galera, a database
 * node; Keystone, Glance and the one broker on a master node at the first site.
 */
export interface NovaPocSetUp {
  readonly sites: number;
  /** One way, between any two sites. */
  readonly latencyMs: number;
  readonly backend: string;
  /** Database nodes, dealt to the sites in turn; for MySQL 1. */
  readonly databaseNodes: number;
  /** Copies of each master of Redis. */
  readonly copies: number;
  readonly computesPerSite: number;
  readonly servers: number;
  /** The burst begins when everything has been up for so long. */
  readonly startMs: number;
  readonly durationMs: number;
}

/** Work of a core of the testbed (Xeon E5-2630 v3) against one of those on which CPU was measured. */
const CORE_SPEED = 1;

/** Two sockets of eight cores. */
const CORES = 16;

const CAPACITY_BPS = 10e9;

/** One way between two machines of a site, as within a site elsewhere. */
const SITE_TRANSIT_MS = 0.05;

/** Kinds of nodes whose traffic was told apart. */
export const NODE_CLASSES = ['master', 'controllers', 'compute', 'database'] as const;
export type NodeClass = (typeof NODE_CLASSES)[number];

/** Each kind of node of each site is a place of its own, so that links tell their traffic. */
export function placeOf(kind: NodeClass, site: number, number = 1): string {
  return number === 1 ? `${kind}-${site + 1}` : `${kind}-${site + 1}.${number}`;
}

/** Database nodes of a site, which are dealt to the sites in turn. */
function databaseNodesAt(site: number, { sites, databaseNodes }: NovaPocSetUp): number {
  return Math.floor(databaseNodes / sites) + (site < databaseNodes % sites ? 1 : 0);
}

function assemble(setUp: NovaPocSetUp): Topology {
  const { sites, latencyMs, computesPerSite } = setUp;
  const places: (TopologySite & { of: number })[] = [];
  for (let of = 0; of < sites; of++) {
    for (const kind of NODE_CLASSES) {
      if (kind === 'master' && of > 0) continue;
      const id = placeOf(kind, of);
      const computes = kind === 'compute' ? computesPerSite : 0;
      places.push({ id, name: id, tier: 'micro', computes, of });
    }
    for (let number = 2; number <= databaseNodesAt(of, setUp); number++) {
      const id = placeOf('database', of, number);
      places.push({ id, name: id, tier: 'micro', computes: 0, of });
    }
  }
  const links: TopologyLink[] = [];
  for (let a = 0; a < places.length; a++) {
    for (let b = a + 1; b < places.length; b++) {
      const near = places[a].of === places[b].of;
      links.push({
        a,
        b,
        latencyMs: near ? SITE_TRANSIT_MS : latencyMs + SITE_TRANSIT_MS,
        capacityBps: CAPACITY_BPS,
        jitterMs: 0,
        lossRate: 0,
        medium: 'wired',
      });
    }
  }
  return {
    name: `Grid'5000, ${sites} emulated sites`,
    attribution: 'IC2E 2017, hal-01273427',
    sites: places.map(({ of: _, ...site }) => site),
    links,
  };
}

const ROLES: Roles = {
  keystone: 'keystone',
  'glance-api': 'glance-api',
  'nova-conductor': 'nova-conductor',
  'nova-scheduler': 'nova-scheduler',
};

/** Nova on a database of its own where Keystone and Glance cannot use it (only Nova was ported). */
function databasesFor(service: ServiceName, nova: string, others: string) {
  const own = service === 'keystone' || service === 'glance-api';
  return databasesOf(service, own ? others : nova);
}

function deploymentOf(setUp: NovaPocSetUp): Deployment {
  const { sites, backend, databaseNodes, copies } = setUp;
  const all = Array.from({ length: sites }, (_, site) => site);
  const nodes = new Map<string, Place & { cores: number }>();
  const at = (kind: NodeClass, site: number, number = 1): Place => {
    const place = { site: placeOf(kind, site, number), node: kind };
    nodes.set(`${place.site}/${place.node}`, { ...place, cores: CORES });
    return place;
  };
  const others = backend === 'rome' ? 'database-others' : 'database';
  const group = (service: ServiceName, id: string, places: Place[]): ServiceGroup => ({
    id,
    service,
    instances: places,
    bus: 'bus',
    databases: databasesFor(service, 'database', others),
    calls: ROLES,
  });
  const controllers = all.map((site) => at('controllers', site));
  const replicas = Array.from({ length: databaseNodes }, (_, index) =>
    at('database', index % sites, 1 + Math.floor(index / sites)),
  );
  const databases: Deployment['databases'] = [
    { id: 'database', backend, replicas, settings: { 'replicas-per-shard': copies } },
  ];
  if (others !== 'database') {
    databases.push({ id: others, backend: 'mariadb', replicas: [at('database', 0)] });
  }
  const wiring: Record<string, SiteWiring> = {};
  for (const site of all) {
    const clients = { 'nova-api': `nova-api-${site + 1}`, keystone: 'keystone' };
    for (const kind of NODE_CLASSES) wiring[placeOf(kind, site)] = { clients };
    for (let number = 2; number <= databaseNodesAt(site, setUp); number++) {
      wiring[placeOf('database', site, number)] = { clients };
    }
    wiring[placeOf('compute', site)].computes = {
      cell: 'cell',
      bus: 'bus',
      agentBus: 'bus',
      calls: ROLES,
    };
  }
  return {
    services: [
      group('keystone', 'keystone', [at('master', 0)]),
      group('glance-api', 'glance-api', [at('master', 0)]),
      ...all.map((site) => group('nova-api', `nova-api-${site + 1}`, [controllers[site]])),
      group('nova-conductor', 'nova-conductor', controllers),
      group('nova-scheduler', 'nova-scheduler', controllers),
    ],
    buses: [{ id: 'bus', backend: 'rabbitmq', members: [at('master', 0)] }],
    databases,
    cells: [{ id: 'cell', conductor: 'nova-conductor', database: 'database' }],
    wiring,
    nodes: [...nodes.values()],
  };
}

/** Servers asked for at each controller at the same time: equal shares, the rest at the first. */
function burst({ sites, servers, startMs }: NovaPocSetUp): PlannedScenario['workload'] {
  return Array.from({ length: sites }, (_, site) => {
    const count = Math.floor(servers / sites) + (site < servers % sites ? 1 : 0);
    return {
      name: `burst-${site + 1}`,
      mix: [{ operation: 'server-create', weight: 1 }],
      sites: [placeOf('controllers', site)],
      arrivals: { type: 'burst' as const, count },
      startMs,
    };
  }).filter(({ arrivals }) => arrivals.count > 0);
}

/** The scenario of a set-up, ready to run. */
export function novaPocScenario(setUp: NovaPocSetUp): PlannedScenario {
  const topology = assemble(setUp);
  return {
    experiment: 'ic2e',
    point: 1,
    seed: 'fidelity',
    factors: {},
    durationMs: setUp.durationMs,
    warmUpMs: setUp.startMs,
    infrastructure: {
      topology,
      rttScale: 1,
      computesPerSite: 0,
      coresPerControlNode: CORES,
      coreSpeed: CORE_SPEED,
      vcpusPerCompute: 64,
      serversPerCompute: 0,
      imageSizeBytes: 2 ** 20,
    },
    placement: { name: 'nova-poc', params: {}, file: '', deployment: deploymentOf(setUp) },
    workload: burst(setUp),
    footprints: loadFootprints('kilo'),
    backends: loadBackends(),
  };
}
