import type { ComponentResult, RunResult } from '../../experiment/results.js';
import { compareText } from '../factor-columns.js';
import { type Levels, matches } from './facets.js';
import { belongsTo, type Series } from './series.js';

/** Components shown for each placement. */
const SHOWN = 6;

/** Components of one name at several sites count as one row: its busiest. */
export interface ComponentGroup {
  name: string;
  /** Most members in any run. */
  members: number;
}

/** `glance-api@paris` is `glance-api` like that of any site; the node `paris/control` is `node control`. */
function groupName({ kind, component }: ComponentResult): string {
  return kind === 'node' ? `node ${component.split('/').at(-1)}` : component.split('@')[0];
}

/** Utilisation of the busiest member of each group in one run, and how many members it has. */
function busiestByGroup(run: RunResult): Map<string, { utilisation: number; members: number }> {
  const groups = new Map<string, { utilisation: number; members: number }>();
  for (const component of run.components) {
    const { utilisation } = component;
    if (!Number.isFinite(utilisation)) continue;
    const name = groupName(component);
    const known = groups.get(name) ?? { utilisation: 0, members: 0 };
    known.utilisation = Math.max(known.utilisation, utilisation);
    known.members += 1;
    groups.set(name, known);
  }
  return groups;
}

/** The groups with the highest utilisation anywhere in the study, busiest first. */
export function busiestGroups(runs: readonly RunResult[], series: Series): ComponentGroup[] {
  const peak = new Map<string, { utilisation: number; members: number }>();
  for (const run of runs.filter((candidate) => belongsTo(candidate.factors, series))) {
    for (const [name, { utilisation, members }] of busiestByGroup(run)) {
      const known = peak.get(name) ?? { utilisation: 0, members: 0 };
      known.utilisation = Math.max(known.utilisation, utilisation);
      known.members = Math.max(known.members, members);
      peak.set(name, known);
    }
  }
  return [...peak]
    .sort((a, b) => b[1].utilisation - a[1].utilisation || compareText(a[0], b[0]))
    .slice(0, SHOWN)
    .map(([name, { members }]) => ({ name, members }));
}

/** Mean over replications of the busiest member's utilisation; NaN where there is none. */
export function groupUtilisation(
  runs: readonly RunResult[],
  series: Series,
  group: ComponentGroup,
  levels: Levels,
): number {
  const values = runs
    .filter((run) => belongsTo(run.factors, series) && matches(run.factors, levels))
    .flatMap((run) => busiestByGroup(run).get(group.name)?.utilisation ?? []);
  return values.length === 0
    ? Number.NaN
    : values.reduce((sum, value) => sum + value, 0) / values.length;
}
