import { distance } from 'fastest-levenshtein';
import {
  type DatabaseName,
  type Deployment,
  type Place,
  SERVICE_NAMES,
  type ServiceGroup,
  type ServiceName,
} from './deployment.js';
import type { InfrastructureView } from './infrastructure.js';

/** Which roles and databases each service uses, as its footprint says. */
export interface ServiceNeeds {
  readonly calls: ReadonlySet<ServiceName>;
  readonly databases: ReadonlySet<DatabaseName>;
  /** True where it is called over a bus. */
  readonly bus: boolean;
}

/** What is checked a deployment against. */
export interface DeploymentContext {
  readonly infrastructure: InfrastructureView;
  readonly needs: ReadonlyMap<ServiceName, ServiceNeeds>;
  /** Roles that the clients of the workload call. */
  readonly clientCalls: ReadonlySet<ServiceName>;
  /** Known backends by kind. */
  readonly buses: readonly string[];
  readonly databases: readonly string[];
}

/** A deployment that cannot run; `problems` are sentences that name role and site. */
export class DeploymentError extends Error {
  override name = 'DeploymentError';

  constructor(
    readonly model: string,
    readonly problems: readonly string[],
  ) {
    const more = problems.length > 5 ? `\n  and ${problems.length - 5} more` : '';
    super(
      `placement model "${model}" returned a deployment that cannot run:\n  ${problems.slice(0, 5).join('\n  ')}${more}`,
    );
  }
}

function nearest(name: string, known: readonly string[]): string {
  const sorted = [...known].sort((a, b) => distance(name, a) - distance(name, b));
  return sorted.length > 0 ? `; did you mean "${sorted[0]}"?` : '';
}

/** Roles that are reached through a host or a bus, not through `calls`. */
const REACHED_OTHERWISE: ReadonlySet<ServiceName> = new Set(['nova-compute', 'neutron-agent']);

/** Finds everything that is wrong with a deployment, in a fixed order; empty: it can run. */
export function findDeploymentProblems(
  deployment: Deployment,
  context: DeploymentContext,
): string[] {
  return new DeploymentCheck(deployment, context).run();
}

/** Throws a DeploymentError where a deployment cannot run. */
export function checkDeployment(
  model: string,
  deployment: Deployment,
  context: DeploymentContext,
): void {
  const problems = findDeploymentProblems(deployment, context);
  if (problems.length > 0) throw new DeploymentError(model, problems);
}

class DeploymentCheck {
  private readonly problems: string[] = [];
  private readonly sites: Set<string>;
  private readonly groups: Map<string, ServiceGroup>;
  private readonly buses: Set<string>;
  private readonly databases: Set<string>;

  constructor(
    private readonly deployment: Deployment,
    private readonly context: DeploymentContext,
  ) {
    this.sites = new Set(context.infrastructure.sites.map(({ id }) => id));
    this.groups = new Map(deployment.services.map((group) => [group.id, group]));
    this.buses = new Set(deployment.buses.map(({ id }) => id));
    this.databases = new Set(deployment.databases.map(({ id }) => id));
  }

  run(): string[] {
    this.uniqueIds('service group', this.deployment.services);
    this.uniqueIds('bus', this.deployment.buses);
    this.uniqueIds('database', this.deployment.databases);
    this.uniqueIds('cell', this.deployment.cells);
    for (const bus of this.deployment.buses) {
      this.backend(`bus ${bus.id}`, bus.backend, this.context.buses);
      this.places(`bus ${bus.id}`, bus.members);
    }
    for (const database of this.deployment.databases) {
      this.backend(`database ${database.id}`, database.backend, this.context.databases);
      this.places(`database ${database.id}`, database.replicas);
    }
    for (const group of this.deployment.services) this.group(group);
    for (const cell of this.deployment.cells) this.cell(cell.id, cell.conductor, cell.database);
    for (const site of this.context.infrastructure.sites) this.site(site.id, site.computes);
    return this.problems;
  }

  private say(problem: string): void {
    this.problems.push(problem);
  }

  private uniqueIds(what: string, items: readonly { id: string }[]): void {
    const seen = new Set<string>();
    for (const { id } of items) {
      if (seen.has(id)) this.say(`two of kind ${what} have the id "${id}"`);
      seen.add(id);
    }
  }

  private backend(what: string, name: string, known: readonly string[]): void {
    if (!known.includes(name))
      this.say(`${what} has the unknown backend "${name}"${nearest(name, known)}`);
  }

  private places(what: string, places: readonly Place[]): void {
    if (places.length === 0) this.say(`${what} stands nowhere: it has no place`);
    for (const { site } of places) {
      if (!this.sites.has(site))
        this.say(`${what} stands at the unknown site "${site}"${nearest(site, [...this.sites])}`);
    }
  }

  private group(group: ServiceGroup): void {
    const what = `service group ${group.id}`;
    if (!SERVICE_NAMES.includes(group.service)) {
      this.say(
        `${what} has the unknown service "${group.service}"${nearest(group.service, SERVICE_NAMES)}`,
      );
      return;
    }
    this.places(what, group.instances);
    for (const { workers, site } of group.instances) {
      if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1)) {
        this.say(`${what} at site ${site} has ${workers} workers; a whole number from 1 is needed`);
      }
    }
    const site = group.instances[0]?.site ?? 'none';
    this.bus(what, group.bus, this.context.needs.get(group.service)?.bus ?? false);
    for (const id of Object.values(group.databases ?? {})) this.database(what, id);
    this.roles(what, site, group.service, group.calls ?? {});
    this.groupDatabases(what, site, group);
  }

  private bus(what: string, id: string | undefined, needed: boolean): void {
    if (id === undefined) {
      if (needed) this.say(`${what} is called over a bus, but has none`);
    } else if (!this.buses.has(id))
      this.say(`${what} names the unknown bus "${id}"${nearest(id, [...this.buses])}`);
  }

  private database(what: string, id: string): void {
    if (!this.databases.has(id))
      this.say(`${what} names the unknown database "${id}"${nearest(id, [...this.databases])}`);
  }

  private groupDatabases(what: string, site: string, group: ServiceGroup): void {
    for (const name of this.context.needs.get(group.service)?.databases ?? []) {
      // The nova database of a server follows from its cell.
      if (name !== 'nova' && group.databases?.[name] === undefined) {
        this.say(`${what} at site ${site} uses the database ${name}, which is wired to nothing`);
      }
    }
  }

  private roles(
    what: string,
    site: string,
    service: ServiceName,
    calls: Partial<Record<ServiceName, string | null>>,
  ): void {
    for (const role of this.context.needs.get(service)?.calls ?? []) {
      if (REACHED_OTHERWISE.has(role)) continue;
      if (calls[role] === undefined)
        this.say(`${what} at site ${site}: role ${role} is wired to nothing`);
    }
    for (const [role, id] of Object.entries(calls)) {
      if (id !== null && id !== undefined)
        this.role(`${what} at site ${site}`, role as ServiceName, id);
    }
  }

  private role(what: string, role: ServiceName, id: string): void {
    const target = this.groups.get(id);
    if (!target)
      this.say(
        `${what}: role ${role} is wired to "${id}", which does not exist${nearest(id, [...this.groups.keys()])}`,
      );
    else if (target.service !== role)
      this.say(`${what}: role ${role} is wired to "${id}", which is a ${target.service}`);
  }

  private cell(id: string, conductor: string, database: string): void {
    this.role(`cell ${id}`, 'nova-conductor', conductor);
    this.database(`cell ${id}`, database);
  }

  private site(id: string, computes: number): void {
    const wiring = this.deployment.wiring[id];
    if (!wiring) {
      this.say(`site ${id} has no wiring`);
      return;
    }
    for (const role of this.context.clientCalls) {
      if (wiring.clients[role] === undefined)
        this.say(`clients at site ${id}: role ${role} is wired to nothing`);
    }
    for (const [role, group] of Object.entries(wiring.clients)) {
      if (group !== undefined) this.role(`clients at site ${id}`, role as ServiceName, group);
    }
    if (computes > 0) this.computes(id, wiring.computes);
  }

  private computes(id: string, computes: Deployment['wiring'][string]['computes']): void {
    if (!computes) {
      this.say(`site ${id} has computes, but its wiring has no entry "computes"`);
      return;
    }
    const what = 'computes';
    const where = `computes at site ${id}`;
    if (!this.deployment.cells.some((cell) => cell.id === computes.cell)) {
      this.say(
        `${where} belong to the unknown cell "${computes.cell}"${nearest(
          computes.cell,
          this.deployment.cells.map((cell) => cell.id),
        )}`,
      );
    }
    this.bus(where, computes.bus, true);
    this.bus(where, computes.agentBus, true);
    this.roles(what, id, 'nova-compute', computes.calls);
    this.roles('agents', id, 'neutron-agent', computes.calls);
  }
}
