import { type DeploymentContext, findDeploymentProblems } from './check-deployment.js';
import type { DatabaseName, Deployment, ServiceName } from './deployment.js';
import { SERVICE_NAMES } from './deployment.js';
import type { InfrastructureView, SiteView } from './infrastructure.js';
import type { PlacementModel } from './placement-model.js';

/** One thing that every placement model must do. `run` throws an Error that says what is wrong. */
export interface ConformanceCase {
  readonly name: string;
  readonly run: (model: PlacementModel<never>) => void;
}

/** A case that a model skips; a reason must be given. */
export interface ConformanceSkip {
  readonly name: string;
  readonly reason: string;
}

function site(id: string, computes: number): SiteView {
  return { id, name: id, tier: 'regional', computes, controlCores: 16 };
}

/** Sites on a line, 10 ms of round trip from one to the next. */
function line(count: number, computes = 2): InfrastructureView {
  const sites = Array.from({ length: count }, (_, i) => site(`site-${i + 1}`, computes));
  const position = new Map(sites.map(({ id }, i) => [id, i]));
  return {
    sites,
    roundTripMs: (a, b) =>
      Math.abs((position.get(a) ?? Number.NaN) - (position.get(b) ?? Number.NaN)) * 10,
  };
}

const NEEDS: [ServiceName, ServiceName[], DatabaseName[], boolean][] = [
  ['keystone', [], ['keystone'], false],
  ['glance-api', ['keystone', 'glance-api'], ['glance'], false],
  ['placement-api', ['keystone'], ['placement'], false],
  [
    'nova-api',
    ['keystone', 'glance-api', 'neutron-server', 'nova-conductor', 'nova-compute'],
    ['nova_api', 'nova_cell0', 'nova'],
    false,
  ],
  ['nova-conductor', ['nova-scheduler', 'nova-compute'], ['nova_api', 'nova_cell0', 'nova'], true],
  ['nova-scheduler', ['placement-api'], ['nova_api', 'nova'], true],
  [
    'nova-compute',
    ['nova-conductor', 'placement-api', 'neutron-server', 'glance-api', 'nova-scheduler'],
    [],
    true,
  ],
  ['neutron-server', ['keystone', 'nova-api', 'neutron-agent'], ['neutron'], true],
  ['neutron-agent', ['neutron-server'], [], true],
];

/** What a deployment must wire for the shipped operations to run. */
function contextFor(infrastructure: InfrastructureView): DeploymentContext {
  return {
    infrastructure,
    needs: new Map(
      NEEDS.map(([service, calls, databases, bus]) => [
        service,
        { calls: new Set(calls), databases: new Set(databases), bus },
      ]),
    ),
    clientCalls: new Set<ServiceName>(['keystone', 'nova-api', 'glance-api', 'neutron-server']),
    buses: ['rabbitmq', 'qpid-dispatch'],
    databases: ['mariadb', 'galera'],
  };
}

function plan(model: PlacementModel<never>, infrastructure: InfrastructureView): Deployment {
  return model.plan(infrastructure, model.params.parse({}) as never);
}

function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

function runsOn(infrastructure: InfrastructureView): ConformanceCase['run'] {
  return (model) => {
    const problems = findDeploymentProblems(
      plan(model, infrastructure),
      contextFor(infrastructure),
    );
    assert(problems.length === 0, problems.join('\n'));
  };
}

function hasGoodName(model: PlacementModel<never>): void {
  assert(/^[a-z][a-z0-9-]*$/.test(model.name), `the name "${model.name}" is not kebab-case`);
  assert(model.summary.trim().length > 0, 'the summary is empty');
}

function hasDefaults(model: PlacementModel<never>): void {
  const parsed = model.params.safeParse({});
  assert(parsed.success, `parameters have no defaults: ${parsed.error?.message ?? ''}`);
}

function refusesUnknownParameter(model: PlacementModel<never>): void {
  const parsed = model.params.safeParse({ 'no-such-parameter': 1 });
  assert(!parsed.success, 'an unknown parameter is accepted: use z.strictObject');
}

function isPure(model: PlacementModel<never>): void {
  const infrastructure = line(6);
  const before = JSON.stringify(infrastructure.sites);
  const first = JSON.stringify(plan(model, infrastructure));
  const second = JSON.stringify(plan(model, infrastructure));
  assert(first === second, 'two plans of the same infrastructure differ');
  assert(JSON.stringify(infrastructure.sites) === before, 'plan changed the infrastructure');
}

function isPlainData(model: PlacementModel<never>): void {
  const deployment = plan(model, line(4));
  const copy = structuredClone(deployment);
  assert(JSON.stringify(copy) === JSON.stringify(deployment), 'the deployment is not plain data');
}

function hasEveryApi(model: PlacementModel<never>): void {
  const services = new Set(plan(model, line(4)).services.map(({ service }) => service));
  for (const name of SERVICE_NAMES) {
    if (name === 'nova-compute' || name === 'neutron-agent') continue;
    assert(services.has(name), `no group of ${name} is deployed`);
  }
}

/** Every case of the suite; all models in models/placements pass them. */
export const PLACEMENT_CONFORMANCE: readonly ConformanceCase[] = [
  { name: 'has a kebab-case name and a summary', run: hasGoodName },
  { name: 'has defaults for all parameters', run: hasDefaults },
  { name: 'refuses an unknown parameter', run: refusesUnknownParameter },
  { name: 'plans a deployment that runs on one site', run: runsOn(line(1)) },
  { name: 'plans a deployment that runs on two sites', run: runsOn(line(2)) },
  { name: 'plans a deployment that runs on thirty sites', run: runsOn(line(30)) },
  { name: 'plans sites without computes', run: runsOn(line(5, 0)) },
  { name: 'is pure and deterministic', run: isPure },
  { name: 'returns plain data', run: isPlainData },
  { name: 'deploys every API and control service', run: hasEveryApi },
];

/**
 * Runs the suite over a model. Returns the failures as `case: message`; empty: it conforms.
 * Throws where a skip names no case or gives no reason.
 *
 * @example
 * const failures = checkPlacementConformance(model);
 * if (failures.length > 0) throw new Error(failures.join('\n'));
 */
export function checkPlacementConformance<Params>(
  model: PlacementModel<Params>,
  skip: readonly ConformanceSkip[] = [],
): string[] {
  for (const { name, reason } of skip) {
    assert(
      PLACEMENT_CONFORMANCE.some((entry) => entry.name === name),
      `no conformance case is called "${name}"`,
    );
    assert(reason.trim().length > 0, `the skipped case "${name}" needs a reason`);
  }
  const failures: string[] = [];
  for (const { name, run } of PLACEMENT_CONFORMANCE) {
    if (skip.some((entry) => entry.name === name)) continue;
    try {
      run(model as unknown as PlacementModel<never>);
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  return failures;
}
