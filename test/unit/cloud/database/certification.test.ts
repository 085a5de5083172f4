import { describe, expect, it } from 'vitest';
import { Certification } from '../../../../src/cloud/database/certification.js';
import { Galera } from '../../../../src/cloud/database/galera.js';
import { Simulator } from '../../../../src/kernel/simulator.js';
import { RandomStreams } from '../../../../src/random/index.js';
import { LabWire, loadBackend, membersAt, newJournal, note } from '../lab-wire.js';

describe('Certification', () => {
  const certification = () => new Certification(() => 50);

  it('lets the first of two that did not see each other pass', () => {
    const keys = certification();
    expect(keys.passes(1, 0, 0, 150)).toBe(true);
    expect(keys.passes(1, 1, 10, 160)).toBe(false);
    // It knows of the first 50 ms after that was ordered.
    expect(keys.passes(1, 1, 199, 350)).toBe(false);
    expect(keys.passes(1, 1, 200, 350)).toBe(true);
  });

  it('knows its own member’s writes at once, and nothing of other keys', () => {
    const keys = certification();
    expect(keys.passes(1, 0, 0, 150)).toBe(true);
    expect(keys.passes(1, 0, 140, 290)).toBe(true);
    expect(keys.passes(2, 1, 10, 160)).toBe(true);
  });
});

describe('Galera with shared keys', () => {
  function lab() {
    const simulator = new Simulator();
    const database = new Galera({
      id: 'main',
      constants: loadBackend('galera'),
      simulator,
      wire: LabWire.uniform(3, 100),
      traffic: 0,
      streams: new RandomStreams('test', 1),
      replicas: membersAt(simulator, [0, 1, 2]),
    });
    return { simulator, database, journal: newJournal(simulator) };
  }
  const access = { table: 0, reads: 0, writes: 1, contended: false, sharedKeys: 1, scan: false };

  it('refuses all but one of those that write at once at different members', () => {
    const { simulator, database, journal } = lab();
    for (const member of [0, 1, 2]) database.commit(member, 1, note, journal, member, access);
    simulator.run();
    expect(journal.entries.length).toBe(3);
    const refusals = [0, 1, 2].map((argument) => database.takeRefusal(argument)?.reason);
    expect(refusals.filter((reason) => reason === 'deadlock').length).toBe(2);
    expect([0, 1, 2].map((argument) => database.takeRefusal(argument))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('lets those of one member and those without keys pass', () => {
    const { simulator, database, journal } = lab();
    database.commit(0, 1, note, journal, 0, access);
    database.commit(0, 1, note, journal, 1, access);
    database.commit(1, 1, note, journal, 2, { ...access, sharedKeys: 0 });
    simulator.run();
    expect([0, 1, 2].filter((argument) => database.takeRefusal(argument))).toEqual([]);
  });
});
