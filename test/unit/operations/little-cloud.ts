import { buildCloud, type ServiceDefaults } from '../../../src/cloud/build-cloud.js';
import type { Cloud } from '../../../src/cloud/cloud.js';
import { defineEventKind } from '../../../src/kernel/event-kind.js';
import { Simulator } from '../../../src/kernel/simulator.js';
import { Network } from '../../../src/net/network.js';
import type { Topology } from '../../../src/net/topology.js';
import { ReleaseCompiler } from '../../../src/operations/compile-release.js';
import { Machine } from '../../../src/operations/machine.js';
import { OperationRecorder } from '../../../src/operations/operation-recorder.js';
import { startPeriodicTasks } from '../../../src/operations/periodic-tasks.js';
import type {
  OperationsFile,
  ServiceFootprint,
  Step,
} from '../../../src/operations/procedure-schema.js';
import { OperationStarter } from '../../../src/operations/start-operations.js';
import { controlPlane, joinControlPlanes, wireSite } from '../../../src/placement/control-plane.js';
import type { Deployment, ServiceName } from '../../../src/placement/deployment.js';
import { RandomStreams } from '../../../src/random/index.js';

/** Steps of each procedure by service; everything else has plain defaults and costs nothing. */
export interface LittleCloudOptions {
  procedures?: Partial<Record<ServiceName, Record<string, Step[]>>>;
  /** Procedures to whose topic nobody subscribes. */
  unheard?: readonly string[];
  tasks?: Partial<Record<ServiceName, Record<string, { every: string; steps: Step[] }>>>;
  /** Steps of the client's one operation, called `op`. */
  client: Step[];
  milestones?: string[];
  before?: Partial<Record<ServiceName, Step[]>>;
  cpu?: Partial<ServiceFootprint['cpu']>;
  keepAlive?: boolean;
  concurrency?: number;
  /** Connections of a worker's pool, without overflow; default 5 and 50 more. */
  poolSize?: number;
  /** Connections that the database takes; default any number. */
  connectionLimit?: number;
  workers?: number;
  /** Round trip between `near` (control plane, client) and `far` (computes), in ms. */
  rttMs?: number;
  serversPerCompute?: number;
  computes?: number;
  /** Site of the client: 0 near (default), 1 far. */
  clientSite?: number;
  change?: (deployment: Deployment) => void;
}

const SERVICES: ServiceName[] = [
  'keystone',
  'glance-api',
  'placement-api',
  'nova-api',
  'nova-conductor',
  'nova-scheduler',
  'nova-compute',
  'neutron-server',
  'neutron-agent',
];

function subscribers(procedure: string, { unheard }: LittleCloudOptions) {
  return unheard?.includes(procedure) ? ({ subscribers: 'none' } as const) : {};
}

function footprint(service: ServiceName, options: LittleCloudOptions): ServiceFootprint {
  const procedures = Object.entries(options.procedures?.[service] ?? {}).map(
    ([name, steps]) => [name, { source: 'test', steps, ...subscribers(name, options) }] as const,
  );
  const tasks = Object.entries(options.tasks?.[service] ?? {}).map(
    ([name, task]) => [name, { source: 'test', spread: false, ...task }] as const,
  );
  return {
    service,
    source: 'test',
    server: {
      model: 'threads',
      workers: options.workers ?? 1,
      concurrency: options.concurrency ?? 10,
      'keep-alive': options.keepAlive ?? true,
      'pool-size': options.poolSize ?? 5,
      'pool-overflow': options.poolSize === undefined ? 50 : 0,
      source: 'test',
    },
    cpu: {
      'per-request': '0 ms',
      'per-sql-round-trip': '0 ms',
      'per-rpc-sent': '0 ms',
      'per-rest-sent': '0 ms',
      source: 'test',
      ...options.cpu,
    },
    'before-each-request': options.before?.[service],
    procedures: Object.fromEntries(procedures),
    'periodic-tasks': Object.fromEntries(tasks),
  };
}

const constant = (value: number) => ({
  value,
  unit: 'ms',
  range: [0, 1] as [number, number],
  source: 'test',
});

/** Brokers and databases that cost nothing but what a test asks for. */
function backends({ connectionLimit }: LittleCloudOptions) {
  return {
    rabbitmq: {
      backend: 'rabbitmq',
      kind: 'bus' as const,
      summary: 'test',
      constants: {
        'cpu-per-message': constant(0),
        'cpu-per-kilobyte': constant(0),
        'queue-share': constant(1),
        'cpu-per-wake-up': constant(0),
        'cpu-per-hop': constant(0),
        'cpu-per-copy': constant(0),
        'cpu-per-connection-setup': constant(0),
        'cpu-idle': constant(0),
        'cpu-per-idle-connection': constant(0),
        'memory-base': constant(0),
        'memory-per-connection': constant(0),
      },
    },
    mariadb: {
      backend: 'mariadb',
      kind: 'database' as const,
      summary: 'test',
      constants: {
        'cpu-per-statement': constant(0.5),
        'cpu-per-kilobyte': constant(0),
        'flush-per-commit': constant(2),
        'cpu-per-connection-setup': constant(0),
        'connect-round-trips': constant(0),
        'memory-base': constant(0),
        'memory-per-connection': constant(0),
        ...(connectionLimit === undefined ? {} : { 'connection-limit': constant(connectionLimit) }),
      },
    },
  };
}

export interface LittleCloud {
  simulator: Simulator;
  cloud: Cloud;
  machine: Machine;
  recorder: OperationRecorder;
  starter: OperationStarter;
  clientSite: number;
  /** Begins `op` at a time. */
  ask(atMs: number): void;
}

const begin = defineEventKind('test-begin', (little: LittleCloud) => {
  little.starter.start('op', little.clientSite, ended, little, 0);
});
const ended = defineEventKind('test-ended', () => {});

/** Two sites without transit time within: `near` with the control plane and the client, `far` with the computes. */
export function littleCloud(options: LittleCloudOptions): LittleCloud {
  const simulator = new Simulator();
  const streams = new RandomStreams(1, 1);
  const topology: Topology = {
    name: 'two sites',
    attribution: 'test',
    sites: [
      { id: 'near', name: 'near', tier: 'core', computes: 0 },
      { id: 'far', name: 'far', tier: 'micro', computes: options.computes ?? 1 },
    ],
    links: [
      {
        a: 0,
        b: 1,
        latencyMs: (options.rttMs ?? 10) / 2,
        capacityBps: 1e15,
        jitterMs: 0,
        lossRate: 0,
        medium: 'wired',
      },
    ],
  };
  const network = new Network(simulator, topology, { rttScale: 1, siteTransitMs: 0 }, streams);
  const operations: OperationsFile = {
    release: 'test',
    source: 'test',
    operations: {
      op: {
        summary: 'test',
        source: 'test',
        milestones: options.milestones,
        steps: options.client,
      },
    },
  };
  const services = SERVICES.map((service) => footprint(service, options));
  const release = new ReleaseCompiler(services, operations).compile();
  const plane = controlPlane({ sites: ['near'] });
  const deployment: Deployment = {
    ...joinControlPlanes([plane]),
    wiring: { near: wireSite(plane), far: wireSite(plane) },
  };
  options.change?.(deployment);
  const defaults = new Map(
    services.map(({ service, server }): [ServiceName, ServiceDefaults] => [
      service,
      {
        workers: server.workers,
        concurrency: server.concurrency,
        poolSize: server['pool-size'],
        poolOverflow: server['pool-overflow'],
        keepAlive: server['keep-alive'],
        workerMemoryBytes: Number.NaN,
        settings: {},
      },
    ]),
  );
  const cloud = buildCloud({
    simulator,
    network,
    streams,
    sites: [
      { id: 'near', computes: 0 },
      { id: 'far', computes: options.computes ?? 1 },
    ],
    deployment,
    services: defaults,
    backends: backends(options),
    settingNames: release.names.settings.names,
    coresPerControlNode: 4,
    serversThatFit: 10,
    serversPerCompute: options.serversPerCompute ?? 0,
    imageSizeBytes: 1e6,
  });
  const recorder = new OperationRecorder(release.operations, 0);
  const machine = new Machine(cloud, release, recorder);
  const starter = new OperationStarter(machine);
  startPeriodicTasks(machine, starter);
  const little: LittleCloud = {
    simulator,
    cloud,
    machine,
    recorder,
    starter,
    clientSite: options.clientSite ?? 0,
    ask: (atMs) => simulator.scheduleAt(atMs, begin, little, 0),
  };
  return little;
}
