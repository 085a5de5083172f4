import { expect } from 'vitest';
import { RandomStreams } from '../../src/random/index.js';
import { confidenceInterval, Tally } from '../../src/stats/index.js';

/** Consecutive seeds from 1. */
export const SEEDS = 1_000;
/** Independent replications under one seed, each begun in the steady state. */
export const REPLICATIONS = 10;

/**
 * Under each seed, Student's interval over the replications must cover the exact value as often as it
 * promises: 93 to 97 % of the seeds at 95 %. Coverage alone forgives an error that is small beside an
 * interval, so the mean over all seeds must also lie within 4 of its standard errors.
 */
export function expectCoverage(
  exact: Readonly<Record<string, number>>,
  estimate: (streams: RandomStreams) => Readonly<Record<string, number>>,
): void {
  const names = Object.keys(exact);
  const covered = names.map(() => 0);
  const means = names.map(() => new Tally());
  for (let seed = 1; seed <= SEEDS; seed++) {
    const values: number[][] = names.map(() => []);
    for (let replication = 1; replication <= REPLICATIONS; replication++) {
      const estimates = estimate(new RandomStreams(seed, replication));
      names.forEach((name, i) => {
        values[i].push(estimates[name]);
      });
    }
    names.forEach((name, i) => {
      const { mean, low, high } = confidenceInterval(values[i]);
      if (low <= exact[name] && exact[name] <= high) covered[i]++;
      means[i].add(mean);
    });
  }
  names.forEach((name, i) => {
    const share = covered[i] / SEEDS;
    const { mean, standardDeviation } = means[i];
    const offBy = (mean - exact[name]) / (standardDeviation / Math.sqrt(SEEDS));
    const found = `${name}: ${exact[name]}, found ${mean} (${offBy.toFixed(2)} standard errors), covered by ${share}`;
    if (process.env.SHOW_COVERAGE) console.log(found);
    expect(share, found).toBeGreaterThanOrEqual(0.93);
    expect(share, found).toBeLessThanOrEqual(0.97);
    expect(Math.abs(offBy), found).toBeLessThan(4);
  });
}
