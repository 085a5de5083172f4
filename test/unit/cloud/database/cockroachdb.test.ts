import { describe, expect, it } from 'vitest';
import { CockroachDb } from '../../../../src/cloud/database/cockroachdb.js';
import { createDatabase } from '../../../../src/cloud/database/create-database.js';
import type { TableAccess } from '../../../../src/cloud/database/database.js';
import { placeRange, rangeSettings } from '../../../../src/cloud/database/range-layout.js';
import { RowWrite } from '../../../../src/cloud/database/row-write.js';
import { defineEventKind } from '../../../../src/kernel/event-kind.js';
import { Simulator } from '../../../../src/kernel/simulator.js';
import { RandomStreams } from '../../../../src/random/index.js';
import { LabWire, loadBackend, membersAt, newJournal, note, withValues } from '../lab-wire.js';

const constants = loadBackend('cockroachdb');
const NO_CPU = {
  'cpu-per-statement': 0,
  'cpu-per-kilobyte': 0,
  'cpu-per-request': 0,
  'cpu-per-apply': 0,
  'request-latency': 0,
};

function lab(
  members: number,
  rttMs: number,
  settings?: Record<string, string>,
  values: Record<string, number> = NO_CPU,
  streams?: RandomStreams,
) {
  const simulator = new Simulator();
  const wire = LabWire.uniform(members, rttMs);
  const database = new CockroachDb({
    id: 'main',
    constants: withValues(constants, values),
    simulator,
    wire,
    traffic: 3,
    settings,
    streams,
    replicas: membersAt(
      simulator,
      Array.from({ length: members }, (_, site) => site),
    ),
  });
  return { simulator, wire, database, journal: newJournal(simulator) };
}

function access(table: number, reads: number, writes = 0, contended = false): TableAccess {
  return { table, reads, writes, contended, scan: false };
}

const commitNow = defineEventKind('test-cockroachdb-commit', (step: { run: () => void }) =>
  step.run(),
);

describe('CockroachDb', () => {
  it('is made by its backend’s name', () => {
    const simulator = new Simulator();
    const database = createDatabase({
      id: 'main',
      constants,
      simulator,
      wire: LabWire.uniform(3, 10),
      traffic: 0,
      replicas: membersAt(simulator, [0, 1, 2]),
    });
    expect(database.backend).toBe('cockroachdb');
  });

  it('sends each read from the gateway to the leaseholder', () => {
    const { simulator, database, journal } = lab(3, 100);
    // Table 0 is led from the second replica, table 2 from the first.
    expect([0, 1, 2].map((table) => database.leaseholderOf(table))).toEqual([1, 2, 0]);
    database.execute(0, 5, 0, note, journal, 0, access(0, 3));
    database.execute(0, 5, 0, note, journal, 2, access(2, 3));
    simulator.run();
    expect(journal.entries).toEqual([
      { argument: 2, ms: 0 },
      { argument: 0, ms: 300 },
    ]);
  });

  it('commits when the leaseholder and the nearest majority have it', () => {
    const { simulator, wire, database, journal } = lab(3, 100, { leases: 'first' });
    const step = { run: () => database.commit(0, 1, note, journal, 0, access(0, 0, 1)) };
    database.execute(0, 4, 0, commitNow, step, 0, access(0, 0, 1));
    simulator.run();
    // A write and a commit, each a round trip to one of the two followers.
    expect(journal.entries).toEqual([{ argument: 0, ms: 200 }]);
    expect(wire.sent.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [0, 2],
      [0, 1],
      [0, 2],
    ]);
  });

  it('takes a table with contended transactions one after the other', () => {
    const { simulator, database, journal } = lab(3, 100, { leases: 'first' });
    const begin = (argument: number, contended: boolean): void => {
      const own = access(0, 0, 1, contended);
      const step = { run: () => database.commit(0, 1, note, journal, argument, own) };
      database.execute(0, 4, 0, commitNow, step, 0, own);
    };
    begin(1, true);
    begin(2, true);
    begin(3, false);
    simulator.run();
    const ends = new Map(journal.entries.map(({ argument, ms }) => [argument, ms]));
    // The third, which scans nothing, lets the one under way end, not the one in line.
    expect([1, 2, 3].map((each) => ends.get(each))).toEqual([200, 400, 400]);
  });

  it('lets reads and other tables pass by a contended transaction', () => {
    const { simulator, database, journal } = lab(3, 100, { leases: 'first' });
    const own = access(0, 0, 1, true);
    database.execute(0, 4, 0, note, journal, 1, own);
    database.execute(0, 4, 0, note, journal, 2, access(0, 2));
    database.execute(0, 4, 0, note, journal, 3, access(1, 0, 1));
    simulator.run();
    expect(journal.entries.map(({ argument }) => argument).sort()).toEqual([1, 2, 3]);
  });

  it('refuses who has waited too long for a contended table', () => {
    const { simulator, database, journal } = lab(3, 100, undefined, {
      ...NO_CPU,
      'contention-limit': 60,
    });
    const own = access(0, 0, 1, true);
    database.execute(0, 4, 0, note, journal, 1, own);
    database.execute(0, 4, 0, note, journal, 2, own);
    simulator.run();
    expect(journal.entries).toEqual([
      { argument: 1, ms: 200 },
      { argument: 2, ms: 60_000 },
    ]);
    expect(database.takeRefusal(1)).toBeUndefined();
    expect(database.takeRefusal(2)?.reason).toMatch(/waited too long/);
    expect(database.takeRefusal(2)).toBeUndefined();
  });

  it('restarts a transaction beside writers at other gateways, some of the time', () => {
    const streams = new RandomStreams('test', 1);
    const values = { ...NO_CPU, 'restart-share': 0.2 };
    const { simulator, database, journal } = lab(3, 0, undefined, values, streams);
    let refused = 0;
    for (let round = 0; round < 300; round++) {
      for (const gateway of [0, 1, 2]) {
        database.commit(gateway, 1, note, journal, round * 3 + gateway, access(0, 0, 1));
      }
      simulator.run();
      for (const gateway of [0, 1, 2]) {
        if (database.takeRefusal(round * 3 + gateway)) refused++;
      }
    }
    expect(refused / 900).toBeGreaterThan(0.15);
    expect(refused / 900).toBeLessThan(0.25);
  });

  it('restarts by what others commit meanwhile, of the row that it writes', () => {
    const streams = new RandomStreams('test', 1);
    const values = { ...NO_CPU, 'retried-share': 1 };
    const { simulator, database, journal } = lab(3, 100, undefined, values, streams);
    const own = access(0, 0, 1);
    const writes = [0, 1, 2].map(() => Object.assign(new RowWrite(), { row: 1 }));
    const begin = (gateway: number): void => {
      const step = {
        run: () => database.commit(gateway, 1, note, journal, gateway, own, writes[gateway]),
      };
      writes[gateway].beganMs = simulator.now;
      database.execute(gateway, 4, 0, commitNow, step, gateway, own);
    };
    // The second gateway is the leaseholder's: it commits before the others.
    for (const gateway of [0, 1, 2]) begin(gateway);
    simulator.run();
    const refusals = [0, 1, 2].map((gateway) => database.takeRefusal(gateway));
    expect(refusals.map((refusal) => refusal?.isRetried)).toEqual([true, undefined, true]);
    begin(0);
    simulator.run();
    expect(database.takeRefusal(0)).toBeUndefined();
  });

  it('lets scans among other gateways’ writes begin one in two round trips', () => {
    const { simulator, database, journal } = lab(3, 100, { leases: 'first' });
    const scan = { ...access(0, 1), scan: true };
    // Nobody has written: all at once.
    for (const argument of [1, 2, 3]) database.execute(1, 4, 0, note, journal, argument, scan);
    simulator.run();
    expect(journal.entries.map(({ ms }) => ms)).toEqual([100, 100, 100]);
    database.commit(2, 1, note, journal, 4, access(0, 0, 1));
    simulator.run();
    const startMs = simulator.now;
    for (const argument of [5, 6, 7]) database.execute(1, 4, 0, note, journal, argument, scan);
    simulator.run();
    expect(journal.entries.slice(4).map(({ ms }) => ms - startMs)).toEqual([100, 300, 500]);
  });

  it('does not restart where one gateway writes', () => {
    const streams = new RandomStreams('test', 1);
    const { simulator, database, journal } = lab(3, 0, undefined, NO_CPU, streams);
    for (let round = 0; round < 300; round++) {
      database.commit(1, 1, note, journal, round, access(0, 0, 1));
    }
    simulator.run();
    const rounds = Array.from({ length: 300 }, (_, round) => round);
    expect(rounds.filter((round) => database.takeRefusal(round))).toEqual([]);
  });

  it('reckons what a footprint without tables asks', () => {
    const { simulator, database, journal } = lab(3, 100);
    database.execute(1, 5, 0, note, journal, 0);
    simulator.run();
    expect(journal.entries[0].ms).toBe(200);
  });

  it('waits for good when the majority is cut off', () => {
    const { simulator, database, journal } = lab(3, Number.POSITIVE_INFINITY, { leases: 'first' });
    database.commit(0, 1, note, journal, 0, access(0, 0, 1));
    simulator.run();
    expect(journal.entries).toEqual([]);
  });

  it('charges gateway, leaseholder and followers', () => {
    const { simulator, database, journal } = lab(3, 100, undefined, {});
    database.commit(0, 1, note, journal, 0, access(0, 0, 1));
    simulator.run();
    const cpuS = database.results().map((result) => result.cpuS);
    const perRequest = constants.constants['cpu-per-request'].value / 1000;
    const perApply = constants.constants['cpu-per-apply'].value / 1000;
    expect(cpuS[0]).toBeCloseTo(perApply, 9);
    expect(cpuS[1]).toBeCloseTo(perRequest, 9);
    expect(cpuS[2]).toBeCloseTo(perApply, 9);
  });

  it.each([
    [{ 'range-replicas': '1,9' }, /range-replicas is "1,9"/],
    [{ leases: 'nowhere' }, /leases is "nowhere"/],
  ])('refuses the settings %o', (settings, message) => {
    expect(() => lab(3, 10, settings as Record<string, string>)).toThrow(message);
  });
});

describe('placeRange', () => {
  const simulator = new Simulator();
  const members = membersAt(simulator, [0, 1, 2, 3, 4, 5, 6, 7, 8]);

  it('spreads leases evenly and copies over the cluster', () => {
    const wire = LabWire.uniform(9, 100);
    const settings = rangeSettings(undefined, 9, 3);
    const places = Array.from({ length: 9 }, (_, table) =>
      placeRange(table, settings, members, wire),
    );
    expect(places.map(({ leaseholder }) => leaseholder)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(places[1].followers).toEqual([4, 7]);
  });

  it('waits for the nearer follower only', () => {
    const oneWay = (from: number, to: number): number =>
      from === to ? 0 : Math.floor(from / 3) === Math.floor(to / 3) ? 5 : 75;
    const rows = members.map((_, from) => members.map((__, to) => oneWay(from, to)));
    const settings = rangeSettings({ 'range-replicas': '1,2,7', leases: 'first' }, 9, 3);
    const place = placeRange(4, settings, members, new LabWire(rows));
    expect(place).toEqual({ leaseholder: 0, followers: [1, 6], quorumMs: 10 });
  });

  it('needs nobody where there is one copy', () => {
    const place = placeRange(0, rangeSettings(undefined, 1, 3), members, LabWire.uniform(9, 100));
    expect(place).toEqual({ leaseholder: 0, followers: [], quorumMs: 0 });
  });
});
