import type { DatabaseName } from '../placement/deployment.js';
import { SERVICE_NAMES, type ServiceName } from '../placement/deployment.js';
import type { OperationsFile, ServiceFootprint, Step } from './procedure-schema.js';

/** What steps call and read. */
export interface Needs {
  readonly calls: Set<ServiceName>;
  readonly databases: Set<DatabaseName>;
  bus: boolean;
}

/** Visits every step of a tree. */
function visit(steps: readonly Step[], see: (step: Step) => void): void {
  for (const step of steps) {
    see(step);
    for (const inner of innerSteps(step)) visit(inner, see);
  }
}

function innerSteps(step: Step): readonly (readonly Step[])[] {
  if ('parallel' in step) return step.parallel;
  if ('each-cell' in step) return [step['each-cell']];
  if ('each-host' in step) return [step['each-host']];
  if ('repeat' in step) return [step.repeat.steps];
  if ('lock' in step) return [step.lock.steps];
  if ('spawn' in step) return [step.spawn];
  if ('poll' in step) return [step.poll.steps];
  if ('cache' in step) return [step.cache.miss];
  if ('when' in step) return [step.when.steps];
  return [];
}

function collect(steps: readonly Step[], needs: Needs, onBus: Set<ServiceName>): void {
  visit(steps, (step) => {
    if ('sql' in step) needs.databases.add(step.sql.database);
    else if ('rest' in step) needs.calls.add(step.rest.to);
    else if ('transfer' in step) needs.calls.add(step.transfer.service);
    for (const kind of ['rpc-call', 'rpc-cast', 'rpc-fanout'] as const) {
      const call = (step as Partial<Record<typeof kind, { to: ServiceName }>>)[kind];
      if (!call) continue;
      needs.calls.add(call.to);
      onBus.add(call.to);
    }
  });
}

/** Roles, databases and buses that each service of a release uses, read off its footprints. */
export function serviceNeeds(services: readonly ServiceFootprint[]): Map<ServiceName, Needs> {
  const onBus = new Set<ServiceName>();
  const all = new Map<ServiceName, Needs>();
  for (const name of SERVICE_NAMES)
    all.set(name, { calls: new Set(), databases: new Set(), bus: false });
  for (const footprint of services) {
    const needs = all.get(footprint.service)!;
    collect(footprint['before-each-request'] ?? [], needs, onBus);
    for (const { steps } of Object.values(footprint.procedures)) collect(steps, needs, onBus);
    for (const { steps } of Object.values(footprint['periodic-tasks'] ?? {}))
      collect(steps, needs, onBus);
  }
  for (const name of onBus) all.get(name)!.bus = true;
  return all;
}

/** Roles that clients call in the operations of a workload. */
export function clientNeeds(operations: OperationsFile, names: Iterable<string>): Set<ServiceName> {
  const needs: Needs = { calls: new Set(), databases: new Set(), bus: false };
  for (const name of names) {
    const operation = operations.operations[name];
    if (operation) collect(operation.steps, needs, new Set());
  }
  return needs.calls;
}
