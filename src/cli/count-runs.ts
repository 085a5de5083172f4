import type { PlannedStudy } from '../experiment/study.js';

/** `45 design points x 5 replications = 225 runs, seed 1` */
export function countRuns({ scenarios, replications, study }: PlannedStudy): string {
  const runs = scenarios.length * replications;
  return (
    `${plural(scenarios.length, 'design point')} x ${plural(replications, 'replication')} = ` +
    `${plural(runs, 'run')}, seed ${study.seed}`
  );
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
