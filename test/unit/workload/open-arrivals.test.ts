import { describe, expect, it } from 'vitest';
import { KOLMOGOROV_LIMIT, kolmogorovDistance } from '../random/kolmogorov.js';
import { entryOf, gapsOf, runWorkload, timesAt } from './lab-starter.js';

const poisson = (ratePerMs: number) => ({ type: 'poisson', ratePerMs }) as const;
const constantRate = (ratePerMs: number) => ({ type: 'constant-rate', ratePerMs }) as const;

describe('Poisson arrivals', () => {
  const starter = runWorkload([entryOf(poisson(0.05), { sites: ['oslo', 'lyon'] })], 400_000);

  it('come at their rate at each site, within 4 deviations of the Poisson count', () => {
    for (const site of [0, 1]) {
      expect(Math.abs(timesAt(starter, site).length - 20_000)).toBeLessThan(4 * Math.sqrt(20_000));
    }
    expect(timesAt(starter, 2)).toEqual([]);
  });

  it('have exponential gaps (Kolmogorov at 0.1 %)', () => {
    const gaps = gapsOf([0, ...timesAt(starter)]);
    expect(kolmogorovDistance(gaps, (x) => 1 - Math.exp(-0.05 * x))).toBeLessThan(KOLMOGOROV_LIMIT);
  });

  it('are scattered as much as Poisson counts: variance over mean is 1', () => {
    const counts = new Array(2000).fill(0);
    for (const time of timesAt(starter)) counts[Math.floor(time / 200)]++;
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
    // Fisher's index of dispersion is chi-square with n - 1 degrees of freedom: deviation sqrt(2/n).
    expect(Math.abs(squares / mean / 1999 - 1)).toBeLessThan(4 * Math.sqrt(2 / 1999));
  });

  it('do not wait for requests that never end', () => {
    const stuck = runWorkload([entryOf(poisson(0.05))], 10_000, { holdMs: () => Infinity });
    expect(timesAt(stuck)).toEqual(timesAt(runWorkload([entryOf(poisson(0.05))], 10_000)));
    expect(stuck.log.length).toBeGreaterThan(400);
  });

  it('begin at the start of their entry', () => {
    const late = runWorkload([entryOf(poisson(0.05), { startMs: 5000 })], 10_000);
    const early = runWorkload([entryOf(poisson(0.05))], 5000);
    expect(timesAt(late)[0]).toBeGreaterThan(5000);
    expect(late.log.length).toBe(early.log.length);
  });

  it('of rate 0 never come', () => {
    expect(runWorkload([entryOf(poisson(0))], 1e6).log).toEqual([]);
  });
});

describe('arrivals at a constant rate', () => {
  const starter = runWorkload(
    [entryOf(constantRate(0.02), { sites: ['oslo', 'lyon', 'rome'] })],
    10_000,
  );

  it('come one every 1/rate after a first within 1/rate', () => {
    for (const site of [0, 1, 2]) {
      const times = timesAt(starter, site);
      expect(times).toHaveLength(200);
      expect(times[0]).toBeLessThan(50);
      for (const gap of gapsOf(times)) expect(gap).toBeCloseTo(50, 6);
    }
  });

  it('are out of step between sites: else all would hit the core at once', () => {
    expect(new Set([0, 1, 2].map((site) => timesAt(starter, site)[0])).size).toBe(3);
  });

  it('have a first that is uniform over seeds (Kolmogorov at 0.1 %)', () => {
    const phases = Array.from({ length: 500 }, (_, i) => {
      const run = runWorkload([entryOf(constantRate(0.02))], 60, { seed: i + 1 });
      return timesAt(run)[0] / 50;
    });
    expect(kolmogorovDistance(phases, (x) => x)).toBeLessThan(KOLMOGOROV_LIMIT);
  });
});

describe('a trace', () => {
  it('is replayed at its times, in whatever order they are listed, twice at one time too', () => {
    const trace = { type: 'times', timesMs: [30, 10, 20, 20, 0] } as const;
    const starter = runWorkload([entryOf(trace, { sites: ['oslo', 'rome'] })], 1000);
    expect(timesAt(starter, 0)).toEqual([0, 10, 20, 20, 30]);
    expect(timesAt(starter, 2)).toEqual([0, 10, 20, 20, 30]);
  });

  it('of nothing starts nothing', () => {
    expect(runWorkload([entryOf({ type: 'times', timesMs: [] })], 1000).log).toEqual([]);
  });

  it.each([-1, Number.NaN])('refuses an arrival at %d ms', (time) => {
    const trace = { type: 'times', timesMs: [5, time] } as const;
    expect(() => runWorkload([entryOf(trace)], 10)).toThrow(`an arrival at ${time} ms`);
  });
});
