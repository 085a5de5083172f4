import { describe, expect, it } from 'vitest';
import { erlangC, jackson, mg1, mmc, mmcDistribution, trafficRates } from './closed-forms.js';

describe('the closed forms', () => {
  it('agree with values worked out by hand', () => {
    // M/M/1 at 0.5: 0.5 wait. M/M/2 at 1 erlang: a third has to wait, and a third waits on average.
    expect(mmc(0.5, 1, 1)).toEqual({
      utilisation: 0.5,
      meanQueueLength: 0.5,
      meanInSystem: 1,
      meanResponseMs: 2,
    });
    expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 14);
    expect(mmc(1, 1, 2).meanQueueLength).toBeCloseTo(1 / 3, 14);
    // M/D/1 waits half as long as M/M/1.
    expect(mg1(0.5, 1, 0).meanQueueLength).toBe(0.25);
    expect(mg1(0.5, 1, 1)).toEqual(mmc(0.5, 1, 1));
    expect(() => mmc(2, 1, 2)).toThrow('a load of 2 on 2 has no steady state');
  });

  it('agree with a table of Erlang C', () => {
    // The sum formula, written out: load^c/c! c/(c - load) over that plus the sum of load^k/k!.
    const direct = (servers: number, load: number) => {
      let term = 1;
      let sum = 0;
      for (let k = 0; k < servers; k++) {
        sum += term;
        term *= load / (k + 1);
      }
      const wait = (term * servers) / (servers - load);
      return wait / (sum + wait);
    };
    for (const servers of [1, 2, 3, 10, 32]) {
      for (const share of [0.1, 0.5, 0.9]) {
        expect(erlangC(servers, share * servers)).toBeCloseTo(direct(servers, share * servers), 13);
      }
    }
  });

  it('agree with one another on the law of the number in the system', () => {
    for (const [load, servers] of [
      [0.6, 1],
      [2.4, 3],
      [1.2, 2],
    ]) {
      const below = mmcDistribution(load, servers);
      let mean = 0;
      for (let n = 0; n < 2_000; n++) mean += 1 - below(n);
      expect(mean).toBeCloseTo(mmc(load, 1, servers).meanInSystem, 9);
    }
  });

  it('solve the traffic equations', () => {
    const network = {
      arrivalRates: [1, 0],
      meanServicesMs: [0.1, 0.2],
      servers: [1, 2],
      routing: [
        [0, 0.5],
        [1, 0],
      ],
    };
    // Half of those who leave the first come back to it through the second: 1 / (1 - 0.5).
    expect(trafficRates(network)).toEqual([2, 1]);
    expect(jackson(network)[0]).toEqual(mmc(2, 0.1, 1));
  });
});
