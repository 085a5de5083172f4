import { describe, expect, it } from 'vitest';
import { CONNECTION_SETUPS } from '../../../src/net/connection-setup.js';
import { TRAFFIC_KINDS } from '../../../src/net/network.js';
import { bench, topologyOf } from './lab.js';

const RPC = TRAFFIC_KINDS.indexOf('rpc');
const SQL = TRAFFIC_KINDS.indexOf('sql');

/** Three sites in a row: 10 ms at 100 Mbit/s, then 5 ms at 1 Gbit/s. */
const ROW = topologyOf(3, [
  { a: 0, b: 1, latencyMs: 10, capacityBps: 100e6 },
  { a: 1, b: 2, latencyMs: 5, capacityBps: 1e9 },
]);

/** Ms on the line of so many bytes at so many bit/s. */
const lineMs = (bytes: number, bps: number): number => (bytes * 8000) / bps;

describe('transitMs', () => {
  it('is propagation and serialisation, where nothing else is', () => {
    const { network } = bench(ROW);
    const packet = 300 + 90;
    const expected = 15 + lineMs(packet, 100e6) + lineMs(packet, 1e9);
    expect(network.transitMs(0, 2, 300, RPC)).toBeCloseTo(expected, 9);
    expect(network.transitMs(2, 0, 300, RPC)).toBeCloseTo(expected, 9);
  });

  it('sends the packets of a message one behind the other: the slowest link counts', () => {
    const { network } = bench(ROW);
    const bytes = 4 * 1448;
    const expected = 15 + lineMs(4 * 1538, 100e6) + lineMs(1538, 1e9);
    expect(network.transitMs(0, 2, bytes, RPC)).toBeCloseTo(expected, 9);
  });

  it('is a constant within a site', () => {
    const { network } = bench(ROW);
    expect(network.transitMs(1, 1, 1e6, RPC)).toBe(0.05);
    expect(network.roundTripMs(1, 1)).toBe(0.1);
    expect(network.results()).toEqual([]);
  });

  it('waits for acknowledgements where a message exceeds the initial window', () => {
    const fast = topologyOf(2, [{ a: 0, b: 1, latencyMs: 25, capacityBps: 1e15 }]);
    const { network } = bench(fast);
    // 10, 20, 40 segments: one, two, three rounds.
    expect(network.transitMs(0, 1, 14_480, RPC)).toBeCloseTo(25, 3);
    expect(network.transitMs(0, 1, 14_481, RPC)).toBeCloseTo(75, 3);
    expect(network.transitMs(0, 1, 43_440, RPC)).toBeCloseTo(75, 3);
    expect(network.transitMs(0, 1, 43_441, RPC)).toBeCloseTo(125, 3);
  });

  it('queues behind what was sent before, and forgets what was served', () => {
    const { network, simulator } = bench(ROW);
    const alone = 10 + lineMs(1090, 100e6);
    const serialMs = lineMs(1090, 100e6);
    for (let n = 0; n < 5; n++) {
      expect(network.transitMs(0, 1, 1000, RPC)).toBeCloseTo(alone + n * serialMs, 9);
    }
    expect(network.transitMs(1, 0, 1000, RPC)).toBeCloseTo(alone, 9);
    simulator.runUntil(5 * serialMs);
    expect(network.transitMs(0, 1, 1000, RPC)).toBeCloseTo(alone, 9);
  });

  it('counts one wait for a burst over several links of one speed', () => {
    const links = [0, 1, 2].map((a) => ({ a, b: a + 1, latencyMs: 2, capacityBps: 10e6 }));
    const { network } = bench(topologyOf(4, links));
    const serialMs = lineMs(1090, 10e6);
    for (let n = 0; n < 4; n++) {
      expect(network.transitMs(0, 3, 1000, RPC)).toBeCloseTo(6 + (3 + n) * serialMs, 9);
    }
  });

  it('does not queue behind a message still in flight upstream', () => {
    // The long message from far away will not be at the last link for 100 ms.
    const links = [
      { a: 0, b: 1, latencyMs: 100, capacityBps: 1e9 },
      { a: 1, b: 2, latencyMs: 1, capacityBps: 1e9 },
    ];
    const { network, simulator } = bench(topologyOf(3, links));
    network.transitMs(0, 2, 10_000, RPC);
    simulator.runUntil(1);
    expect(network.transitMs(1, 2, 100, RPC)).toBeCloseTo(1 + lineMs(190, 1e9), 9);
  });

  it('has M/D/1 waits on one link under Poisson arrivals', () => {
    // Pollaczek and Khinchine: W = rho s / (2 (1 - rho)), s = 1 ms, rho = 0.7: 1.1667 ms.
    const { network, simulator } = bench(
      topologyOf(2, [{ a: 0, b: 1, latencyMs: 0, capacityBps: 1090 * 8000 }]),
    );
    let state = 12345;
    const uniform = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    let sum = 0;
    const count = 200_000;
    let timeMs = 0;
    for (let n = 0; n < count; n++) {
      timeMs -= Math.log(1 - uniform()) / 0.7;
      simulator.runUntil(timeMs);
      sum += network.transitMs(0, 1, 1000, RPC) - 1;
    }
    expect(sum / count).toBeGreaterThan(1.1667 * 0.95);
    expect(sum / count).toBeLessThan(1.1667 * 1.05);
  });

  it('draws jitter with the mean of each link, from streams that others do not shift', () => {
    const links = [
      { a: 0, b: 1, latencyMs: 1, capacityBps: 1e15, jitterMs: 2 },
      { a: 1, b: 2, latencyMs: 1, capacityBps: 1e15, jitterMs: 3 },
    ];
    const first = bench(topologyOf(3, links)).network;
    let sum = 0;
    const alone: number[] = [];
    for (let n = 0; n < 40_000; n++) sum += first.transitMs(0, 2, 100, RPC) - 2;
    expect(sum / 40_000).toBeCloseTo(5, 1);
    const second = bench(topologyOf(3, links)).network;
    const third = bench(topologyOf(3, links)).network;
    for (let n = 0; n < 10; n++) alone.push(second.transitMs(0, 1, 100, RPC));
    for (let n = 0; n < 10; n++) {
      third.transitMs(1, 2, 100, RPC);
      expect(third.transitMs(0, 1, 100, RPC)).toBe(alone[n]);
    }
  });

  it('is Infinity where no way leads there, and another way round a cut', () => {
    const triangle = topologyOf(3, [
      { a: 0, b: 1, latencyMs: 1, capacityBps: 1e15 },
      { a: 1, b: 2, latencyMs: 1, capacityBps: 1e15 },
      { a: 0, b: 2, latencyMs: 5, capacityBps: 1e15 },
    ]);
    const { network } = bench(triangle);
    expect(network.roundTripMs(0, 2)).toBe(4);
    network.setLinkUp(network.linkIndex('s1--s0'), false);
    expect(network.roundTripMs(0, 2)).toBe(10);
    expect(network.transitMs(0, 1, 0, RPC)).toBeCloseTo(6, 6);
    network.setLinkUp(2, false);
    expect(network.transitMs(0, 2, 0, RPC)).toBe(Infinity);
    expect(network.trainMs(0, 2, 2, 10, 10, SQL)).toBe(Infinity);
    expect(network.isReachable(0, 2)).toBe(false);
    expect(network.isReachable(1, 2)).toBe(true);
    network.setLinkUp(0, true);
    expect(network.roundTripMs(0, 2)).toBe(4);
  });
});

describe('loss', () => {
  // Measured over an emulated link of 50 ms RTT that loses packets both ways, 20 connections: an
  // autocommitted UPDATE, so one message each way (MariaDB 10.11, mean and 99th percentile in ms).
  // 50.97 ms is the median, which loss does not move.
  const MEASURED = [
    [0.01, 56.36, 307.6],
    [0.03, 70.3, 338.5],
  ] as const;

  it.each(MEASURED)('of %f each way reproduces the measured mean and p99', (loss, mean, p99) => {
    const { network } = bench(
      topologyOf(2, [{ a: 0, b: 1, latencyMs: 25, capacityBps: 1e15, lossRate: loss }]),
    );
    const samples = Array.from(
      { length: 100_000 },
      () => network.trainMs(0, 1, 1, 100, 50, SQL) + 0.97,
    );
    samples.sort((x, y) => x - y);
    const sum = samples.reduce((x, y) => x + y, 0);
    expect(Math.abs(sum / samples.length / mean - 1)).toBeLessThan(0.06);
    expect(Math.abs(samples[99_000] / p99 - 1)).toBeLessThan(loss === 0.01 ? 0.03 : 0.12);
    expect(samples[50_000]).toBeCloseTo(50.97, 0);
  });

  it('inside a long message costs one round trip', () => {
    const links = [{ a: 0, b: 1, latencyMs: 10, capacityBps: 1e15, lossRate: 0.001 }];
    const { network } = bench(topologyOf(2, links));
    let sum = 0;
    for (let n = 0; n < 50_000; n++) sum += network.transitMs(0, 1, 10 * 1448, RPC) - 10;
    // One in a hundred messages of ten packets; another one in a thousand of those waits longer.
    const expected = (1 - 0.999 ** 10) * (20 + 0.001 * 2 * 220);
    expect(sum / 50_000).toBeGreaterThan(expected * 0.85);
    expect(sum / 50_000).toBeLessThan(expected * 1.15);
  });
});

describe('trainMs', () => {
  it('is that many exchanges in a row', () => {
    const { network } = bench(ROW);
    const once = bench(ROW).network;
    const exchange = once.transitMs(0, 2, 200, SQL) + once.transitMs(2, 0, 400, SQL);
    expect(network.trainMs(0, 2, 6, 6 * 200, 6 * 400, SQL)).toBeCloseTo(6 * exchange, 9);
    const [first] = network.results();
    expect(first).toMatchObject({ link: 's0--s1', traffic: 'sql', messages: 12 });
    expect(first.bytes).toBe(6 * (200 + 66) + 6 * (400 + 66));
  });

  it('takes nothing for nothing, and only the site within a site', () => {
    const { network } = bench(ROW);
    expect(network.trainMs(0, 2, 0, 0, 0, SQL)).toBe(0);
    expect(network.trainMs(1, 1, 3, 100, 100, SQL)).toBeCloseTo(0.3, 12);
  });

  it('accepts a number of exchanges that is not whole', () => {
    const { network } = bench(topologyOf(2, [{ a: 0, b: 1, latencyMs: 10, capacityBps: 1e15 }]));
    expect(network.trainMs(0, 1, 2.5, 100, 100, SQL)).toBeCloseTo(50, 6);
  });
});

describe('connectMs', () => {
  // Medians in ms measured at 50 ms RTT: TCP and TLS of nginx, AMQP with one channel (librabbitmq),
  // MariaDB's C client, pymysql, SQLAlchemy's first connection.
  it.each([
    ['tcp', 50.4],
    ['tcp-tls-1.3', 102.7],
    ['tcp-tls-1.2', 152.8],
    ['amqp', 253.9],
    ['mariadb-c', 150.9],
    ['mariadb-pymysql', 202.4],
    ['mariadb-sqlalchemy-first', 609.2],
  ] as const)('%s is within 2 percent of the measured %d ms', (protocol, measured) => {
    const { network } = bench(topologyOf(2, [{ a: 0, b: 1, latencyMs: 25 }]));
    const simulated = network.connectMs(0, 1, protocol, RPC);
    expect(Math.abs(simulated / measured - 1)).toBeLessThan(0.02);
  });

  it('waits a second for a lost handshake, and less for what is lost after it', () => {
    const lossRate = 0.02;
    const { network } = bench(topologyOf(2, [{ a: 0, b: 1, latencyMs: 5, lossRate }]));
    const ms = Array.from({ length: 2000 }, () => network.connectMs(0, 1, 'tcp-tls-1.2', RPC));
    const late = ms.filter((one) => one > 1000).length / ms.length;
    expect(late).toBeGreaterThan(0.025);
    expect(late).toBeLessThan(0.06);
    expect(ms.some((one) => one > 200 && one < 300)).toBe(true);
    // Messages of an established connection are as before.
    const later = Array.from({ length: 500 }, () => network.transitMs(0, 1, 100, RPC));
    expect(Math.max(...later)).toBeLessThan(1000);
  });

  it('has a source for each protocol', () => {
    for (const setup of Object.values(CONNECTION_SETUPS)) expect(setup.source).not.toBe('');
  });
});

describe('accounting', () => {
  it('counts bytes and messages by link and kind, both directions', () => {
    const { network } = bench(ROW);
    const custom = network.registerTraffic('gossip');
    expect(network.registerTraffic('gossip')).toBe(custom);
    network.transitMs(0, 2, 100, RPC);
    network.transitMs(2, 1, 3000, custom);
    expect(network.results()).toMatchObject([
      { link: 's0--s1', traffic: 'rpc', bytes: 166, messages: 1 },
      { link: 's1--s2', traffic: 'gossip', bytes: 3000 + 3 * 66, messages: 1 },
      { link: 's1--s2', traffic: 'rpc', bytes: 166, messages: 1 },
    ]);
  });

  it('has room for 16 kinds', () => {
    const { network } = bench(ROW);
    for (let n = TRAFFIC_KINDS.length; n < 16; n++) network.registerTraffic(`kind-${n}`);
    expect(() => network.registerTraffic('one-more')).toThrow(/one-more/);
  });

  it('tells mean and peak utilisation of the busier direction, never above 1', () => {
    const { network, simulator } = bench(
      topologyOf(2, [{ a: 0, b: 1, latencyMs: 1, capacityBps: 1e6 }]),
    );
    // 1 Mbit/s is 1.25 MB in 10 s. In the second window two windows' worth arrives at once.
    const full = { bytes: 1.25e6 };
    const payload = (lineBytes: number): number => (lineBytes * 1448) / 1538;
    simulator.runUntil(12_000);
    network.transitMs(0, 1, payload(2 * full.bytes), RPC);
    network.transitMs(1, 0, payload(full.bytes / 2), RPC);
    simulator.runUntil(50_000);
    const [row] = network.results();
    expect(row.peakUtilisation).toBe(1);
    expect(row.meanUtilisation).toBeCloseTo(2 / 5, 3);
  });

  it('begins anew at the warm-up cut', () => {
    const { network, simulator } = bench(ROW);
    network.transitMs(0, 2, 1e6, RPC);
    simulator.runUntil(500);
    network.resetStatistics();
    expect(network.results()).toEqual([]);
    network.transitMs(0, 1, 10, RPC);
    simulator.runUntil(1500);
    const [row] = network.results();
    expect(row).toMatchObject({ bytes: 76, messages: 1 });
    expect(row.meanUtilisation).toBeCloseTo(lineMs(100, 100e6) / 1000, 9);
    expect(row.peakUtilisation).toBeCloseTo(row.meanUtilisation, 9);
  });
});

describe('Network', () => {
  it('names the nearest site', () => {
    const { network } = bench(ROW);
    expect(network.siteIndex('s2')).toBe(2);
    expect(() => network.siteIndex('s22')).toThrow(/there is no site "s22"; did you mean "s2"/);
  });

  it('gives the same delays for the same seed', () => {
    const run = (): number[] => {
      const links = [{ a: 0, b: 1, latencyMs: 1, jitterMs: 1, lossRate: 0.1 }];
      const { network } = bench(topologyOf(2, links), {}, 'seed');
      return Array.from({ length: 50 }, () => network.transitMs(0, 1, 5000, RPC));
    };
    expect(run()).toEqual(run());
  });

  it('refuses a topology or a scale that makes no sense', () => {
    const bad = topologyOf(2, [{ a: 0, b: 1, jitterMs: Number.NaN }]);
    expect(() => bench(bad)).toThrow(/jitterMs NaN/);
    expect(() => bench(ROW, { rttScale: -1 })).toThrow(/rttScale is -1/);
  });
});
