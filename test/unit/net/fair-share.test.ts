import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairShare, type SharingFlow } from '../../../src/net/fair-share.js';

interface Case {
  capacities: number[];
  flows: { path: number[]; cap: number }[];
}

/** As slow as it is plain: raise all rates by small equal steps until a cap or an arc stops them. */
function referenceShares({ capacities, flows }: Case): number[] {
  const rates = flows.map(() => 0);
  const stopped = flows.map(() => false);
  while (stopped.includes(false)) {
    let step = Infinity;
    capacities.forEach((capacity, arc) => {
      const on = flows.map((flow, f) => (flow.path.includes(arc) ? f : -1)).filter((f) => f >= 0);
      const moving = on.filter((f) => !stopped[f]).length;
      const used = on.reduce((sum, f) => sum + rates[f], 0);
      if (moving > 0) step = Math.min(step, (capacity - used) / moving);
    });
    flows.forEach((flow, f) => {
      if (!stopped[f]) step = Math.min(step, flow.cap - rates[f]);
    });
    flows.forEach((_flow, f) => {
      if (!stopped[f]) rates[f] += step;
    });
    flows.forEach((flow, f) => {
      const full = flow.path.some((arc) => {
        const used = flows.reduce((sum, x, g) => sum + (x.path.includes(arc) ? rates[g] : 0), 0);
        return used >= capacities[arc] - 1e-9;
      });
      if (rates[f] >= flow.cap - 1e-9 || full) stopped[f] = true;
    });
  }
  return rates;
}

function shares({ capacities, flows }: Case): number[] {
  const sharing = flows.map(
    ({ path, cap }): SharingFlow => ({
      path: Int32Array.from(path),
      capBps: cap,
      shareBps: -1,
      frozen: false,
    }),
  );
  const flowsOn = capacities.map((_c, arc) => sharing.filter((flow) => flow.path.includes(arc)));
  new FairShare(capacities.length).share([...sharing], Float64Array.from(capacities), flowsOn);
  return sharing.map((flow) => flow.shareBps);
}

describe('FairShare', () => {
  it('shares one arc equally', () => {
    const flows = [1, 2, 3].map(() => ({ path: [0], cap: 100 }));
    expect(shares({ capacities: [90], flows })).toEqual([30, 30, 30]);
  });

  it('gives what a capped flow leaves to the others', () => {
    const flows = [10, 100, 100].map((cap) => ({ path: [0], cap }));
    expect(shares({ capacities: [90], flows })).toEqual([10, 40, 40]);
  });

  it('solves the parking lot: one long flow, one short flow on each arc', () => {
    const flows = [
      { path: [0, 1, 2], cap: 100 },
      { path: [0], cap: 100 },
      { path: [1], cap: 100 },
      { path: [2], cap: 100 },
    ];
    expect(shares({ capacities: [10, 20, 40], flows })).toEqual([5, 5, 15, 35]);
  });

  it('agrees with the plain algorithm on random networks', () => {
    const capacity = fc.integer({ min: 1, max: 50 });
    const flow = fc.record({
      path: fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }),
      cap: fc.integer({ min: 1, max: 60 }),
    });
    const networks = fc.record({
      capacities: fc.array(capacity, { minLength: 6, maxLength: 6 }),
      flows: fc.array(flow, { minLength: 1, maxLength: 12 }),
    });
    fc.assert(
      fc.property(networks, (network) => {
        const expected = referenceShares(network);
        shares(network).forEach((share, f) => {
          expect(share).toBeCloseTo(expected[f], 6);
        });
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
