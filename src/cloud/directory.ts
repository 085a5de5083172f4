import { SERVICE_NAMES, type ServiceName } from '../placement/deployment.js';
import type { Bus } from './bus/bus.js';
import type { Cloud } from './cloud.js';
import type { DeployedGroup } from './deployed-group.js';
import type { ServiceInstance, Worker } from './service-instance.js';

/** Services whose calls lead from an API to the cells that it serves. */
const CELL_SERVICES = (
  ['nova-api', 'nova-conductor', 'nova-scheduler'] satisfies ServiceName[]
).map((service) => SERVICE_NAMES.indexOf(service));
const NOVA_API = SERVICE_NAMES.indexOf('nova-api' satisfies ServiceName);

/** Answers "who?" for the machine: it finds instances, cells, queues and hosts from the wiring. */
export class Directory {
  private readonly cellsByGroup: number[][];
  private readonly listeners = new Map<Bus, Map<ServiceName, DeployedGroup[]>>();
  private readonly siteOrders: (number[] | undefined)[] = [];
  private readonly roundTripMs: (a: number, b: number) => number;

  constructor(private readonly cloud: Cloud) {
    const { network } = cloud;
    this.roundTripMs = (a, b) => network.roundTripMs(a, b);
    this.cellsByGroup = this.findCells();
    for (const group of cloud.groups) {
      if (!group.bus) continue;
      const services = this.listeners.get(group.bus) ?? new Map<ServiceName, DeployedGroup[]>();
      this.listeners.set(group.bus, services);
      const groups = services.get(group.service) ?? [];
      services.set(group.service, groups);
      groups.push(group);
    }
  }

  /** The instance of a group that answers a caller at a site. */
  balance(group: DeployedGroup, site: number): ServiceInstance {
    return group.roundRobin ? group.nextInTurn() : group.nearestTo(site, this.roundTripMs);
  }

  /** Cells that the control plane of a group serves, by index. */
  cellsOf(group: DeployedGroup): readonly number[] {
    return this.cellsByGroup[group.index];
  }

  /** All groups of a service on its bus: a fanout reaches each of their instances. */
  fanoutGroups(target: DeployedGroup): readonly DeployedGroup[] {
    const { bus } = target;
    return (bus && this.listeners.get(bus)?.get(target.service)) ?? [];
  }

  /** Any group of a host-bound service that hears what the sender publishes on its bus. */
  agentsHeardBy(sender: DeployedGroup | undefined, service: number): DeployedGroup | undefined {
    const bus = sender?.bus;
    return bus && this.listeners.get(bus)?.get(SERVICE_NAMES[service])?.[0];
  }

  /** Queue that only this instance consumes. */
  ownQueue(group: DeployedGroup, instance: ServiceInstance): number {
    if (instance.queue < 0) {
      const bus = group.bus as Bus;
      instance.queue = bus.declareQueue(
        `${group.id}.${instance.index}`,
        bus.memberFor(instance.site),
      );
    }
    return instance.queue;
  }

  /** Queue on which a caller awaits its replies. */
  replyQueue(bus: Bus, caller: Worker | undefined, site: number): number {
    if (!caller) throw new Error('a client has no reply queue');
    if (caller.replyBus === bus) return caller.replyQueue;
    const { instance } = caller;
    let queue = instance.replyQueue(bus);
    if (queue < 0) {
      queue = bus.declareQueue('reply', bus.memberFor(site), true);
      instance.setReplyQueue(bus, queue);
    }
    caller.replyBus = bus;
    caller.replyQueue = queue;
    return queue;
  }

  /** Sites with computes, nearest first, ties by index. */
  sitesByDistance(site: number): readonly number[] {
    let order = this.siteOrders[site];
    if (!order) {
      const { hostsBySite } = this.cloud;
      order = hostsBySite.flatMap((hosts, index) => (hosts.length > 0 ? [index] : []));
      const distances = new Map(order.map((other) => [other, this.roundTripMs(site, other)]));
      order.sort((a, b) => distances.get(a)! - distances.get(b)! || a - b);
      this.siteOrders[site] = order;
    }
    return order;
  }

  /** Where the servers of a site's users are: there, or at the nearest site with computes. */
  homeOf(site: number): number {
    return this.sitesByDistance(site)[0] ?? site;
  }

  /** After routes changed. */
  forgetDistances(): void {
    this.siteOrders.length = 0;
    for (const group of this.cloud.groups) group.forgetDistances();
  }

  private findCells(): number[][] {
    const { groups, hosts, clientEndpoints } = this.cloud;
    const cells = groups.map(() => new Set<number>());
    for (const host of hosts) {
      const api = clientEndpoints[host.site * SERVICE_NAMES.length + NOVA_API];
      if (api >= 0) cells[api].add(host.cell);
    }
    for (const group of groups) {
      if (group.service !== 'nova-api') continue;
      for (const reached of this.calledFrom(group)) {
        for (const cell of cells[group.index]) cells[reached.index].add(cell);
      }
    }
    return cells.map((set) => [...set].sort((a, b) => a - b));
  }

  private calledFrom(group: DeployedGroup): Set<DeployedGroup> {
    const found = new Set<DeployedGroup>();
    const open = [group];
    for (let next = open.pop(); next; next = open.pop()) {
      for (const service of CELL_SERVICES) {
        const index = next.calls[service];
        if (index < 0) continue;
        const called = this.cloud.groups[index];
        if (found.has(called) || called === group) continue;
        found.add(called);
        open.push(called);
      }
    }
    return found;
  }
}
