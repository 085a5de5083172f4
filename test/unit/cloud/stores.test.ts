import { describe, expect, it } from 'vitest';
import { Etcd } from '../../../src/cloud/store/etcd.js';
import { Redis } from '../../../src/cloud/store/redis.js';
import { loadBackends } from '../../../src/experiment/load-data.js';
import { defineEventKind } from '../../../src/kernel/event-kind.js';
import { Simulator } from '../../../src/kernel/simulator.js';
import { RandomStreams } from '../../../src/random/index.js';
import { ProcessorSharing } from '../../../src/resources/processor-sharing.js';

const backends = loadBackends();
const done = defineEventKind('test-store-done', (times: number[], index: number) => {
  times[index] = clock.now;
});
let clock = new Simulator();

/** Every pair of sites at one round trip. */
function wireOf(rttMs: number) {
  const way = (from: number, to: number) => (from === to ? 0 : rttMs / 2);
  return {
    transitMs: way,
    roundTripMs: (a: number, b: number) => 2 * way(a, b),
  };
}

function membersOf(count: number) {
  return Array.from({ length: count }, (_, site) => ({
    site,
    cpu: new ProcessorSharing(clock, 4),
  }));
}

describe('Redis', () => {
  function redisOf(rttMs: number) {
    clock = new Simulator();
    return new Redis({
      constants: backends.redis,
      simulator: clock,
      wire: wireOf(rttMs),
      traffic: 0,
      members: membersOf(3),
    });
  }

  it('serves what comes during a turn of its loop in the next', () => {
    const redis = redisOf(0);
    const times: number[] = [];
    redis.serve(1, false, done, times, 0);
    redis.serve(16, true, done, times, 1);
    redis.serve(1, false, done, times, 2);
    clock.run();
    expect(times[0]).toBeCloseTo(redis.demandMs(1, false), 9);
    expect(times[1]).toBe(times[2]);
    // Together they cost less than each in a turn of its own.
    const apartMs = redis.demandMs(16, true) + redis.demandMs(1, false);
    expect(times[1] - times[0]).toBeLessThan(apartMs);
    expect(times[1] - times[0]).toBeGreaterThan(redis.demandMs(16, true));
    expect(redis.cpuMs).toBeCloseTo(times[1], 9);
  });

  it('writes to each replica once a turn, on its own thread', () => {
    const redis = redisOf(0);
    expect(redis.demandMs(16, true) - redis.demandMs(0, true)).toBeLessThan(0.05);
    expect(redis.demandMs(0, true) - redis.demandMs(0, false)).toBeCloseTo(2 * 0.00727, 6);
  });

  it('waits for as many replicas as it is told to', () => {
    const redis = redisOf(40);
    const times: number[] = [];
    redis.wait(2, done, times, 0);
    clock.run();
    expect(times[0]).toBeGreaterThan(40);
    expect(times[0]).toBeLessThan(40.1);
    expect(() => redis.wait(3, done, times, 1)).toThrow('there are 2 replicas');
  });
});

describe('etcd', () => {
  function etcdOf(rttMs: number, leader: number, seed = 1) {
    clock = new Simulator();
    return new Etcd({
      constants: backends.etcd,
      simulator: clock,
      wire: wireOf(rttMs),
      traffic: 0,
      members: membersOf(3),
      leader,
      heartbeatMs: 100,
      electionMs: 1000,
      stream: new RandomStreams(seed, 1).stream('elections'),
    });
  }

  it.each([
    ['put', 0, 1],
    ['get', 0, 1],
    ['getserial', 0, 0],
    ['put', 1, 2],
    ['get', 1, 2],
    ['getserial', 1, 0],
  ] as const)('a %s with member %d leading takes %d round trips', (request, leader, roundTrips) => {
    const times: number[] = [];
    etcdOf(1000, leader).ask(0, request, done, times, 0);
    clock.run();
    expect(Math.round(times[0] / 1000)).toBe(roundTrips);
  });

  it('elects a survivor after the timeout, most often within twice of it, and none without a majority', () => {
    const lostMs = Array.from({ length: 400 }, (_, seed) => {
      const etcd = etcdOf(10, 0, seed);
      const ms = etcd.loseLeader();
      expect(etcd.loseLeader()).toBe(Infinity);
      return ms;
    });
    expect(Math.min(...lostMs)).toBeGreaterThan(800);
    const late = lostMs.filter((ms) => ms > 2000).length / lostMs.length;
    // The vote is split where two ask within a way of each other or one trusts its lease.
    expect(late).toBeGreaterThan(0.02);
    expect(late).toBeLessThan(0.2);
  });

  it('splits votes the oftener the longer they are on their way', () => {
    const lateShare = (rttMs: number) => {
      const lost = Array.from({ length: 400 }, (_, seed) => etcdOf(rttMs, 0, seed).loseLeader());
      return lost.filter((ms) => ms > 2000 + rttMs).length / lost.length;
    };
    expect(lateShare(400)).toBeGreaterThan(lateShare(1) + 0.1);
  });

  it('is never answered without a majority', () => {
    const etcd = etcdOf(10, 0);
    etcd.loseLeader();
    etcd.loseLeader();
    const times: number[] = [];
    etcd.ask(2, 'put', done, times, 0);
    clock.run();
    expect(times).toEqual([]);
  });
});
