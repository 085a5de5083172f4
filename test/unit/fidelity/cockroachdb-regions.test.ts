import { describe, expect, it } from 'vitest';
import { loadBackends } from '../../../src/experiment/load-data.js';
import { cockroachDbRegions } from '../../../src/fidelity/families/cockroachdb-regions.js';
import type { FigureRow } from '../../../src/fidelity/figure.js';
import { rangeStatement } from '../../../src/fidelity/probes/range-statement.js';

function rowOf(columns: Record<string, string>): FigureRow {
  return {
    source: 'figures',
    line: 2,
    columns: {
      id: 'CRDB-0009',
      system: 'CockroachDB, 3 GCE regions (east1, east4, central1)',
      setup: 'client in east1 reading a range whose leaseholder is in central1',
      metric: 'single-key read',
      unit: 'ms',
      value: '33',
      ...columns,
    },
  };
}

describe('rows of CockroachDB over regions', () => {
  it('take client, leaseholder and statement from the columns', () => {
    const { figures, scenarios } = cockroachDbRegions.read([
      rowOf({}),
      rowOf({
        setup: 'client in west1 writing a range whose leader is in west1',
        metric: 'single-key write',
      }),
    ]);
    expect(figures.map(({ metric }) => metric)).toEqual([
      'read from east1, leaseholder in central1',
      'write from west1, leaseholder in west1',
    ]);
    expect(scenarios.size).toBe(2);
  });

  it.each([
    [{ setup: 'somewhere' }, /no client and leaseholder/],
    [{ setup: 'client in moon1 reading a range whose leaseholder is in east1' }, /"moon1"/],
    [{ metric: 'price' }, /no model of "price"/],
    [{ value: '' }, /value is ""/],
  ])('list a row with %o', (columns, reason) => {
    const { unread } = cockroachDbRegions.read([rowOf(columns as Record<string, string>)]);
    expect(unread).toEqual([{ id: 'CRDB-0009', reason: expect.stringMatching(reason) }]);
  });
});

describe('the probe of one statement', () => {
  const latencyMs = (client: number, leader: number, writes: boolean): number =>
    rangeStatement(
      {
        roundTripsMs: [
          [0, 10, 40],
          [10, 0, 30],
          [40, 30, 0],
        ],
        client,
        leader,
        writes,
      },
      { seed: 'test', backends: loadBackends() },
    ).latency;

  it('reads at the leaseholder and writes at it and its nearest follower', () => {
    expect(latencyMs(0, 2, false) - latencyMs(0, 0, false)).toBeCloseTo(40, 6);
    // A statement and a commit: to the leaseholder and back, and from it to the nearest follower.
    expect(latencyMs(0, 1, true) - latencyMs(1, 1, true)).toBeCloseTo(20, 6);
    expect(latencyMs(1, 1, true)).toBeGreaterThan(20);
    expect(latencyMs(1, 1, true)).toBeLessThan(26);
  });
});
