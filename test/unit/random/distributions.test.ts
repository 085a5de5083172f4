import jstat from 'jstat';
import { describe, expect, it } from 'vitest';
import {
  type Distribution,
  deterministic,
  empirical,
  exponential,
  gamma,
  lognormal,
  pareto,
  RandomStreams,
  uniform,
  weibull,
} from '../../../src/random/index.js';
import { KOLMOGOROV_LIMIT, kolmogorovDistance } from './kolmogorov.js';

const DRAWS = 200_000;

function sample(distribution: Distribution, name: string, count = DRAWS): number[] {
  const stream = new RandomStreams(1, 0).stream(name);
  return Array.from({ length: count }, () => distribution.sample(stream));
}

interface Case {
  readonly label: string;
  readonly distribution: Distribution;
  readonly mean: number;
  readonly variance: number;
  readonly cdf: (x: number) => number;
}

/** With the logarithm's parameters worked out for mean 40 and coefficient of variation 0.5. */
const LOG_VARIANCE = Math.log(1.25);

const CASES: Case[] = [
  {
    label: 'uniform in [2, 5)',
    distribution: uniform(2, 5),
    mean: 3.5,
    variance: 9 / 12,
    cdf: (x) => (x - 2) / 3,
  },
  {
    label: 'exponential of mean 8',
    distribution: exponential(8),
    mean: 8,
    variance: 64,
    cdf: (x) => 1 - Math.exp(-x / 8),
  },
  {
    label: 'lognormal of mean 40 and coefficient of variation 0.5',
    distribution: lognormal(40, 0.5),
    mean: 40,
    variance: 400,
    cdf: (x) => jstat.lognormal.cdf(x, Math.log(40) - LOG_VARIANCE / 2, Math.sqrt(LOG_VARIANCE)),
  },
  {
    label: 'gamma of mean 6 and shape 3 (Erlang)',
    distribution: gamma(6, 3),
    mean: 6,
    variance: 12,
    cdf: (x) => 1 - Math.exp(-x / 2) * (1 + x / 2 + x ** 2 / 8),
  },
  {
    label: 'gamma of mean 6 and shape 0.5',
    distribution: gamma(6, 0.5),
    mean: 6,
    variance: 72,
    cdf: (x) => jstat.gamma.cdf(x, 0.5, 12),
  },
  {
    label: 'Weibull of scale 10 and shape 2 (Rayleigh)',
    distribution: weibull(10, 2),
    mean: 5 * Math.sqrt(Math.PI),
    variance: 100 * (1 - Math.PI / 4),
    cdf: (x) => 1 - Math.exp(-((x / 10) ** 2)),
  },
  {
    label: 'Weibull of scale 10 and shape 1 (exponential)',
    distribution: weibull(10, 1),
    mean: 10,
    variance: 100,
    cdf: (x) => 1 - Math.exp(-x / 10),
  },
  {
    label: 'Pareto of scale 3 and shape 5',
    distribution: pareto(3, 5),
    mean: 15 / 4,
    variance: (9 * 5) / (16 * 3),
    cdf: (x) => 1 - (3 / x) ** 5,
  },
];

describe.each(CASES)('$label', ({ label, distribution, mean, variance, cdf }) => {
  const values = sample(distribution, label);

  it('states its mean', () => {
    expect(distribution.mean / mean).toBeCloseTo(1, 7);
  });

  it('is drawn with that mean, within 4 standard errors', () => {
    const drawn = values.reduce((sum, value) => sum + value, 0) / DRAWS;
    expect(Math.abs(drawn - mean) / Math.sqrt(variance / DRAWS)).toBeLessThan(4);
  });

  it('follows its distribution function (Kolmogorov at 0.1 %)', () => {
    expect(kolmogorovDistance(values, cdf)).toBeLessThan(KOLMOGOROV_LIMIT);
  });

  it('draws for each of two streams as if the other were not there', () => {
    const streams = new RandomStreams(1, 0);
    const [own, other] = [streams.stream(label), streams.stream('other')];
    const mixed = Array.from({ length: 100 }, () => {
      distribution.sample(other);
      return distribution.sample(own);
    });
    expect(mixed).toEqual(values.slice(0, 100));
  });
});

describe('deterministic', () => {
  it('is its value and draws nothing', () => {
    const stream = new RandomStreams(1, 0).stream('a');
    expect([deterministic(5).sample(stream), deterministic(5).mean]).toEqual([5, 5]);
    expect(stream.uniform()).toBe(new RandomStreams(1, 0).stream('a').uniform());
  });
});

describe('empirical', () => {
  it('draws each observed value with the same chance, and one seen twice twice as often', () => {
    const distribution = empirical([1, 4, 4, 11]);
    expect(distribution.mean).toBe(5);
    const values = sample(distribution, 'empirical');
    for (const [value, share] of [
      [1, 1 / 4],
      [4, 1 / 2],
      [11, 1 / 4],
    ]) {
      const count = values.filter((drawn) => drawn === value).length;
      const deviation = Math.sqrt(DRAWS * share * (1 - share));
      expect(Math.abs(count - DRAWS * share) / deviation).toBeLessThan(4);
    }
    expect(values.every((value) => [1, 4, 11].includes(value))).toBe(true);
  });

  it('does not see later changes of the list', () => {
    const list = [3];
    const distribution = empirical(list);
    list[0] = 9;
    expect(sample(distribution, 'a', 1)).toEqual([3]);
  });
});

describe('heavy tails', () => {
  it('a Pareto of shape 1 or less has an infinite mean', () => {
    expect(pareto(1, 1).mean).toBe(Number.POSITIVE_INFINITY);
    expect(pareto(1, 1.5).mean).toBe(3);
  });
});

describe('refused parameters', () => {
  it.each([
    ['mean is 0', () => exponential(0)],
    ['mean is -1', () => exponential(-1)],
    ['mean is Infinity', () => lognormal(Number.POSITIVE_INFINITY, 1)],
    ['coefficient of variation is 0', () => lognormal(1, 0)],
    ['shape is NaN', () => gamma(1, Number.NaN)],
    ['scale is 0', () => weibull(0, 1)],
    ['shape is -2', () => pareto(1, -2)],
    ['uniform needs low <= high, not 3 and 2', () => uniform(3, 2)],
    ['high is Infinity', () => uniform(3, Number.POSITIVE_INFINITY)],
    ['value is NaN', () => deterministic(Number.NaN)],
    ['an empirical distribution needs at least one value', () => empirical([])],
    ['an observed value is NaN', () => empirical([1, Number.NaN])],
  ])('%s', (message, make) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(message);
  });
});
