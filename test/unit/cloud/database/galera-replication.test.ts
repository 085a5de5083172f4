import { describe, expect, it } from 'vitest';
import { Galera } from '../../../../src/cloud/database/galera.js';
import { RowWrite } from '../../../../src/cloud/database/row-write.js';
import { defineEventKind } from '../../../../src/kernel/event-kind.js';
import { Simulator } from '../../../../src/kernel/simulator.js';
import { LabWire, loadBackend, membersAt, newJournal, note } from '../lab-wire.js';

const constants = loadBackend('galera');

function lab(members: number, rttMs: number, settings = {}) {
  const simulator = new Simulator();
  const replicas = membersAt(
    simulator,
    Array.from({ length: members }, (_, site) => site),
  );
  const database = new Galera({
    id: 'cells',
    constants,
    simulator,
    wire: LabWire.uniform(members, rttMs),
    traffic: 9,
    settings,
    replicas,
  });
  return { simulator, database, journal: newJournal(simulator) };
}

function write(row: number, retries = 0): RowWrite {
  return Object.assign(new RowWrite(), { row, retries });
}

/** Why each of so many transactions failed, by their argument; empty: it did not. */
function refusals(database: Galera, count: number): string[] {
  return Array.from({ length: count }, (_, i) => database.takeRefusal(i)?.reason ?? '');
}

const DEADLOCK = 'deadlock';
const NO_QUORUM = 'database without quorum';

const then = defineEventKind('test-then', (action: () => void) => action());

describe('Galera, write set by write set', () => {
  it('lets the first committer win', () => {
    const { simulator, database, journal } = lab(3, 50);
    const writes = [write(1), write(1), write(1)];
    writes.forEach((own, replica) => {
      database.commit(replica, 1, note, journal, replica, undefined, own);
    });
    simulator.runFor(1000);
    expect(journal.entries).toHaveLength(3);
    expect(refusals(database, 3).sort()).toEqual(['', DEADLOCK, DEADLOCK]);
  });

  it('leaves other rows and one member’s own transactions alone', () => {
    const { simulator, database, journal } = lab(3, 50);
    const writes = [write(1), write(1), write(2)];
    [0, 0, 1].forEach((replica, i) => {
      database.commit(replica, 1, note, journal, i, undefined, writes[i]);
    });
    simulator.runFor(1000);
    expect(refusals(database, 3)).toEqual(['', '', '']);
    // The second waits for the first one's lock: two rounds.
    const [, , last] = journal.entries;
    expect(last).toMatchObject({ argument: 1 });
    expect(last.ms).toBeGreaterThan(125);
  });

  it('begins a lone statement again by itself', () => {
    const { simulator, database, journal } = lab(3, 50);
    const writes = [write(1, 1), write(1, 1)];
    writes.forEach((own, replica) => {
      database.commit(replica, 1, note, journal, replica, undefined, own);
    });
    simulator.runFor(1000);
    expect(refusals(database, 2)).toEqual(['', '']);
  });

  it('has a causal read wait for what is under way', () => {
    const { simulator, database, journal } = lab(3, 50);
    database.commit(0, 1, note, journal, 0, undefined, write(-1));
    simulator.runFor(60);
    database.executeCausally(1, 1, 0, note, journal, 1);
    simulator.runFor(1000);
    const [read] = journal.entries.filter(({ argument }) => argument === 1);
    expect(read.ms).toBeGreaterThan(75);
    expect(read.ms).toBeLessThan(200);
  });

  it('holds writers back while an applier is behind', () => {
    const { simulator, database } = lab(3, 50);
    const again = (replica: number) => () =>
      database.commit(replica, 1, then, again(replica), 0, undefined, write(-1));
    for (let client = 0; client < 600; client++) again(0)();
    simulator.runFor(2000);
    expect(Math.max(...database.replication.flow.map(({ pausedMs }) => pausedMs))).toBeGreaterThan(
      0,
    );
  });

  it('goes on without a member that is cut off, which refuses writes', () => {
    const { simulator, database, journal } = lab(3, 50);
    const writes = [write(-1), write(-1)];
    database.membership.fail([2], 'partition');
    database.commit(0, 1, note, journal, 0, undefined, writes[0]);
    database.commit(2, 1, note, journal, 1, undefined, writes[1]);
    simulator.runFor(20_000);
    expect(refusals(database, 2)).toEqual(['', NO_QUORUM]);
    for (const { ms } of journal.entries) {
      expect(ms).toBeGreaterThan(5000);
      expect(ms).toBeLessThan(7500);
    }
  });

  it('commits nothing without a majority', () => {
    const { simulator, database, journal } = lab(2, 50);
    const own = write(-1);
    database.membership.fail([1], 'partition');
    database.commit(0, 1, note, journal, 0, undefined, own);
    simulator.runFor(20_000);
    expect(refusals(database, 1)).toEqual([NO_QUORUM]);
  });

  it('throws out who has locked a row that another member writes', () => {
    const { simulator, database, journal } = lab(3, 50);
    const [slow, next, quick] = [write(1), write(1), write(1)];
    expect(database.lockRow(0, slow, note, journal, 0)).toBe(true);
    expect(database.lockRow(0, next, note, journal, 1)).toBe(false);
    database.commit(1, 1, note, journal, 2, undefined, quick);
    simulator.runFor(1000);
    // The one that waited was told, the one that had it hears so with its commit.
    expect(journal.entries.map(({ argument }) => argument)).toEqual([1, 2]);
    database.commit(0, 1, note, journal, 0, undefined, slow);
    expect(refusals(database, 3)).toEqual([DEADLOCK, DEADLOCK, '']);
    expect(database.lockRow(0, next, note, journal, 1)).toBe(true);
    database.unlockRow(0, next);
    expect(database.lockRow(0, slow, note, journal, 0)).toBe(true);
    database.commit(0, 1, note, journal, 0, undefined, slow);
    simulator.runFor(1000);
    expect(refusals(database, 1)).toEqual(['']);
  });

  it('has reads wait too where the deployment sets sync-wait', () => {
    const { simulator, database, journal } = lab(3, 50, { 'sync-wait': true });
    database.commit(0, 1, note, journal, 0);
    simulator.runFor(60);
    database.execute(1, 1, 0, note, journal, 1);
    simulator.runFor(1000);
    const [read] = journal.entries.filter(({ argument }) => argument === 1);
    expect(read.ms).toBeGreaterThan(75);
  });

  it('orders two write sets a round trip and member where messages carry one each', () => {
    const lastMs = (settings: object): number => {
      const { simulator, database, journal } = lab(9, 100, settings);
      for (let i = 0; i < 10; i++) database.commit(0, 1, note, journal, i);
      simulator.runFor(5000);
      expect(journal.entries).toHaveLength(10);
      return journal.entries[9].ms;
    };
    // Four round trips until the last two have their places, then 1.5 until they are in order.
    expect(lastMs({ aggregate: false })).toBeGreaterThan(540);
    expect(lastMs({ aggregate: false })).toBeLessThan(580);
    expect(lastMs({})).toBeLessThan(300);
  });

  it('takes a member back when the network is whole again', () => {
    const { simulator, database, journal } = lab(3, 50);
    database.membership.networkChanged([0, 0, 2]);
    database.commit(0, 1, note, journal, 0);
    simulator.runFor(10_000);
    database.execute(2, 1, 0, note, journal, 1);
    simulator.runFor(10);
    expect(refusals(database, 2)).toEqual(['', NO_QUORUM]);
    database.membership.networkChanged([0, 0, 0]);
    simulator.runFor(5000);
    [0, 1, 2].forEach((replica) => {
      database.commit(replica, 1, note, journal, 2 + replica, undefined, write(7));
    });
    simulator.runFor(1000);
    expect(refusals(database, 5).sort()).toEqual(['', '', '', DEADLOCK, DEADLOCK]);
  });

  it('goes on after a short cut, and after one without any majority', () => {
    const { simulator, database, journal } = lab(4, 50);
    database.membership.networkChanged([0, 0, 2, 2]);
    database.commit(0, 1, note, journal, 0);
    simulator.runFor(500);
    database.membership.networkChanged([0, 0, 0, 0]);
    simulator.runFor(2000);
    expect(journal.entries.map(({ argument }) => argument)).toEqual([0]);
    database.membership.networkChanged([0, 0, 2, 2]);
    simulator.runFor(10_000);
    database.commit(3, 1, note, journal, 1);
    database.membership.networkChanged([0, 0, 0, 0]);
    simulator.runFor(5000);
    database.commit(3, 1, note, journal, 2);
    simulator.runFor(1000);
    expect(refusals(database, 3)).toEqual(['', NO_QUORUM, '']);
    expect(journal.entries).toHaveLength(3);
  });
});
