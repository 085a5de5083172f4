import { describe, expect, it } from 'vitest';
import { CongestionWindow } from '../../../src/net/congestion-window.js';
import { TRAFFIC_KINDS } from '../../../src/net/network.js';
import { packetsOf, slowStartStallMs } from '../../../src/net/tcp.js';
import { arrive, bench, topologyOf } from './lab.js';

const IMAGE = TRAFFIC_KINDS.indexOf('image');
const REST = TRAFFIC_KINDS.indexOf('rest');

interface Pipe {
  rttMs: number;
  rateMbit: number;
  queueBytes: number;
  loss?: number;
  flows?: number;
  seed?: number;
}

/** Ms until each of so many fetches over fresh connections is complete: connect, request, response. */
function fetchMs(pipe: Pipe, bytes: number, protocol: 'tcp' | 'tcp-tls-1.3' = 'tcp'): number[] {
  const { rttMs, rateMbit, queueBytes, loss = 0, flows = 1, seed = 1 } = pipe;
  const capacityBps = rateMbit * 1e6;
  const links = [{ a: 0, b: 1, latencyMs: rttMs / 2, capacityBps, lossRate: loss }];
  const bufferMs = (queueBytes * 8000) / capacityBps;
  const b = bench(topologyOf(2, links), { bufferMs }, seed);
  const before = b.network.connectMs(0, 1, protocol, REST) + b.network.transitMs(0, 1, 100, REST);
  for (let n = 0; n < flows; n++) b.network.transfer(1, 0, bytes, IMAGE, arrive, b, n);
  b.simulator.run();
  return b.arrivedMs.map((ms) => ms + before);
}

// Measured: nginx over an emulated pipe with a drop-tail queue of 256 kB, Linux 6.18, CUBIC, initial
// window 10, a fresh connection for each fetch; median ms. The model card has all rows.
const MEASURED_FETCHES = [
  // [rtt_ms, rate_mbit, protocol, bytes, median ms, tolerance]
  [10, 100, 'tcp', 1024, 20.82, 0.03],
  [50, 100, 'tcp', 1024, 100.85, 0.01],
  [50, 100, 'tcp', 16_384, 151.01, 0.01],
  [150, 100, 'tcp', 65_536, 603.22, 0.01],
  [10, 100, 'tcp', 1_048_576, 133.09, 0.03],
  [50, 100, 'tcp', 1_048_576, 416.41, 0.03],
  [150, 100, 'tcp', 1_048_576, 1228.2, 0.03],
  [50, 10, 'tcp', 65_536, 224.41, 0.03],
  [150, 10, 'tcp', 1_048_576, 1616.09, 0.01],
  [50, 100, 'tcp-tls-1.3', 65_536, 255.01, 0.01],
  [150, 100, 'tcp-tls-1.3', 1_048_576, 1367.81, 0.02],
  [10, 100, 'tcp', 67_108_864, 5786.4, 0.02],
  [50, 100, 'tcp', 67_108_864, 6058.6, 0.02],
  // Slow start overruns the queue, and CUBIC takes 11 s to fill the pipe again.
  [150, 100, 'tcp', 67_108_864, 13_278, 0.08],
  [50, 10, 'tcp', 67_108_864, 57_196, 0.01],
] as const;

describe('a fetch over a fresh connection', () => {
  it.each(MEASURED_FETCHES)(
    'at RTT %d ms, %d Mbit/s, %s, %d bytes takes the measured %f ms',
    (rttMs, rateMbit, protocol, bytes, medianMs, tolerance) => {
      const [ms] = fetchMs({ rttMs, rateMbit, queueBytes: 256_000 }, bytes, protocol);
      expect(Math.abs(ms / medianMs - 1)).toBeLessThan(tolerance);
    },
  );
});

// Measured: so many simultaneous fetches of 32 MiB over one pipe of 100 Mbit/s; sum of goodputs in
// Mbit/s until the last is complete.
const MEASURED_PARALLEL = [
  // [rtt_ms, flows, queue_bytes, aggregate_mbit, tolerance]
  [10, 1, 256_000, 90.4, 0.04],
  [10, 2, 256_000, 93.1, 0.02],
  [10, 4, 256_000, 94.4, 0.02],
  [50, 1, 256_000, 83.7, 0.02],
  [50, 4, 256_000, 86.4, 0.08],
  [150, 1, 256_000, 37.1, 0.04],
  [150, 4, 256_000, 59.6, 0.1],
  [150, 1, 1_000_000, 57.8, 0.2],
] as const;

describe('simultaneous fetches', () => {
  it.each(MEASURED_PARALLEL)(
    'at RTT %d ms, %d of them, %d bytes of queue reach the measured %f Mbit/s in all',
    (rttMs, flows, queueBytes, aggregate, tolerance) => {
      const bytes = 32 * 1024 * 1024;
      const arrived = fetchMs({ rttMs, rateMbit: 100, queueBytes, flows }, bytes);
      const sum = (bytes * 8 * flows) / Math.max(...arrived) / 1000;
      expect(Math.abs(sum / aggregate - 1)).toBeLessThan(tolerance);
    },
  );
});

describe('random loss', () => {
  // Measured: 8 MiB at 100 Mbit/s, queue of 1000 kB, means of 4 fetches in ms; the factor is how far
  // the mean over 200 seeds may be from a mean of four.
  it.each([
    [10, 0.001, 1257, 1.4],
    [10, 0.01, 5506, 1.35],
    [50, 0.01, 23_526, 1.35],
  ] as const)(
    'at RTT %d ms, loss %f slows 8 MiB down to the measured %d ms',
    (rttMs, loss, mean, factor) => {
      let sum = 0;
      for (let seed = 1; seed <= 200; seed++) {
        sum += fetchMs({ rttMs, rateMbit: 100, queueBytes: 1e6, loss, seed }, 8 * 1024 * 1024)[0];
      }
      expect(sum / 200 / mean).toBeGreaterThan(1 / factor);
      expect(sum / 200 / mean).toBeLessThan(factor);
    },
  );

  it('in the long run gives the rate of Mathis et al.: 1.22 segments / (RTT sqrt(loss))', () => {
    const bytes = 200 * 1024 * 1024;
    const [ms] = fetchMs({ rttMs: 20, rateMbit: 1000, queueBytes: 1e6, loss: 0.005 }, bytes);
    const mathisBps = (1448 * 8000 * 1.22) / (20 * Math.sqrt(0.005));
    expect((bytes * 8000) / ms / mathisBps).toBeGreaterThan(0.85);
    expect((bytes * 8000) / ms / mathisBps).toBeLessThan(1.15);
  });
});

describe('slowStartStallMs', () => {
  it('is the measured law: rounds = 1 + ceil(log2(1 + S / 14480)), one of them for the request', () => {
    for (const bytes of [1024, 14_480, 14_481, 16_384, 65_536, 1_048_576]) {
      const rounds = 1 + Math.ceil(Math.log2(1 + bytes / 14_480));
      expect(slowStartStallMs(bytes, 50, 0)).toBeCloseTo((rounds - 2) * 50, 9);
    }
  });

  it('ends where the line is slower than the window: no wait beyond the line itself', () => {
    // 14480 bytes take 20 ms, 28960 take 40 of 50.
    const msPerByte = 20 / 14_480;
    expect(slowStartStallMs(10e6, 50, msPerByte)).toBeCloseTo(30 + 10, 9);
  });
});

describe('packetsOf', () => {
  it('is at least one a message', () => {
    expect(packetsOf(1, 0)).toBe(1);
    expect(packetsOf(1, 1448)).toBe(1);
    expect(packetsOf(1, 1449)).toBe(2);
    expect(packetsOf(7, 100)).toBe(7);
  });
});

describe('CongestionWindow', () => {
  it('doubles each round until the buffers of the hosts are full', () => {
    const window = new CongestionWindow(100, () => false);
    const seen = [window.segments];
    while (window.phase === 'slow-start') {
      window.step(0, 50, 1, Infinity);
      seen.push(window.segments);
    }
    expect(seen).toEqual([10, 20, 40, 80, 100]);
    expect(window.stepMs(50)).toBe(Infinity);
  });

  it('stops to matter where the network gives less', () => {
    const window = new CongestionWindow(100, () => false);
    window.step(0, 50, 0.5, Infinity);
    expect(window.phase).toBe('open');
  });

  it('follows CUBIC after a loss: 0.7 of the window, back where it was after K seconds', () => {
    const window = new CongestionWindow(1e6, () => false);
    window.lose(1000, 1000);
    expect(window.segments).toBe(700);
    const plateauMs = 1000 * Math.cbrt((1000 * 0.3) / 0.4);
    window.step(1000 + plateauMs, 150, 1, Infinity);
    expect(window.segments).toBeCloseTo(1000, 6);
    window.step(1000 + plateauMs + 10_000, 150, 1, Infinity);
    expect(window.segments).toBeCloseTo(1000 + 0.4 * 10 ** 3, 6);
  });

  it('overruns a short queue at twice the window that the queue cannot take', () => {
    const window = new CongestionWindow(1e6, () => false);
    for (let n = 0; n < 10 && window.phase === 'slow-start'; n++) window.step(0, 150, 1, 173);
    expect(window.segments).toBeCloseTo(0.7 * 640, 9);
  });
});
