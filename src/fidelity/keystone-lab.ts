import { loadBackends, loadFootprints } from '../experiment/load-data.js';
import type { PlannedScenario } from '../experiment/study.js';
import type { Topology, TopologyLink, TopologySite } from '../net/topology.js';
import type { DatabaseDeployment, Deployment, ServiceGroup } from '../placement/deployment.js';
import type { WorkloadEntry } from '../workload/workload-types.js';

/** Distances between instances: all alike, or in groups. */
export interface InstanceDistances {
  /** Round trip between two instances of a group, in ms. */
  readonly insideMs: number;
  /** Round trip between two of different groups; as inside where there is one group. */
  readonly betweenMs: number;
  readonly groups: number;
}

/** A Keystone of Pike on each of several instances, and a database for all of them. */
export interface KeystoneSetUp {
  /** An operation of models/operations/pike. */
  readonly operation: string;
  /** File in models/backends. */
  readonly backend: string;
  readonly instances: number;
  readonly distances: InstanceDistances;
  /** Instances with a Rally, from the first. */
  readonly rallies: number;
  readonly concurrency: number;
  /** Iterations of each Rally. */
  readonly times: number;
  readonly cores: number;
  readonly databaseSettings?: DatabaseDeployment['settings'];
}

/** 10 GbE of every instance. */
const CAPACITY_BPS = 1e10;
/** Until connections are open and caches are warm, as they were from the campaign's earlier runs. */
const WARM_UP_MS = 300_000;
const DURATION_MS = 24 * 3_600_000;

function siteOf(instance: number): string {
  return `instance-${instance + 1}`;
}

/** Every instance hangs on its group's switch, and the switches on one: delays add up to the RTTs. */
function topologyOf(instances: number, distances: InstanceDistances): Topology {
  const { insideMs, betweenMs, groups } = distances;
  const place = (id: string): TopologySite => ({ id, name: id, tier: 'regional', computes: 0 });
  const link = (a: number, b: number, latencyMs: number): TopologyLink => ({
    a,
    b,
    latencyMs,
    capacityBps: CAPACITY_BPS,
    jitterMs: 0,
    lossRate: 0,
    medium: 'wired',
  });
  const hub = instances + groups;
  const hosts = Array.from({ length: instances }, (_, index) => index);
  const switches = Array.from({ length: groups }, (_, index) => index);
  const groupOf = (index: number) => Math.floor((index * groups) / instances);
  return {
    name: `${instances} instances in ${groups} groups`,
    attribution: 'Evaluation of OpenStack Multi-Region Keystone Deployments (2018)',
    sites: [
      ...hosts.map((index) => place(siteOf(index))),
      ...switches.map((index) => place(`switch-${index + 1}`)),
      place('hub'),
    ],
    links: [
      ...hosts.map((index) => link(index, instances + groupOf(index), insideMs / 4)),
      ...switches.map((index) =>
        link(instances + index, hub, Math.max(0, betweenMs - insideMs) / 4),
      ),
    ],
  };
}

function deploymentOf(setUp: KeystoneSetUp, topology: Topology): Deployment {
  const { instances, backend } = setUp;
  const sites = Array.from({ length: instances }, (_, index) => siteOf(index));
  const central = backend === 'mariadb';
  return {
    services: sites.map(
      (site): ServiceGroup => ({
        id: `keystone@${site}`,
        service: 'keystone',
        instances: [{ site }],
        databases: { keystone: 'database' },
        calls: {},
      }),
    ),
    buses: [],
    databases: [
      {
        id: 'database',
        backend,
        replicas: (central ? sites.slice(0, 1) : sites).map((site) => ({ site })),
        settings: setUp.databaseSettings,
      },
    ],
    cells: [],
    wiring: Object.fromEntries(
      topology.sites.map(({ id }) => [
        id,
        // Nobody asks from a switch.
        { clients: { keystone: `keystone@${sites.includes(id) ? id : sites[0]}` } },
      ]),
    ),
  };
}

/** Rally at each of its instances; before it, as many users open every worker's connections. */
function workloadOf({
  operation,
  rallies,
  concurrency,
  times,
}: KeystoneSetUp): readonly WorkloadEntry[] {
  const sites = Array.from({ length: rallies }, (_, index) => siteOf(index));
  return [
    {
      name: 'warm-up',
      mix: [{ operation: 'authenticate-user-and-validate-token', weight: 1 }],
      sites,
      arrivals: { type: 'burst', count: concurrency },
      startMs: 0,
    },
    {
      name: 'rally',
      mix: [{ operation, weight: 1 }],
      sites,
      arrivals: {
        type: 'closed',
        concurrency,
        times,
        thinkTimeMs: 0,
        thinkTimeDistribution: 'constant',
      },
      startMs: WARM_UP_MS,
    },
  ];
}

/** A scenario of the testbed, ready to run. */
export function keystoneScenario(name: string, setUp: KeystoneSetUp): PlannedScenario {
  const topology = topologyOf(setUp.instances, setUp.distances);
  const deployment = deploymentOf(setUp, topology);
  return {
    experiment: name,
    point: 1,
    seed: 'fidelity',
    factors: {},
    durationMs: DURATION_MS,
    warmUpMs: WARM_UP_MS,
    infrastructure: {
      topology,
      rttScale: 1,
      computesPerSite: 0,
      coresPerControlNode: setUp.cores,
      coreSpeed: 1,
      vcpusPerCompute: 1,
      serversPerCompute: 0,
      imageSizeBytes: 1,
    },
    placement: { name: setUp.backend, params: {}, file: '', deployment },
    workload: workloadOf(setUp),
    footprints: loadFootprints('pike'),
    backends: loadBackends(),
  };
}
