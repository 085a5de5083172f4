import { describe, expect, it } from 'vitest';
import { Galera } from '../../../../src/cloud/database/galera.js';
import { CommitOutcome, RowWrite } from '../../../../src/cloud/database/row-write.js';
import { defineEventKind } from '../../../../src/kernel/event-kind.js';
import { Simulator } from '../../../../src/kernel/simulator.js';
import { LabWire, loadBackend, membersAt, newJournal, note } from '../lab-wire.js';

const constants = loadBackend('galera');

function lab(members: number, rttMs: number) {
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
    replicas,
  });
  return { simulator, database, journal: newJournal(simulator) };
}

function write(row: number, retries = 0): RowWrite {
  return Object.assign(new RowWrite(), { row, retries });
}

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
    const { committed, conflict } = CommitOutcome;
    expect(writes.map(({ outcome }) => outcome).sort()).toEqual([committed, conflict, conflict]);
  });

  it('leaves other rows and one member’s own transactions alone', () => {
    const { simulator, database, journal } = lab(3, 50);
    const writes = [write(1), write(1), write(2)];
    [0, 0, 1].forEach((replica, i) => {
      database.commit(replica, 1, note, journal, i, undefined, writes[i]);
    });
    simulator.runFor(1000);
    expect(writes.map(({ outcome }) => outcome)).toEqual([0, 0, 0]);
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
    expect(writes.map(({ outcome }) => outcome)).toEqual([0, 0]);
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
    expect(writes.map(({ outcome }) => outcome)).toEqual([
      CommitOutcome.committed,
      CommitOutcome.refused,
    ]);
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
    expect(own.outcome).toBe(CommitOutcome.refused);
  });
});
