import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InfrastructureView, SiteView } from '../../../src/placement/infrastructure.js';
import { mostCentralSite, partitionByLatency } from '../../../src/placement/regions.js';

function onALine(positions: readonly number[]): InfrastructureView {
  const sites = positions.map(
    (_, i): SiteView => ({
      id: `s${i}`,
      name: `s${i}`,
      tier: 'regional',
      computes: 1,
      controlCores: 8,
    }),
  );
  const at = new Map(sites.map(({ id }, i) => [id, positions[i]]));
  return { sites, roundTripMs: (a, b) => Math.abs(at.get(a)! - at.get(b)!) };
}

describe('regions by latency', () => {
  it('the most central site is the median of a line', () => {
    expect(mostCentralSite(onALine([0, 1, 2, 10, 11])).id).toBe('s2');
  });

  it('finds two clusters', () => {
    const regions = partitionByLatency(onALine([0, 1, 2, 100, 101, 102]), 2);
    expect(regions.map(({ centre }) => centre.id)).toEqual(['s1', 's4']);
    expect(regions.map(({ sites }) => sites.map(({ id }) => id))).toEqual([
      ['s0', 's1', 's2'],
      ['s3', 's4', 's5'],
    ]);
  });

  it('puts every site into exactly one region, that of the nearest centre', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        (positions, count) => {
          const infrastructure = onALine(positions);
          const regions = partitionByLatency(infrastructure, count);
          const seen = regions.flatMap(({ sites }) => sites.map(({ id }) => id)).sort();
          expect(seen).toEqual(infrastructure.sites.map(({ id }) => id).sort());
          expect(regions.length).toBeLessThanOrEqual(Math.min(count, positions.length));
          for (const region of regions) {
            for (const site of region.sites) {
              const own = infrastructure.roundTripMs(site.id, region.centre.id);
              for (const other of regions)
                expect(own).toBeLessThanOrEqual(
                  infrastructure.roundTripMs(site.id, other.centre.id),
                );
            }
          }
        },
      ),
    );
  });
});
