import type { Topology } from '../net/topology.js';
import type { Arrivals, OperationMix, WorkloadEntry } from '../workload/workload-types.js';
import type { ExperimentWorkloadEntry } from './experiment-schema.js';
import { quantityValue } from './quantities.js';
import { allowedNames, FieldError, quote, suggestName } from './user-error.js';
import type { FieldPath } from './yaml-file.js';

/**
 * Resolves the workload: sites to ids, quantities to ms.
 * @throws FieldError
 */
export function resolveWorkload(
  entries: readonly ExperimentWorkloadEntry[],
  topology: Topology,
  operations: readonly string[],
): WorkloadEntry[] {
  const names = new Set<string>();
  return entries.map((entry, index) => {
    const path = ['workload', index];
    return {
      name: entryName(entry, path, names),
      mix: resolveMix(entry, path, operations),
      inTurn: entry.sequence !== undefined,
      sites: resolveSites(entry.from, [...path, 'from'], topology),
      arrivals: resolveArrivals(entry, path),
      startMs: quantityValue('duration', entry.start),
    };
  });
}

/** Its own name, its operation, `mix` or `sequence`; numbered where entries would share one. */
function entryName(entry: ExperimentWorkloadEntry, path: FieldPath, taken: Set<string>): string {
  const base = entry.name ?? entry.operation ?? (entry.sequence ? 'sequence' : 'mix');
  if (entry.name !== undefined && taken.has(base)) {
    throw new FieldError([...path, 'name'], `${quote(base)} is the name of another entry`);
  }
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base}-${number}`;
  taken.add(name);
  return name;
}

function resolveMix(
  { operation, mix, sequence }: ExperimentWorkloadEntry,
  path: FieldPath,
  operations: readonly string[],
): OperationMix[] {
  if (sequence) {
    return sequence.map((name, index) => {
      if (operations.includes(name)) return { operation: name, weight: 1 };
      const problem = `${quote(name)} is not an operation${suggestName(name, operations)}`;
      throw new FieldError([...path, 'sequence', index], problem);
    });
  }
  const weights = mix ?? { [operation as string]: 1 };
  const field = mix ? 'mix' : 'operation';
  if (Object.keys(weights).length === 0) {
    const allowed = allowedNames(operations);
    throw new FieldError([...path, field], `is empty; give at least one operation${allowed}`);
  }
  return Object.entries(weights).map(([name, weight]) => {
    if (operations.includes(name)) return { operation: name, weight };
    const at = mix ? [...path, field, name] : [...path, field];
    throw new FieldError(at, `${quote(name)} is not an operation${suggestName(name, operations)}`);
  });
}

function resolveSites(
  from: ExperimentWorkloadEntry['from'],
  path: FieldPath,
  { name, sites }: Topology,
): string[] {
  const ids = sites.map((site) => site.id);
  if (from === 'every-site') return ids;
  if (Array.isArray(from)) {
    for (const [index, id] of from.entries()) {
      if (from.indexOf(id) < index) {
        throw new FieldError([...path, index], `${quote(id)} is listed twice`);
      }
      if (ids.includes(id)) continue;
      const problem = `${quote(id)} is not a site of the topology ${name}`;
      throw new FieldError([...path, index], problem + suggestName(id, ids));
    }
    return [...from];
  }
  const tiers = Array.isArray(from.tier) ? from.tier : [from.tier];
  const found = sites.filter((site) => tiers.includes(site.tier)).map((site) => site.id);
  if (found.length > 0) return found;
  const there = [...new Set(sites.map((site) => site.tier))];
  throw new FieldError(
    [...path, 'tier'],
    `the topology ${name} has no site of the tier ${tiers.join(', ')}${allowedNames(there)}`,
  );
}

function resolveArrivals(entry: ExperimentWorkloadEntry, path: FieldPath): Arrivals {
  const { arrivals, runner } = entry;
  const thinkTime = entry['think-time'];
  if (thinkTime !== undefined && !(runner?.constant || runner?.serial)) {
    const where = 'only users of the runners constant and serial think';
    throw new FieldError([...path, 'think-time'], where);
  }
  if (arrivals?.poisson !== undefined) {
    return { type: 'poisson', ratePerMs: quantityValue('frequency', arrivals.poisson) };
  }
  if (arrivals) {
    const rate = arrivals['constant-rate'] as string;
    return { type: 'constant-rate', ratePerMs: quantityValue('frequency', rate) };
  }
  if (runner?.burst) return { type: 'burst', count: runner.burst.count };
  const isExponential = typeof thinkTime === 'object';
  const pause = isExponential ? thinkTime.exponential : (thinkTime ?? '0 ms');
  return {
    type: 'closed',
    concurrency: runner?.constant?.concurrency ?? 1,
    times: (runner?.constant ?? runner?.serial)?.times ?? Number.POSITIVE_INFINITY,
    thinkTimeMs: quantityValue('duration', pause),
    thinkTimeDistribution: isExponential ? 'exponential' : 'constant',
  };
}
