import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineEventKind } from '../../../src/kernel/event-kind.js';
import { type Network, TRAFFIC_KINDS } from '../../../src/net/network.js';
import { PAYLOAD_SHARE } from '../../../src/net/tcp.js';
import { arrive, type Bench, bench, topologyOf } from './lab.js';

const IMAGE = TRAFFIC_KINDS.indexOf('image');
const RPC = TRAFFIC_KINDS.indexOf('rpc');

/** Ms that so much payload takes at a link of this capacity. */
const sendMs = (bytes: number, bps: number): number => (bytes * 8000) / (bps * PAYLOAD_SHARE);

/** So near that slow start is over at once. */
const NEAR = 1e-6;

function send(b: Bench, from: number, to: number, bytes: number, argument: number): number {
  return b.network.transfer(from, to, bytes, IMAGE, arrive, b, argument);
}

interface Later {
  bench: Bench;
  run: () => void;
}
const runLater = defineEventKind('test-later', (later: Later) => later.run());
function at(b: Bench, timeMs: number, run: () => void): void {
  b.simulator.scheduleAt(timeMs, runLater, { bench: b, run });
}

function imageBytes(network: Network): Map<string, number> {
  const rows = network.results().filter((row) => row.traffic === 'image');
  return new Map(rows.map((row) => [row.link, row.bytes]));
}

describe('transfer', () => {
  it('takes the line rate of the slowest link, less headers, and the way of the last byte', () => {
    const b = bench(
      topologyOf(3, [
        { a: 0, b: 1, latencyMs: NEAR, capacityBps: 1e9 },
        { a: 1, b: 2, latencyMs: NEAR, capacityBps: 100e6 },
      ]),
    );
    send(b, 0, 2, 10e6, 0);
    b.simulator.run();
    expect(b.arrivedMs[0]).toBeCloseTo(sendMs(10e6, 100e6), 1);
  });

  it('is limited by the window over the round trip', () => {
    const links = [{ a: 0, b: 1, latencyMs: 50, capacityBps: 100e9 }];
    const b = bench(topologyOf(2, links), { maxWindowBytes: 1448 * 1000, siteRateBps: 1 });
    send(b, 0, 1, 1448 * 100_000, 0);
    b.simulator.run();
    // 10, 20, ... 640 segments in 7 rounds, then 1000 a round; the last round ends in mid-flight.
    const rounds = 7 + (100_000 - 1270) / 1000;
    expect(b.arrivedMs[0]).toBeCloseTo(rounds * 100 + 50, 3);
  });

  it('shares a link equally, and speeds up when one is done', () => {
    const b = bench(topologyOf(2, [{ a: 0, b: 1, latencyMs: NEAR, capacityBps: 100e6 }]));
    send(b, 0, 1, 10e6, 0);
    send(b, 0, 1, 20e6, 1);
    b.simulator.run();
    expect(b.arrivedMs[0]).toBeCloseTo(sendMs(20e6, 100e6), 1);
    expect(b.arrivedMs[1]).toBeCloseTo(sendMs(30e6, 100e6), 1);
  });

  it('uses each direction of a link apart', () => {
    const b = bench(topologyOf(2, [{ a: 0, b: 1, latencyMs: NEAR, capacityBps: 100e6 }]));
    send(b, 0, 1, 10e6, 0);
    send(b, 1, 0, 10e6, 1);
    b.simulator.run();
    expect(b.arrivedMs[0]).toBeCloseTo(sendMs(10e6, 100e6), 1);
    expect(b.arrivedMs[1]).toBeCloseTo(b.arrivedMs[0], 6);
  });

  it('within a site takes the rate of the hosts', () => {
    const b = bench(topologyOf(2, [{ a: 0, b: 1 }]), { siteRateBps: 1e9 });
    send(b, 1, 1, 1e6, 0);
    b.simulator.run();
    expect(b.arrivedMs[0]).toBeCloseTo(8.05, 9);
  });

  it('of nothing takes the way alone', () => {
    const b = bench(topologyOf(2, [{ a: 0, b: 1, latencyMs: 7 }]));
    send(b, 0, 1, 0, 0);
    b.simulator.run();
    expect(b.arrivedMs[0]).toBeCloseTo(7, 9);
    expect(() => send(b, 0, 1, -1, 0)).toThrow(/-1 bytes/);
  });

  it('can be given up, to the benefit of the others', () => {
    const b = bench(topologyOf(2, [{ a: 0, b: 1, latencyMs: NEAR, capacityBps: 100e6 }]));
    const first = send(b, 0, 1, 100e6, 0);
    send(b, 0, 1, 10e6, 1);
    const halfMs = sendMs(10e6, 100e6);
    at(b, halfMs, () => {
      expect(b.network.remainingBytes(first)).toBeCloseTo(95e6, -4);
      expect(b.network.cancelTransfer(first)).toBe(true);
      expect(b.network.cancelTransfer(first)).toBe(false);
    });
    b.simulator.run();
    expect(b.arrivedMs[0]).toBeUndefined();
    expect(b.arrivedMs[1]).toBeCloseTo(1.5 * halfMs, 1);
    expect(b.network.transferCount).toBe(0);
  });

  it('can be given up while its last byte is under way', () => {
    const b = bench(topologyOf(2, [{ a: 0, b: 1, latencyMs: 100 }]));
    const handle = send(b, 0, 1, 1000, 0);
    at(b, 50, () => expect(b.network.cancelTransfer(handle)).toBe(true));
    b.simulator.run();
    expect(b.arrivedMs).toEqual([]);
  });

  it('waits out a cut, or takes another way', () => {
    const links = [
      { a: 0, b: 1, latencyMs: NEAR, capacityBps: 100e6 },
      { a: 0, b: 2, latencyMs: 1, capacityBps: 50e6 },
      { a: 2, b: 1, latencyMs: 1, capacityBps: 50e6 },
    ];
    const b = bench(topologyOf(3, links));
    send(b, 0, 1, 30e6, 0);
    const tenMs = sendMs(10e6, 100e6);
    at(b, tenMs, () => b.network.setLinkUp(0, false));
    at(b, 3 * tenMs, () => b.network.setLinkUp(1, false));
    at(b, 10 * tenMs, () => b.network.setLinkUp(0, true));
    b.simulator.run();
    // 10 MB at once, 10 MB at half the rate, a wait, 10 MB at once.
    expect(b.arrivedMs[0] / (11 * tenMs)).toBeCloseTo(1, 2);
  });

  it('leaves to messages a full buffer on a link that it fills, and nothing on others', () => {
    const b = bench(topologyOf(2, [{ a: 0, b: 1, latencyMs: 0, capacityBps: 100e6 }]), {
      bufferMs: 12,
    });
    const alone = b.network.transitMs(0, 1, 100, RPC);
    send(b, 0, 1, 100e6, 0);
    b.simulator.runUntil(1000);
    expect(b.network.transitMs(0, 1, 100, RPC)).toBeCloseTo(alone + 12, 6);
    expect(b.network.transitMs(1, 0, 100, RPC)).toBeCloseTo(alone, 6);
  });

  it('has what messages leave of a link', () => {
    const b = bench(topologyOf(2, [{ a: 0, b: 1, latencyMs: NEAR, capacityBps: 10e6 }]));
    // Messages of 1538 bytes on the line, so that they take 40 % of the link, from 0 to 40 s.
    const everyMs = (1538 * 8) / 4000;
    for (let t = 0; t < 40_000; t += everyMs) at(b, t, () => b.network.transitMs(0, 1, 1448, RPC));
    let before = 0;
    let handle = 0;
    at(b, 20_000, () => {
      handle = send(b, 0, 1, 1e9, 0);
    });
    at(b, 30_001, () => {
      before = b.network.remainingBytes(handle);
    });
    at(b, 39_999, () => {
      const rateBps = ((before - b.network.remainingBytes(handle)) * 8000) / 9998;
      expect(rateBps / (0.6 * 10e6 * PAYLOAD_SHARE)).toBeCloseTo(1, 2);
      b.network.cancelTransfer(handle);
    });
    b.simulator.run();
    expect(before).toBeGreaterThan(0);
  });
});

describe('many transfers', () => {
  interface Plan {
    links: { a: number; b: number; capacityBps: number; latencyMs: number }[];
    transfers: { from: number; to: number; bytes: number; startMs: number }[];
    cut: { link: number; downMs: number; upMs: number };
  }
  const site = fc.integer({ min: 0, max: 5 });
  const plans: fc.Arbitrary<Plan> = fc.record({
    // A ring, so that all sites reach each other, with chords.
    links: fc
      .array(
        fc.record({
          capacityBps: fc.integer({ min: 1, max: 50 }).map((m) => m * 1e6),
          latencyMs: fc.integer({ min: 0, max: 30 }),
        }),
        { minLength: 6, maxLength: 6 },
      )
      .map((links) => links.map((link, a) => ({ a, b: (a + 1) % 6, ...link }))),
    transfers: fc.array(
      fc
        .record({
          from: site,
          to: site,
          bytes: fc.integer({ min: 1, max: 5_000_000 }),
          startMs: fc.integer({ min: 0, max: 2000 }),
        })
        .filter(({ from, to }) => from !== to),
      { minLength: 1, maxLength: 20 },
    ),
    cut: fc.record({
      link: fc.integer({ min: 0, max: 5 }),
      downMs: fc.integer({ min: 0, max: 1500 }),
      upMs: fc.integer({ min: 1600, max: 3000 }),
    }),
  });

  /** Starts all transfers; adds up what each link must have carried at least. */
  function play(plan: Plan, withCut: boolean): Bench {
    const b = bench(topologyOf(6, plan.links));
    plan.transfers.forEach(({ from, to, bytes, startMs }, n) => {
      at(b, startMs, () => send(b, from, to, bytes, n));
    });
    if (withCut) {
      at(b, plan.cut.downMs, () => b.network.setLinkUp(plan.cut.link, false));
      at(b, plan.cut.upMs, () => b.network.setLinkUp(plan.cut.link, true));
    }
    return b;
  }

  it('all arrive, and each link carried what went over it, byte for byte', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const b = play(plan, false);
        b.simulator.run();
        const expected = new Map<string, number>();
        plan.transfers.forEach(({ from, to, bytes, startMs }, n) => {
          const latencyMs = b.network.roundTripMs(from, to) / 2;
          expect(b.arrivedMs[n]).toBeGreaterThanOrEqual(startMs + latencyMs);
          for (const link of b.network.pathLinks(from, to)) {
            const name = b.network.linkNames[link];
            expected.set(name, (expected.get(name) ?? 0) + bytes * (1 + 66 / 1448));
          }
        });
        const carried = imageBytes(b.network);
        expect([...carried.keys()].sort()).toEqual([...expected.keys()].sort());
        for (const [name, bytes] of expected) {
          expect(carried.get(name)! / bytes).toBeCloseTo(1, 9);
        }
        for (const row of b.network.results()) {
          expect(row.peakUtilisation).toBeLessThanOrEqual(1 + 1e-9);
          expect(row.meanUtilisation).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  it('all arrive though a link goes down and comes back, with the bytes sent no fewer', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const b = play(plan, true);
        b.simulator.run();
        for (const n of plan.transfers.keys()) expect(b.arrivedMs[n]).toBeGreaterThan(0);
        expect(b.network.transferCount).toBe(0);
        const carried = [...imageBytes(b.network).values()].reduce((x, y) => x + y, 0);
        const sent = plan.transfers.reduce((sum, { bytes }) => sum + bytes, 0);
        expect(carried).toBeGreaterThanOrEqual(sent * (1 + 66 / 1448) * (1 - 1e-9));
      }),
      { numRuns: 60, seed: 6 },
    );
  });

  it('never load a link beyond its capacity', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const b = play(plan, false);
        for (let timeMs = 50; timeMs < 4000; timeMs += 50) {
          b.simulator.runUntil(timeMs);
          for (const { loadBps, capacityBps } of b.network.bulkLoads()) {
            expect(loadBps).toBeLessThanOrEqual(capacityBps * PAYLOAD_SHARE * (1 + 1e-6));
            expect(loadBps).toBeGreaterThanOrEqual(-1);
          }
        }
      }),
      { numRuns: 40, seed: 8 },
    );
  });
});
