import { describe, expect, it } from 'vitest';
import type { ClientExchange } from '../../../../src/cloud/database/database.js';
import { keySlot, masterOf } from '../../../../src/cloud/database/key-slot.js';
import { Rome } from '../../../../src/cloud/database/rome.js';
import { RomeLocks } from '../../../../src/cloud/database/rome-locks.js';
import { Simulator } from '../../../../src/kernel/simulator.js';
import { LabWire, loadBackend, membersAt, newJournal, note, withValues } from '../lab-wire.js';

const constants = loadBackend('rome');
const value = (name: string): number => constants.constants[name].value;

/** Trains as so many round trips. */
class TrainWire extends LabWire {
  trainMs(from: number, to: number, roundTrips: number, sent: number): number {
    this.sent.push({ from, to, bytes: sent, traffic: roundTrips });
    return roundTrips * this.roundTripMs(from, to);
  }
}

function lab(nodes: number, rttMs: number, settings: Record<string, number> = {}, values = {}) {
  const simulator = new Simulator();
  const row = (from: number) =>
    Array.from({ length: nodes }, (_, to) => (from === to ? 0 : rttMs / 2));
  const wire = new TrainWire(Array.from({ length: nodes }, (_, from) => row(from)));
  const rome = new Rome({
    id: 'nova',
    constants: withValues(constants, values),
    simulator,
    wire,
    traffic: 9,
    settings,
    replicas: membersAt(
      simulator,
      Array.from({ length: nodes }, (_, site) => site),
    ),
  });
  return { simulator, wire, rome, journal: newJournal(simulator) };
}

/** A table on a master, and one on none but it. */
function exchange(site: number, slot: number, roundTrips = 4): ClientExchange {
  return {
    site,
    slot,
    roundTrips,
    sentBytes: 1000,
    receivedBytes: 1000,
    relations: 0,
    scannedRows: 0,
  };
}

describe('hash slots', () => {
  it.each([
    // CRC-16/XMODEM of "123456789" is 0x31C3; `CLUSTER KEYSLOT foo` and `bar` of a Redis.
    ['123456789', 0x31c3],
    ['foo', 12182],
    ['bar', 5061],
    ['', 0],
  ])('of %s is that of Redis Cluster', (key, slot) => {
    expect(keySlot(key)).toBe(slot);
  });

  it('are dealt in equal ranges', () => {
    expect([0, 5460, 5461, 10922, 10923, 16383].map((slot) => masterOf(slot, 3))).toEqual([
      0, 0, 1, 1, 2, 2,
    ]);
    expect(masterOf(16383, 1)).toBe(0);
  });
});

describe('locks of ROME', () => {
  it('hold until they are given back or too old', () => {
    const locks = new RomeLocks(100);
    expect(locks.tryLock(1, 0)).toBe(true);
    expect(locks.tryLock(1, 99)).toBe(false);
    expect(locks.tryLock(1, 100)).toBe(true);
    locks.unlock(1, 120);
    expect(locks.tryLock(1, 120)).toBe(true);
  });
});

describe('ROME', () => {
  it('makes several round trips of a statement, to the node of its table', () => {
    const { simulator, wire, rome, journal } = lab(2, 10);
    rome.fetch(exchange(0, 16383), note, journal, 1);
    simulator.runUntil(1000);
    const trips = value('round-trips-per-statement');
    expect(journal.entries[0].ms).toBeCloseTo(trips * (10 + value('cpu-per-command')), 9);
    expect(wire.sent[0]).toMatchObject({ from: 0, to: 1, traffic: trips });
  });

  it('makes none of the overhead of an SQL transaction', () => {
    const { simulator, rome, journal } = lab(2, 10);
    rome.fetch(exchange(0, 16383, 7), note, journal, 4);
    rome.fetch(exchange(0, 16383, 1), note, journal, 1);
    simulator.runUntil(1000);
    const [one, four] = journal.entries;
    expect(one.argument).toBe(1);
    expect(four.ms / one.ms).toBeCloseTo(4, 2);
  });

  it('serves one command at a time', () => {
    const { simulator, rome, journal } = lab(1, 0, {}, { 'cpu-per-command': 0.01 });
    for (let i = 0; i < 10; i++) rome.fetch(exchange(0, 0), note, journal, i);
    simulator.runUntil(1000);
    expect(journal.entries[9].ms).toBeCloseTo(10 * 2 * 0.01, 9);
  });

  it('locks, writes and unlocks one after the other', () => {
    const { simulator, rome, journal } = lab(2, 10, {}, { 'objects-per-transaction': 1 });
    const lockAt = masterOf(keySlot('lock'), 2);
    // Both the table and the locks are at the other site.
    rome.store(exchange(1 - lockAt, lockAt * 16383), 1, [], note, journal, 1);
    simulator.runUntil(1000);
    const trips = 2 * value('round-trips-per-lock') + value('round-trips-per-write');
    expect(journal.entries[0].ms).toBeCloseTo(trips * (10 + value('cpu-per-command')), 6);
  });

  it('begins again after three tries at a held lock', () => {
    const { simulator, rome, journal } = lab(
      1,
      0,
      {},
      { 'lock-time-to-live': 1e6, 'cpu-per-command': 20 },
    );
    rome.store(exchange(0, 0), 1, [7], note, journal, 1);
    rome.store(exchange(0, 0), 1, [7], note, journal, 2);
    rome.store(exchange(0, 0), 1, [8], note, journal, 3);
    simulator.runUntil(100_000);
    const at = new Map(journal.entries.map(({ argument, ms }) => [argument, ms]));
    expect(at.size).toBe(3);
    expect(at.get(2)! - at.get(1)!).toBeGreaterThan(value('deadlock-pause') / 2);
    expect(at.get(3)!).toBeLessThan(at.get(2)!);
  });

  it('puts copies of writes on the wire without waiting for them', () => {
    const alone = lab(3, 10);
    const copied = lab(3, 10, { 'replicas-per-shard': 2 });
    for (const { simulator, rome, journal } of [alone, copied]) {
      rome.store(exchange(0, 0), 1, [], note, journal, 1);
      simulator.runUntil(1000);
    }
    expect(copied.journal.entries).toEqual(alone.journal.entries);
    expect(copied.wire.sent.filter(({ traffic }) => traffic === 9)).toHaveLength(2);
    expect(() => lab(2, 10, { 'replicas-per-shard': 2 })).toThrow('replicas-per-shard 2');
  });

  it('says where nobody answers', () => {
    const { rome, journal } = lab(2, Infinity);
    expect(rome.fetch(exchange(0, 16383), note, journal, 1)).toBe(false);
    expect(rome.fetch(exchange(1, 16383), note, journal, 1)).toBe(true);
  });
});
