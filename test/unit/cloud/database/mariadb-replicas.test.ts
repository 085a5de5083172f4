import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../../../src/cloud/database/create-database.js';
import { Simulator } from '../../../../src/kernel/simulator.js';
import { LabWire, loadBackend, membersAt, newJournal, note } from '../lab-wire.js';

const constants = loadBackend('mariadb-replicas');
const value = (name: string): number => constants.constants[name].value;

function lab(rttMs: number) {
  const simulator = new Simulator();
  const wire = LabWire.uniform(3, rttMs);
  const database = createDatabase({
    id: 'main',
    constants,
    simulator,
    wire,
    traffic: 3,
    replicas: membersAt(simulator, [0, 1, 2]),
  });
  return { simulator, wire, database, journal: newJournal(simulator) };
}

describe('MariaDbReplicas', () => {
  it('reads at the nearest and writes at the first', () => {
    const { database } = lab(100);
    expect([0, 1, 2].map((site) => database.replicaFor(site))).toEqual([0, 1, 2]);
    expect([0, 1, 2].map((site) => database.replicaFor(site, true))).toEqual([0, 0, 0]);
  });

  it('commits without waiting for the others', () => {
    const { simulator, wire, database, journal } = lab(100);
    database.commit(0, 2, note, journal, 7);
    simulator.run();
    expect(journal.entries[0].ms).toBeCloseTo(2 * value('flush-per-commit'), 9);
    expect(wire.sent.filter(({ traffic }) => traffic === 3).length).toBe(4);
  });

  it('says how many reads found a follower behind, and by how much it lags', () => {
    const { simulator, database, journal } = lab(100);
    database.commit(0, 1, note, journal, 0);
    simulator.runUntil(20);
    database.execute(1, 1, 0, note, journal, 1);
    simulator.runUntil(80);
    database.execute(1, 1, 0, note, journal, 2);
    simulator.run();
    const [writer, follower] = database.results();
    expect(writer.staleReadShare).toBeUndefined();
    expect(follower.staleReadShare).toBe(0.5);
    expect(follower.replicationLagMs).toBeCloseTo(50 + value('cpu-per-apply'), 9);
    database.resetStatistics();
    expect(database.results()[1].staleReadShare).toBe(0);
  });

  it('stays behind while it is cut off', () => {
    const { simulator, database, journal } = lab(Number.POSITIVE_INFINITY);
    database.commit(0, 1, note, journal, 0);
    simulator.runUntil(1000);
    database.execute(2, 1, 0, note, journal, 1);
    simulator.run();
    expect(database.results()[2].staleReadShare).toBe(1);
  });
});
