import type { RunResult } from '../../experiment/results.js';
import { scenarioOf } from '../../experiment/run-task.js';
import { simulateRun } from '../../experiment/simulate.js';
import type { PlannedScenario } from '../../experiment/study.js';
import type { Deployment } from '../../placement/deployment.js';
import { DATABASE_NAMES } from '../../placement/deployment.js';
import { labScenario } from '../zed-lab.js';
import type { Probe, ProbeParameters, ProbeValues } from './probe.js';

/** One repetition before the measured ones fills the caches; then one every so often. */
const FIRST_MS = 30_000;
const EVERY_MS = 8_000;

/** Services as the measurements name them. */
const SERVICES: Readonly<Record<string, string>> = {
  keystone: 'keystone',
  glance: 'glance-api',
  placement: 'placement-api',
  'nova-api': 'nova-api',
  neutron: 'neutron-server',
  'nova-conductor': 'nova-conductor',
  'nova-scheduler': 'nova-scheduler',
  compute: 'nova-compute',
  'lb-agent': 'neutron-agent',
  mysql: 'mariadb/',
  rabbit: 'rabbitmq/',
};

/** A server process for each logical database, so that each is counted by itself. */
function separateDatabases(deployment: Deployment): void {
  const [{ replicas }] = deployment.databases;
  deployment.databases = DATABASE_NAMES.map((id) => ({ id, backend: 'mariadb', replicas }));
  for (const group of deployment.services) {
    for (const name of DATABASE_NAMES) if (group.databases?.[name]) group.databases[name] = name;
  }
  for (const cell of deployment.cells) cell.database = 'nova';
}

type Services = PlannedScenario['footprints']['services'];

/** The measurements took the idle load away. */
function withoutPeriodicTasks(services: Services): Services {
  return services.map((service) => ({ ...service, 'periodic-tasks': {} }));
}

/** Gives every topic a reader: a broker counts only messages that it routes. */
function allHeard(services: Services): Services {
  return services.map((service) => ({
    ...service,
    procedures: Object.fromEntries(
      Object.entries(service.procedures).map(([name, procedure]) => [
        name,
        { ...procedure, subscribers: undefined },
      ]),
    ),
  }));
}

function scenario(parameters: ProbeParameters, repetitions: number): PlannedScenario {
  const operation = String(parameters.operation);
  const timesMs = Array.from({ length: repetitions }, (_, i) => FIRST_MS + i * EVERY_MS);
  const planned = labScenario('zed-operation', {
    placement: operation === 'server-boot' ? 'P2_labdriver' : 'P0',
    rttMs: 0,
    run: '1',
    computes: 1,
    serversPerCompute: Number(parameters.servers),
    workload: [
      {
        name: 'repetitions',
        mix: [{ operation, weight: 1 }],
        sites: ['a'],
        arrivals: { type: 'times', timesMs: [1_000, ...timesMs] },
        startMs: 0,
      },
    ],
    durationMs: FIRST_MS + (Number(parameters.repetitions) + 2) * EVERY_MS,
    warmUpMs: FIRST_MS - 1,
  });
  const { deployment } = planned.placement;
  if (deployment) {
    separateDatabases(deployment);
    for (const group of deployment.services) {
      const settings: Record<string, number | boolean | string> = { ...group.settings };
      if (group.service === 'keystone')
        settings['keystone-cache'] = parameters.keystoneCache === true;
      else settings['token-cache'] = parameters.tokenCache === true;
      group.settings = settings;
    }
  }
  const { footprints } = planned;
  const services = withoutPeriodicTasks(footprints.services);
  return { ...planned, footprints: { ...footprints, services } };
}

/** Services to which the client itself sends a request, one entry each. */
function clientRequests(planned: PlannedScenario, operation: string): string[] {
  const names = new Map(Object.entries(SERVICES).map(([name, service]) => [service, name]));
  return planned.footprints.operations.operations[operation].steps.flatMap((step) =>
    'rest' in step ? [names.get(step.rest.to) ?? ''] : [],
  );
}

/** Sums over the run: what each component took in. */
function totals(result: RunResult): Map<string, number> {
  const seconds = result.measuredMs / 1000;
  const sums = new Map<string, number>();
  const add = (name: string, value: number) => sums.set(name, (sums.get(name) ?? 0) + value);
  for (const { component, kind, ratePerS, cpuS } of result.components) {
    const count = ratePerS * seconds;
    if (kind === 'database') {
      const name = component.slice(component.indexOf('/') + 1);
      // The laboratory's services above the cells kept in the cell's what they keep in cell0 here.
      add(`sql ${name === 'nova_cell0' ? 'nova' : name}`, count);
      add('sql', count);
    }
    if (kind === 'broker') add('publishes', count);
    for (const [name, prefix] of Object.entries(SERVICES)) {
      if (kind === 'node' || !component.startsWith(prefix)) continue;
      add(`cpu ${name}`, cpuS);
      add(`requests ${name}`, count);
    }
  }
  return sums;
}

/**
 * What one operation of OpenStack Zed costs on an otherwise idle cloud, mean over repetitions:
 * `sql DATABASE` round trips, `requests SERVICE` from other services, `publishes`, `cpu SERVICE` in s. Parameters:
 * operation, repetitions, servers (on the compute at first), tokenCache, keystoneCache.
 */
export const zedOperation: Probe = (parameters): ProbeValues => {
  const repetitions = Number(parameters.repetitions);
  const run = (planned: PlannedScenario) =>
    totals(simulateRun(scenarioOf({ scenario: planned, replication: 1 })));
  const planned = scenario(parameters, repetitions);
  const { footprints } = planned;
  const heard = { ...footprints, services: allHeard(footprints.services) };
  const idle = run(scenario(parameters, 0));
  const busy = run(planned);
  busy.set('publishes', run({ ...planned, footprints: heard }).get('publishes') ?? Number.NaN);
  const values = new Map<string, number>();
  for (const [name, sum] of busy) {
    values.set(name, (sum - (idle.get(name) ?? 0)) / repetitions);
  }
  for (const service of clientRequests(planned, String(parameters.operation))) {
    const name = `requests ${service}`;
    values.set(name, (values.get(name) ?? 0) - 1);
  }
  return Object.fromEntries(values);
};
