import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RandomStream, RandomStreams } from '../../../src/random/index.js';
import { KOLMOGOROV_LIMIT, kolmogorovDistance } from './kolmogorov.js';

function draws(stream: RandomStream, count: number): number[] {
  return Array.from({ length: count }, () => stream.uniform());
}

/** Pearson's correlation. For independent draws it is normal with deviation 1/sqrt(n). */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((x, y) => x + y, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = mean(a.map((value, i) => (value - meanA) * (b[i] - meanB)));
  const varianceA = mean(a.map((value) => (value - meanA) ** 2));
  const varianceB = mean(b.map((value) => (value - meanB) ** 2));
  return product / Math.sqrt(varianceA * varianceB);
}

describe('a stream', () => {
  it('gives the same numbers on every machine: results of old studies stay comparable', () => {
    expect(draws(new RandomStreams(1, 0).stream('arrivals/site-12'), 3)).toMatchInlineSnapshot(`
      [
        0.25000284519046545,
        0.4615961436647922,
        0.7926404613535851,
      ]
    `);
  });

  it('stays within [0, 1) and is uniform (Kolmogorov at 0.1 %)', () => {
    const values = draws(new RandomStreams('uniform', 0).stream('a'), 100_000);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(kolmogorovDistance(values, (x) => x)).toBeLessThan(KOLMOGOROV_LIMIT);
  });

  it('goes on where it was when asked for again by name', () => {
    const streams = new RandomStreams(1, 0);
    const whole = draws(new RandomStreams(1, 0).stream('a'), 4);
    expect([...draws(streams.stream('a'), 2), ...draws(streams.stream('a'), 2)]).toEqual(whole);
  });
});

describe('streams', () => {
  it('are not shifted by one that draws more, or by one that is added', () => {
    const lean = new RandomStreams(7, 3);
    const quiet = draws(lean.stream('arrivals/site-1'), 50);

    const greedy = new RandomStreams(7, 3);
    draws(greedy.stream('jitter/link-4'), 1000);
    const busy: number[] = [];
    for (let i = 0; i < 50; i++) {
      draws(greedy.stream(`new/${i}`), i);
      busy.push(greedy.stream('arrivals/site-1').uniform());
    }
    expect(busy).toEqual(quiet);
  });

  it('differ in seed, replication and name, each a separate thing', () => {
    const triple = fc.tuple(
      fc.oneof(fc.nat(20), fc.constantFrom('1', '11', '["1",1', 'a,1')),
      fc.nat(20),
      fc.constantFrom('1', '11', 'a', 'a/1', '1,"a', '","', 'arrivals/site-1', 'arrivals/site-11'),
    );
    fc.assert(
      fc.property(triple, triple, (a, b) => {
        const same = String(a[0]) === String(b[0]) && a[1] === b[1] && a[2] === b[2];
        const [first, second] = [a, b].map(([seed, replication, name]) =>
          draws(new RandomStreams(seed, replication).stream(name), 4),
        );
        if (same) expect(first).toEqual(second);
        else expect(first).not.toEqual(second);
      }),
      { numRuns: 500 },
    );
  });

  it('take the seed 1 and the seed "1" for the same', () => {
    expect(new RandomStreams(1, 0).stream('a').uniform()).toBe(
      new RandomStreams('1', 0).stream('a').uniform(),
    );
  });

  it('with names, replications or seeds one apart begin independently (Kolmogorov at 0.1 %)', () => {
    const count = Array.from({ length: 5000 }, (_, i) => i);
    const families = [
      count.map((i) => new RandomStreams(1, 0).stream(`arrivals/site-${i}`).uniform()),
      count.map((i) => new RandomStreams(1, i).stream('arrivals/site-0').uniform()),
      count.map((i) => new RandomStreams(i, 0).stream('arrivals/site-0').uniform()),
    ];
    for (const family of families) {
      expect(kolmogorovDistance(family, (x) => x)).toBeLessThan(KOLMOGOROV_LIMIT);
      const lag = correlation(family.slice(1), family.slice(0, -1));
      expect(Math.abs(lag) * Math.sqrt(family.length)).toBeLessThan(3.5);
    }
  });

  it('with neighbouring names are not correlated', () => {
    const streams = new RandomStreams(1, 0);
    for (let i = 0; i < 20; i++) {
      const a = draws(streams.stream(`x/${i}`), 10_000);
      const b = draws(streams.stream(`x/${i + 1}/b`), 10_000);
      expect(Math.abs(correlation(a, b)) * 100).toBeLessThan(4);
    }
  });
});
