import type { Step } from '../../../src/operations/procedure-schema.js';
import { TIME_CATEGORIES } from '../../../src/operations/time-split.js';
import { type LittleCloud, type LittleCloudOptions, littleCloud } from './little-cloud.js';

/** Runs `op` once from time 0 and gives its latency and account. */
export function once(options: LittleCloudOptions): {
  ms: number;
  split: Record<string, number>;
  little: LittleCloud;
} {
  const little = littleCloud(options);
  little.ask(0);
  little.simulator.runUntil(100_000);
  const last = little.recorder.records[0].milestones.at(-1)!;
  const split = Object.fromEntries(
    TIME_CATEGORIES.map((name, i) => [name, last.split[i]] as const).filter(
      ([, value]) => value > 1e-9,
    ),
  );
  return { ms: last.latency.mean, split, little };
}

export const api = (...steps: Step[]) => ({
  'nova-api': { do: steps },
});
export const callApi = { rest: { to: 'nova-api', procedure: 'do' } } as const;
