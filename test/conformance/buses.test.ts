import { describe, expect, it } from 'vitest';
import { createBus } from '../../src/cloud/bus/create-bus.js';
import { loadBackends } from '../../src/experiment/load-data.js';
import { Simulator } from '../../src/kernel/simulator.js';
import { LabWire, membersAt, newJournal, note } from '../unit/cloud/lab-wire.js';

const backends = loadBackends();
const BUSES = Object.values(backends).filter(({ kind }) => kind === 'bus');
const MEMBERS = [1, 3, 5];
const MESSAGES = 200;
const RTT_MS = 20;

function lab(backend: string, size: number, roundTripMs = RTT_MS) {
  const simulator = new Simulator();
  const sites = Array.from({ length: size }, (_, site) => site);
  const members = membersAt(simulator, sites);
  const wire = LabWire.uniform(size, roundTripMs);
  const constants = backends[backend];
  const bus = createBus({ id: 'bus', constants, simulator, wire, traffic: 0, members });
  return { simulator, wire, bus, journal: newJournal(simulator) };
}

const CASES = BUSES.flatMap(({ backend }) => MEMBERS.map((size) => [backend, size] as const));

describe.each(CASES)('%s with %d members', (backend, size) => {
  const last = size - 1;

  /** Messages of many sizes from the first member over a queue at the last and back to the first. */
  function send(roundTripMs?: number, isTransient = false) {
    const made = lab(backend, size, roundTripMs);
    const queue = made.bus.declareQueue('queue', last, isTransient);
    for (let i = 0; i < MESSAGES; i++) {
      made.bus.relay(queue, 0, i % 2 === 0 ? 0 : last, (i * 7919) % 20_000, note, made.journal, i);
    }
    made.simulator.run();
    return { ...made, queue, entries: made.journal.entries };
  }

  it.each([false, true])('delivers every message once (transient: %s)', (isTransient) => {
    const arrived = send(RTT_MS, isTransient).entries.map(({ argument }) => argument);
    expect(arrived.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: MESSAGES }, (_, index) => index),
    );
  });

  it('keeps the order of a queue on each way', () => {
    const arrived = send().entries.map(({ argument }) => argument);
    for (const way of [0, 1]) {
      const own = arrived.filter((argument) => argument % 2 === way);
      expect(own).toEqual(own.toSorted((a, b) => a - b));
    }
  });

  it('is no faster than the wire', () => {
    const { bus, simulator, journal } = lab(backend, size);
    const wayMs = size === 1 ? 0 : RTT_MS / 2;
    bus.relay(bus.declareQueue('queue', last), 0, last, 100, note, journal, 1);
    simulator.run();
    expect(journal.entries[0].ms).toBeGreaterThanOrEqual(wayMs);
    const remote = bus.declareQueue('remote', last);
    expect(bus.confirmMs(remote, 0)).toBeGreaterThanOrEqual(2 * wayMs);
    expect(bus.confirmMs(bus.declareQueue('near', 0), 0)).toBeGreaterThanOrEqual(0);
  });

  it('delivers nothing across a cut, and goes on where nothing is cut', () => {
    if (size === 1) return;
    const { bus, simulator, journal } = lab(backend, size, Infinity);
    const far = bus.declareQueue('far', last, true);
    bus.relay(far, 0, last, 100, note, journal, 1);
    const near = bus.declareQueue('near', 0, true);
    bus.relay(near, 0, 0, 100, note, journal, 2);
    simulator.run();
    expect(journal.entries.map(({ argument }) => argument)).toEqual([2]);
    expect(bus.confirmMs(far, 0)).toBe(Infinity);
  });

  it('repeats itself to the byte', () => {
    expect(JSON.stringify(send().entries)).toBe(JSON.stringify(send().entries));
  });

  it('accounts for its work at the members, and forgets it on request', () => {
    const { bus } = send();
    const results = bus.results();
    expect(results).toHaveLength(size);
    expect(results.reduce((sum, { cpuS }) => sum + cpuS, 0)).toBeGreaterThan(0);
    bus.resetStatistics();
    for (const { ratePerS } of bus.results()) expect(ratePerS || 0).toBe(0);
  });
});

describe('copies of a queue', () => {
  it.each(['rabbitmq-mirrored', 'rabbitmq-quorum'])('%s sends them over the wire', (backend) => {
    const { bus, wire, simulator, journal } = lab(backend, 3);
    bus.relay(bus.declareQueue('queue', 0), 0, 0, 1000, note, journal, 1);
    bus.relay(bus.declareQueue('reply', 0, true), 0, 0, 1000, note, journal, 2);
    simulator.run();
    const ways = wire.sent.map(({ from, to, bytes }) => [from, to, bytes]);
    expect(ways.toSorted()).toEqual([
      [0, 1, 1000],
      [0, 2, 1000],
    ]);
  });
});
