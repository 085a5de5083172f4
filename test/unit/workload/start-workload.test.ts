import { describe, expect, it } from 'vitest';
import { entryOf, runWorkload, SITES, type Started } from './lab-starter.js';

const MIX = [
  { operation: 'server-create', weight: 1 },
  { operation: 'server-list', weight: 6 },
  { operation: 'never', weight: 0 },
  { operation: 'token-issue', weight: 3 },
];
const POISSON = { type: 'poisson', ratePerMs: 0.05 } as const;
const CLOSED = {
  type: 'closed',
  concurrency: 2,
  times: 300,
  thinkTimeMs: 5,
  thinkTimeDistribution: 'exponential',
} as const;

describe('a mix', () => {
  it('is drawn by weight, within 4 standard errors', () => {
    const { log } = runWorkload([entryOf(POISSON, { mix: MIX })], 400_000);
    for (const { operation, weight } of MIX) {
      const share = weight / 10;
      const count = log.filter((started) => started.operation === operation).length;
      const deviation = Math.sqrt(log.length * share * (1 - share));
      expect(Math.abs(count - log.length * share)).toBeLessThanOrEqual(4 * deviation);
    }
  });

  it('in turn is a sequence, at each site by itself', () => {
    const mix = ['create', 'show', 'delete'].map((operation) => ({ operation, weight: 1 }));
    const trace = { type: 'times', timesMs: [1, 2, 3, 4] } as const;
    const entry = entryOf(trace, { mix, inTurn: true, sites: ['oslo', 'lyon'] });
    const { log } = runWorkload([entry], 10);
    for (const site of [0, 1]) {
      const taken = log.filter((started) => started.site === site);
      expect(taken.map(({ operation }) => operation)).toEqual([
        'create',
        'show',
        'delete',
        'create',
      ]);
    }
  });

  it('without a positive weight is refused', () => {
    const mix = [{ operation: 'a', weight: 0 }];
    expect(() => runWorkload([entryOf(POISSON, { mix })], 1)).toThrow('needs a positive weight');
  });
});

describe('common random numbers', () => {
  const entry = entryOf(POISSON, { mix: MIX, sites: SITES });
  const bySite = (log: readonly Started[], site: number) =>
    log.filter((started) => started.site === site);

  it('one seed gives one workload, another seed another', () => {
    const { log } = runWorkload([entry], 10_000);
    expect(runWorkload([entry], 10_000).log).toEqual(log);
    expect(runWorkload([entry], 10_000, { seed: 2 }).log).not.toEqual(log);
  });

  it('open arrivals are the same however slow the system', () => {
    const { log } = runWorkload([entry], 10_000);
    expect(runWorkload([entry], 10_000, { holdMs: (n) => 1 + (n % 700) }).log).toEqual(log);
  });

  it('a closed runner asks for the same operations in the same order however slow the system', () => {
    const operations = (holdMs: number) =>
      runWorkload([entryOf(CLOSED, { mix: MIX })], 1e6, { holdMs: () => holdMs }).log.map(
        ({ operation }) => operation,
      );
    expect(operations(1)).toHaveLength(300);
    expect(operations(80)).toEqual(operations(1));
  });

  it('an entry more or a site less changes nothing for the others', () => {
    const alone = runWorkload([entry], 10_000).log;
    const mix = [{ operation: 'other', weight: 1 }];
    const others = [
      entryOf(CLOSED, { name: 'other-closed', mix }),
      entryOf(POISSON, { name: 'other-open', mix, sites: SITES }),
    ];
    const together = runWorkload([...others, entry], 10_000).log;
    expect(together.filter(({ operation }) => operation !== 'other')).toEqual(alone);

    const fewer = runWorkload([{ ...entry, sites: ['rome'] }], 10_000).log;
    expect(fewer).toEqual(bySite(alone, 2));
  });

  it('sites and entries of one rate are independent of each other', () => {
    const second = { ...entry, name: 'second' };
    const { log } = runWorkload([entry, second], 10_000);
    const times = SITES.flatMap((_, site) => bySite(log, site).map(({ timeMs }) => timeMs));
    expect(new Set(times).size).toBe(times.length);
  });
});

describe('the next arrival', () => {
  it('is scheduled by the present one: pending events do not grow with the length of the run', () => {
    const starter = runWorkload([entryOf(POISSON, { sites: SITES })], 1_000, {
      holdMs: () => Infinity,
    });
    expect(starter.log.length).toBeGreaterThan(100);
    expect(starter.simulator.pendingCount).toBe(SITES.length);
  });
});
