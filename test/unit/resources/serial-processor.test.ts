import { describe, expect, it } from 'vitest';
import { Simulator } from '../../../src/kernel/simulator.js';
import { ProcessorSharing } from '../../../src/resources/processor-sharing.js';
import { SerialProcessor } from '../../../src/resources/serial-processor.js';
import { call, Journal, note } from './journal.js';

describe('SerialProcessor', () => {
  it('computes one burst at a time on a node with cores to spare', () => {
    const simulator = new Simulator();
    const process = new SerialProcessor(simulator, new ProcessorSharing(simulator, 8));
    const journal = new Journal(simulator);
    for (let job = 0; job < 3; job++) process.compute(2, note, journal, job);
    simulator.run();
    expect(journal.order).toEqual([0, 1, 2]);
    expect(journal.timesMs).toEqual([2, 4, 6]);
    const { utilisation, meanQueueLength, meanWaitMs, departures } = process.statistics();
    expect([utilisation, meanQueueLength, meanWaitMs, departures]).toEqual([1, 1, 2, 3]);
  });

  it('gives each process its share of the cores, not each burst', () => {
    const simulator = new Simulator();
    const node = new ProcessorSharing(simulator, 1);
    const crowded = new SerialProcessor(simulator, node);
    const quiet = new SerialProcessor(simulator, node);
    const journal = new Journal(simulator);
    for (let job = 0; job < 4; job++) crowded.compute(1, note, journal, job);
    quiet.compute(2, note, journal, 9);
    expect(node.inSystem).toBe(2);
    simulator.run();
    expect(journal.entries).toEqual([
      { argument: 0, timeMs: 2 },
      { argument: 9, timeMs: 4 },
      { argument: 1, timeMs: 4 },
      { argument: 2, timeMs: 5 },
      { argument: 3, timeMs: 6 },
    ]);
    expect(node.statistics()).toMatchObject({ busyMs: 6, utilisation: 1 });
  });

  it('lets the next burst in line go before one that a continuation adds', () => {
    const simulator = new Simulator();
    const process = new SerialProcessor(simulator, new ProcessorSharing(simulator, 2));
    const journal = new Journal(simulator);
    process.compute(1, call, () => process.compute(1, note, journal, 3), 0);
    process.compute(1, note, journal, 2);
    simulator.run();
    expect(journal.order).toEqual([2, 3]);
    expect(process.inSystem).toBe(0);
  });
});
