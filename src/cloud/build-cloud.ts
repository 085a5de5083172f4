import type { Simulator } from '../kernel/simulator.js';
import type { Network } from '../net/network.js';
import {
  DATABASE_NAMES,
  type Deployment,
  type Place,
  SERVICE_NAMES,
  type ServiceGroup,
  type ServiceName,
} from '../placement/deployment.js';
import type { RandomStreams } from '../random/index.js';
import { UnsharedCores } from '../resources/processor.js';
import { ProcessorSharing } from '../resources/processor-sharing.js';
import { SerialProcessor } from '../resources/serial-processor.js';
import type { BackendConstants } from './backend-constants.js';
import type { Bus } from './bus/bus.js';
import { createBus } from './bus/create-bus.js';
import type { Cloud, DeployedCell, TrafficKinds } from './cloud.js';
import { ComputeHost } from './compute-host.js';
import type { ControlNode } from './control-node.js';
import { createDatabase } from './database/create-database.js';
import type { Database } from './database/database.js';
import { DeployedGroup, NEVER_CALLED } from './deployed-group.js';
import { ServerInventory } from './server-inventory.js';
import { ServiceInstance } from './service-instance.js';

/** What a release says of a service's server, where the deployment does not. */
export interface ServiceDefaults {
  readonly workers: number;
  readonly concurrency: number;
  readonly poolSize: number;
  readonly poolOverflow: number;
  /** How long a thread waits for a connection of its pool. */
  readonly poolTimeoutMs?: number;
  readonly keepAlive: boolean;
  /** Resident memory of one process; NaN where nobody measured it. */
  readonly workerMemoryBytes: number;
  /** Cores that an idle instance takes: its parent process, and each worker. Default 0. */
  readonly idleCoresOfParent?: number;
  readonly idleCoresPerWorker?: number;
  /** Connections to the bus that each process keeps. Default 2. */
  readonly busConnections?: number;
  readonly settings: Readonly<Record<string, boolean | number | string>>;
}

export interface CloudOptions {
  readonly simulator: Simulator;
  readonly network: Network;
  readonly streams: RandomStreams;
  readonly sites: readonly { readonly id: string; readonly computes: number }[];
  /** A deployment that was checked. */
  readonly deployment: Deployment;
  readonly services: ReadonlyMap<ServiceName, ServiceDefaults>;
  readonly backends: Readonly<Record<string, BackendConstants>>;
  /** Names of settings, by the index that cache steps use. */
  readonly settingNames: readonly string[];
  readonly coresPerControlNode: number;
  /** Work of a core of a control node, against one of those on which CPU was measured. Default 1. */
  readonly coreSpeed?: number;
  /** Share of its speed that such a core loses while all others of its node are busy. Default 0. */
  readonly coreContention?: number;
  /** Servers that fit on a compute. */
  readonly serversThatFit: number;
  readonly serversPerCompute: number;
  readonly imageSizeBytes: number;
}

/** The control plane's processes on every compute. */
const HOST_SERVICES = ['nova-compute', 'neutron-agent'] as const;

/** Turns a deployment into what runs: ids become indexes, every host gets its services. */
export function buildCloud(options: CloudOptions): Cloud {
  return new CloudBuilder(options).build();
}

class CloudBuilder {
  private readonly nodes = new Map<string, ControlNode>();
  private readonly machines = new Map<string, ProcessorSharing>();
  private readonly siteIndex: Map<string, number>;
  private readonly groups: DeployedGroup[] = [];
  private readonly groupIndex = new Map<string, number>();
  private readonly wirings = new Map<string, Readonly<Int32Array>>();
  private readonly buses = new Map<string, Bus>();
  private readonly databases: Database[] = [];
  private readonly databaseIndex = new Map<string, number>();
  private readonly cellIndex: Map<string, number>;
  private readonly hosts: ComputeHost[] = [];
  private readonly hostsBySite: ComputeHost[][];
  private readonly traffic: TrafficKinds;
  private readonly hostCores: UnsharedCores;

  constructor(private readonly options: CloudOptions) {
    const { network, sites, deployment } = options;
    this.siteIndex = new Map(sites.map(({ id }, index) => [id, index]));
    this.cellIndex = new Map(deployment.cells.map(({ id }, index) => [id, index]));
    this.hostsBySite = sites.map(() => []);
    this.hostCores = new UnsharedCores(options.simulator);
    this.traffic = {
      client: network.registerTraffic('client'),
      rest: network.registerTraffic('rest'),
      rpc: network.registerTraffic('rpc'),
      sql: network.registerTraffic('sql'),
      image: network.registerTraffic('image'),
    };
  }

  build(): Cloud {
    const { options } = this;
    this.makeBuses();
    this.makeDatabases();
    // Groups of services that the release does not have (Placement before Newton) are not built.
    const groups = options.deployment.services.filter(({ service }) =>
      options.services.has(service),
    );
    for (const group of groups) this.makeGroup(group);
    for (const group of groups) this.wireGroup(group);
    options.sites.forEach(({ id, computes }, site) => {
      if (computes > 0) this.makeHosts(id, site, computes);
    });
    const inventory = new ServerInventory(this.hostsBySite);
    for (const host of this.hosts) {
      for (let i = 0; i < options.serversPerCompute; i++) {
        host.servers++;
        inventory.add(host);
      }
    }
    return {
      simulator: options.simulator,
      network: options.network,
      streams: options.streams,
      traffic: this.traffic,
      siteIds: options.sites.map(({ id }) => id),
      nodes: [...this.nodes.values()],
      groups: this.groups,
      groupCpuMs: new Float64Array(this.groups.length),
      buses: [...this.buses.values()],
      databases: this.databases,
      cells: this.makeCells(),
      hosts: this.hosts,
      hostsBySite: this.hostsBySite,
      inventory,
      clientEndpoints: this.makeEndpoints(),
      clientProcesses: this.makeClientProcesses(),
      imageSizeBytes: options.imageSizeBytes,
    };
  }

  private site(id: string): number {
    return this.siteIndex.get(id) as number;
  }

  private coresOf(machine: string, cores: number): ProcessorSharing {
    let cpu = this.machines.get(machine);
    if (!cpu) {
      const { simulator, coreSpeed, coreContention } = this.options;
      cpu = new ProcessorSharing(simulator, cores, coreSpeed, coreContention);
      this.machines.set(machine, cpu);
    }
    return cpu;
  }

  private node(place: Place): ControlNode {
    const id = `${place.site}/${place.node ?? 'control'}`;
    let node = this.nodes.get(id);
    if (!node) {
      const own = this.options.deployment.nodes?.find(
        (other) =>
          other.site === place.site && (other.node ?? 'control') === (place.node ?? 'control'),
      );
      const cores = own?.cores ?? this.options.coresPerControlNode;
      node = {
        id,
        site: this.site(place.site),
        cores,
        cpu: this.coresOf(own?.machine ?? id, cores),
      };
      this.nodes.set(id, node);
    }
    return node;
  }

  private makeBuses(): void {
    const { simulator, network, backends, deployment } = this.options;
    for (const { id, backend, members, settings } of deployment.buses) {
      const nodes = members.map((place) => this.node(place));
      this.buses.set(
        id,
        createBus({
          id,
          constants: backends[backend],
          simulator,
          wire: network,
          traffic: this.traffic.rpc,
          settings,
          members: nodes.map(({ site, cpu }) => ({ site, cpu })),
        }),
      );
    }
  }

  private makeDatabases(): void {
    const { simulator, network, backends, deployment } = this.options;
    const replication = network.registerTraffic('replication');
    for (const { id, backend, replicas, settings } of deployment.databases) {
      const nodes = replicas.map((place) => this.node(place));
      this.databaseIndex.set(id, this.databases.length);
      this.databases.push(
        createDatabase({
          id,
          constants: backends[backend],
          simulator,
          wire: network,
          traffic: replication,
          clientTraffic: this.traffic.sql,
          settings,
          streams: this.options.streams,
          replicas: nodes.map(({ site, cpu }) => ({ site, cpu })),
        }),
      );
    }
  }

  private defaults(service: ServiceName): ServiceDefaults {
    const defaults = this.options.services.get(service);
    if (!defaults) throw new Error(`the release has no footprint of ${service}`);
    return defaults;
  }

  private newGroup(
    id: string,
    service: ServiceName,
    balance: ServiceGroup['balance'],
    settings: ServiceGroup['settings'],
  ): DeployedGroup {
    const defaults = this.defaults(service);
    const all = { ...defaults.settings, ...settings };
    const keepAlive =
      typeof all['keep-alive'] === 'boolean' ? all['keep-alive'] : defaults.keepAlive;
    const group = new DeployedGroup(
      this.groups.length,
      id,
      service,
      DATABASE_NAMES.length,
      keepAlive,
      balance === 'round-robin',
    );
    group.hasWorkerAffinity = keepAlive && all['worker-affinity'] === true;
    group.workerMemoryBytes = defaults.workerMemoryBytes;
    group.idleCoresOfParent = defaults.idleCoresOfParent ?? 0;
    group.idleCoresPerWorker = defaults.idleCoresPerWorker ?? 0;
    group.poolTimeoutMs = defaults.poolTimeoutMs;
    this.options.settingNames.forEach((name, index) => {
      group.switchedOff[index] = all[name] === false;
    });
    this.groups.push(group);
    this.groupIndex.set(id, group.index);
    return group;
  }

  private attachBus(group: DeployedGroup, bus: string | undefined): void {
    if (bus === undefined) return;
    group.bus = this.buses.get(bus);
    const first = group.instances[0];
    if (group.bus && first)
      group.queue = group.bus.declareQueue(group.id, group.bus.memberFor(first.site));
    // By default one connection to publish and one to consume (oslo.messaging's pools at rest).
    const connections = this.defaults(group.service).busConnections ?? 2;
    for (const instance of group.instances) {
      group.bus?.connect(group.bus.memberFor(instance.site), connections * instance.workers.length);
    }
  }

  private makeGroup({ id, service, instances, bus, balance, settings }: ServiceGroup): void {
    const group = this.newGroup(id, service, balance, settings);
    const defaults = this.defaults(service);
    instances.forEach((place, index) => {
      const model = { ...defaults, workers: place.workers ?? defaults.workers };
      const node = this.node(place);
      group.instances.push(
        new ServiceInstance(this.options.simulator, group, index, node.site, node.cpu, model),
      );
    });
    this.attachBus(group, bus);
  }

  private wireGroup({ id, calls, databases }: ServiceGroup): void {
    const group = this.groups[this.groupIndex.get(id) as number];
    this.wireCalls(group, calls ?? {});
    for (const [name, database] of Object.entries(databases ?? {})) {
      group.databases[DATABASE_NAMES.indexOf(name as never)] = this.databaseIndex.get(
        database,
      ) as number;
    }
  }

  private wireCalls(
    group: DeployedGroup,
    calls: Partial<Record<ServiceName, string | null>>,
  ): void {
    const wired = group.calls.slice();
    for (const [role, id] of Object.entries(calls)) {
      const service = SERVICE_NAMES.indexOf(role as ServiceName);
      // Who calls a service that the release does not have has a footprint that never does.
      wired[service] = (id === null ? undefined : this.groupIndex.get(id)) ?? NEVER_CALLED;
    }
    // The same array for all who are wired alike, as thousands of sites may be: it stays in the cache.
    const key = wired.join();
    group.calls = this.wirings.get(key) ?? wired;
    this.wirings.set(key, group.calls);
  }

  private makeHosts(siteId: string, site: number, computes: number): void {
    const { simulator, deployment } = this.options;
    const wiring = deployment.wiring[siteId].computes;
    if (!wiring) return;
    // nova-compute and the agent are two processes: on two cores or more neither waits for the other.
    const cores =
      wiring.node === undefined
        ? this.hostCores
        : this.node({ site: siteId, node: wiring.node }).cpu;
    const cell = this.cellIndex.get(wiring.cell) as number;
    const present = HOST_SERVICES.filter((service) => this.options.services.has(service));
    const [computeGroup, agentGroup] = present.map((service): DeployedGroup | undefined => {
      const group = this.newGroup(`${service}@${siteId}`, service, undefined, undefined);
      group.cell = cell;
      return group;
    }) as [DeployedGroup, DeployedGroup | undefined];
    for (let i = 0; i < computes; i++) {
      const services =
        agentGroup && i < (wiring.agents ?? computes) ? [computeGroup, agentGroup] : [computeGroup];
      for (const group of services) {
        group.instances.push(
          new ServiceInstance(simulator, group, i, site, cores, this.defaults(group.service)),
        );
      }
      const host = new ComputeHost(
        this.hosts.length,
        site,
        computeGroup.index,
        cell,
        computeGroup.instances[i],
        this.options.serversThatFit,
      );
      for (const worker of host.instance.workers) worker.host = host;
      this.hosts.push(host);
      this.hostsBySite[site].push(host);
    }
    this.attachBus(computeGroup, wiring.bus);
    if (agentGroup) this.attachBus(agentGroup, wiring.agentBus);
    this.wireCalls(computeGroup, wiring.calls);
    if (agentGroup) this.wireCalls(agentGroup, wiring.calls);
  }

  private makeCells(): DeployedCell[] {
    return this.options.deployment.cells.map((cell, index) => ({
      id: cell.id,
      database: this.databaseIndex.get(cell.database) as number,
      hosts: this.hosts.filter((host) => host.cell === index),
    }));
  }

  /** By site: where the deployment puts its clients; undefined where they have their own machines. */
  private makeClientProcesses(): (SerialProcessor | undefined)[] {
    const { sites, deployment, simulator } = this.options;
    return sites.map(({ id }) => {
      const node = deployment.wiring[id].clientNode;
      if (node === undefined) return undefined;
      return new SerialProcessor(simulator, this.node({ site: id, node }).cpu, false);
    });
  }

  private makeEndpoints(): Int32Array {
    const { sites, deployment } = this.options;
    const endpoints = new Int32Array(sites.length * SERVICE_NAMES.length).fill(-1);
    sites.forEach(({ id }, site) => {
      SERVICE_NAMES.forEach((service, index) => {
        const group = deployment.wiring[id].clients[service];
        if (group !== undefined)
          endpoints[site * SERVICE_NAMES.length + index] = this.groupIndex.get(group) ?? -1;
      });
    });
    return endpoints;
  }
}
