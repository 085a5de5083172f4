import { hasBrokers } from '../cloud/bus/create-bus.js';
import type { Topology } from '../net/topology.js';
import type { Deployment } from '../placement/deployment.js';
import { type Fault, linksOf } from '../workload/index.js';
import type { Experiment } from './experiment-schema.js';
import { quantityValue } from './quantities.js';
import type { Scenario } from './scenario.js';
import { allowedNames, FieldError, quote, suggestName } from './user-error.js';
import type { FieldPath } from './yaml-file.js';

/**
 * Resolves the faults: sites that there are, quantities to ms.
 * @throws FieldError
 */
export function resolveFaults({ faults = [], duration }: Experiment, topology: Topology): Fault[] {
  const ids = topology.sites.map(({ id }) => id);
  const known = (id: string, path: FieldPath): string => {
    if (ids.includes(id)) return id;
    const problem = `${quote(id)} is not a site of the topology ${topology.name}`;
    throw new FieldError(path, problem + suggestName(id, ids));
  };
  return faults.map((entry, index) => {
    const path = ['faults', index];
    const times = {
      atMs: quantityValue('duration', entry.at),
      forMs: quantityValue('duration', entry.for),
    };
    if (times.atMs >= quantityValue('duration', duration)) {
      const problem = `${quote(entry.at)} must be before the end, ${duration}`;
      throw new FieldError([...path, 'at'], problem);
    }
    for (const kind of ['site-cut-off', 'broker-kill'] as const) {
      const site = entry[kind];
      if (site !== undefined) return { kind, site: known(site, [...path, kind]), ...times };
    }
    const where = [...path, 'link-down'];
    const [from, to] = (entry['link-down'] ?? []).map((id, i) => known(id, [...where, i]));
    const fault: Fault = { kind: 'link-down', between: [from, to], ...times };
    if (linksOf(fault, ids, topology.links).length === 0) {
      const problem = `no link of the topology ${topology.name} joins ${quote(from)} and ${quote(to)}`;
      throw new FieldError(where, problem);
    }
    return fault;
  });
}

/** Sites in groups that can still reach each other: a number of the group for each. */
function groupsWithout(topology: Topology, down: ReadonlySet<number>): number[] {
  const groups = topology.sites.map((_, site) => site);
  let changed = true;
  while (changed) {
    changed = false;
    topology.links.forEach(({ a, b }, link) => {
      if (down.has(link) || groups[a] === groups[b]) return;
      groups[a] = groups[b] = Math.min(groups[a], groups[b]);
      changed = true;
    });
  }
  return groups;
}

/** Sites with a broker that can be killed, by id, in the order of the buses. */
function brokerSites({ buses }: Deployment, backends: Scenario['backends']): string[] {
  const withBrokers = buses.filter(({ backend }) => hasBrokers(backends[backend]?.backend));
  return [...new Set(withBrokers.flatMap(({ members }) => members.map(({ site }) => site)))];
}

/**
 * Refuses a kill of brokers where there are none: it would do nothing, and look like robustness.
 * @throws FieldError
 */
function checkBrokers(
  { faults = [], placement: { name }, backends }: Scenario,
  deployment: Deployment,
): void {
  const sites = brokerSites(deployment, backends);
  faults.forEach((fault, index) => {
    if (fault.kind !== 'broker-kill' || sites.includes(fault.site)) return;
    const problem = `the placement "${name}" has no RabbitMQ broker at ${quote(fault.site)}`;
    const there = sites.length > 0 ? allowedNames(sites) : ', and none elsewhere';
    throw new FieldError(['faults', index, 'broker-kill'], problem + there);
  });
}

/**
 * Refuses faults that part the replicas of a database: what it does then is simulated for Galera only.
 * @throws FieldError
 */
function checkReplicas(
  { faults = [], infrastructure: { topology }, placement: { name }, backends }: Scenario,
  deployment: Deployment,
): void {
  const ids = topology.sites.map(({ id }) => id);
  const down = new Set<number>();
  faults.forEach((fault, index) => {
    for (const link of linksOf(fault, ids, topology.links)) down.add(link);
    const groups = groupsWithout(topology, down);
    for (const { id, backend, replicas } of deployment.databases) {
      if (backends[backend]?.backend === 'galera') continue;
      const sides = new Set(replicas.map(({ site }) => groups[ids.indexOf(site)]));
      if (sides.size <= 1) continue;
      const problem =
        `parts the replicas of the database "${id}" of the placement "${name}" ` +
        '(with the faults before it, as if all were at once), which is not simulated';
      throw new FieldError(['faults', index], problem);
    }
  });
}

/**
 * Refuses faults that a deployment cannot have, or whose effects are not simulated.
 * @throws FieldError
 */
export function checkFaults(scenario: Scenario, deployment: Deployment): void {
  if (!scenario.faults) return;
  checkBrokers(scenario, deployment);
  checkReplicas(scenario, deployment);
}
