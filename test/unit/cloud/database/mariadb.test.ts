import { describe, expect, it } from 'vitest';
import { fitLatency, simpleStatementMs } from '../../../../scripts/calibrate/mariadb.js';
import { pingedMs } from '../../../../scripts/calibrate/measured.js';
import { createDatabase } from '../../../../src/cloud/database/create-database.js';
import type { Database } from '../../../../src/cloud/database/database.js';
import { MariaDb } from '../../../../src/cloud/database/mariadb.js';
import { defineEventKind } from '../../../../src/kernel/event-kind.js';
import { Simulator } from '../../../../src/kernel/simulator.js';
import { LabWire, loadBackend, membersAt, newJournal, note, withValues } from '../lab-wire.js';
import { ClosedWriters } from './closed-writers.js';

const constants = loadBackend('mariadb');
const value = (name: string): number => constants.constants[name].value;
const FLUSH_MS = value('flush-per-commit');

function lab(values: Record<string, number> = {}, cores = 2) {
  const simulator = new Simulator();
  const database = new MariaDb({
    id: 'main',
    constants: withValues(constants, values),
    simulator,
    wire: LabWire.uniform(1, 0),
    traffic: 0,
    replicas: membersAt(simulator, [0], cores),
  });
  return { simulator, database, journal: newJournal(simulator) };
}

const commitNow = defineEventKind('test-commit-now', (step: { run: () => void }) => step.run());

describe('MariaDb', () => {
  it.each([
    // a_mariadb_latency.csv, p50 in ms; statements on one small table, libmariadb.
    { operation: 'select', statements: 1, commits: 0, rttMs: 10, measuredMs: 10.4444 },
    { operation: 'select', statements: 1, commits: 0, rttMs: 50, measuredMs: 50.5068 },
    { operation: 'select', statements: 1, commits: 0, rttMs: 150, measuredMs: 150.5475 },
    { operation: 'update', statements: 1, commits: 1, rttMs: 10, measuredMs: 10.7591 },
    { operation: 'update', statements: 1, commits: 1, rttMs: 50, measuredMs: 51.0621 },
    { operation: 'update', statements: 1, commits: 1, rttMs: 150, measuredMs: 151.0529 },
    { operation: 'insert', statements: 1, commits: 1, rttMs: 50, measuredMs: 50.7608 },
    { operation: 'txn', statements: 5, commits: 1, rttMs: 10, measuredMs: 52.3261 },
    { operation: 'txn', statements: 5, commits: 1, rttMs: 50, measuredMs: 252.5603 },
    { operation: 'txn', statements: 5, commits: 1, rttMs: 150, measuredMs: 752.9006 },
  ])(
    '$operation at RTT $rttMs ms: the round trips, 0.3 to 0.4 ms for each, and the flush',
    (row) => {
      const { operation, statements, commits, rttMs, measuredMs } = row;
      const { simulator, database, journal } = lab({
        'cpu-per-statement': simpleStatementMs(operation) / statements,
      });
      const executed = {
        run: () => database.commit(0, commits, note, journal, 0),
      };
      database.execute(0, statements, 0, commitNow, executed, 0);
      simulator.run();
      const wireMs = statements * (pingedMs(rttMs) + fitLatency().wakingMs);
      const simulatedMs = wireMs + journal.entries[0].ms;
      expect(Math.abs(simulatedMs - measuredMs)).toBeLessThan(0.35);
      const beyondWireMs = simulatedMs - statements * pingedMs(rttMs);
      expect(beyondWireMs).toBeGreaterThan(0.3 * statements);
      expect(beyondWireMs).toBeLessThan(0.4 * statements + commits * 0.35);
    },
  );

  it.each([
    // openstack_footprints.csv, untraced: SQL round trips, bytes returned, CPU of the server.
    { operation: 'server_create', statements: 1064, bytes: 683_815, measuredMs: 157.9 },
    { operation: 'server_delete', statements: 355.5, bytes: 223_813, measuredMs: 56.8 },
    { operation: 'server_show', statements: 45.4, bytes: 48_016, measuredMs: 7.1 },
    { operation: 'server_list_100', statements: 58.3, bytes: 516_996, measuredMs: 20.7 },
  ])('charges the CPU of $operation', ({ statements, bytes, measuredMs }) => {
    const { simulator, database, journal } = lab();
    database.execute(0, statements, bytes, note, journal, 0);
    simulator.run();
    expect(journal.entries[0].ms / measuredMs).toBeGreaterThan(0.8);
    expect(journal.entries[0].ms / measuredMs).toBeLessThan(1.2);
  });

  it('flushes one commit after the other, those of one connection apart', () => {
    const { simulator, database, journal } = lab();
    database.commit(0, 3, note, journal, 7);
    simulator.run();
    expect(journal.entries).toEqual([{ argument: 7, ms: expect.closeTo(3 * FLUSH_MS, 9) }]);
  });

  it('flushes together what came during a flush', () => {
    const { simulator, database, journal } = lab({ 'flush-per-commit': 5 });
    database.commit(0, 1, note, journal, 0);
    simulator.runUntil(2);
    for (let i = 1; i <= 50; i++) database.commit(0, 1, note, journal, i);
    simulator.run();
    expect(journal.entries[0].ms).toBe(5);
    expect(journal.entries.slice(1).map(({ ms }) => ms)).toEqual(new Array(50).fill(10));
    expect(journal.entries.map(({ argument }) => argument)).toEqual([...Array(51).keys()]);
  });

  it('is bound by CPU, not by flushes, when many write', () => {
    const { simulator, database } = lab({ 'cpu-per-statement': simpleStatementMs('update') });
    const writers = new ClosedWriters(simulator, database, new Array(64).fill(0));
    writers.run(1000);
    // 16,133 commits a second measured with 64 clients (a_mariadb_throughput.csv), which took half
    // of the two cores: the server alone can do more, 1 / flush could only do 3,200.
    expect(writers.latenciesMs.length).toBeGreaterThan(16_133);
    expect(writers.latenciesMs.length).toBeLessThan(2000 / simpleStatementMs('update'));
  });

  it('ends at once where there is nothing to commit', () => {
    const { database, journal } = lab();
    database.commit(0, 0, note, journal, 3);
    expect(journal.entries).toEqual([{ argument: 3, ms: 0 }]);
  });

  it('counts connections: memory, and CPU of set-up', () => {
    const { simulator, database } = lab();
    database.openConnections(0, 105);
    simulator.runUntil(1000);
    database.openConnections(0, -5);
    simulator.runUntil(2000);
    const [result] = database.results();
    // 227.0 MB with 105 threads (scale.csv).
    const fiveMib = (5 * 184) / 1024;
    expect(result.memoryBytes / 2 ** 20 + fiveMib).toBeCloseTo(227, 0);
    expect(result.cpuS).toBeCloseTo(105 * 0.000116 + 2 * 0.00015, 9);
    expect(database.connectRoundTrips()).toBe(12);
  });

  it('reports statements, queue and CPU since the last reset', () => {
    const { simulator, database, journal } = lab({ 'cpu-per-statement': 10, 'cpu-idle': 0 }, 1);
    database.execute(0, 100, 0, note, journal, 0);
    simulator.runUntil(1000);
    database.resetStatistics();
    database.execute(0, 10, 0, note, journal, 1);
    database.execute(0, 10, 0, note, journal, 2);
    simulator.runUntil(2000);
    expect(database.results()).toMatchObject([
      {
        component: 'mariadb/main',
        site: 0,
        instances: 1,
        utilisation: expect.closeTo(0.2, 9),
        meanQueueLength: expect.closeTo(0.4, 9),
        p95QueueLength: 2,
        ratePerS: 20,
        cpuS: expect.closeTo(0.2, 9),
      },
    ]);
  });

  it('takes one replica', () => {
    const simulator = new Simulator();
    expect(() =>
      createDatabase({
        id: 'main',
        constants,
        simulator,
        wire: LabWire.uniform(2, 1),
        traffic: 0,
        replicas: membersAt(simulator, [0, 1]),
      }),
    ).toThrow('database main of backend mariadb has 2 replicas; it takes 1 (galera takes more)');
  });
});

describe('createDatabase', () => {
  it('names the backends there are', () => {
    const simulator = new Simulator();
    const make = (backend: string): Database =>
      createDatabase({
        id: 'main',
        constants: { ...constants, backend },
        simulator,
        wire: LabWire.uniform(1, 0),
        traffic: 0,
        replicas: membersAt(simulator, [0]),
      });
    expect(() => make('maria')).toThrow(
      /^no database has the backend "maria"; there are: mariadb, /,
    );
    expect(make('mariadb').backend).toBe('mariadb');
  });
});
