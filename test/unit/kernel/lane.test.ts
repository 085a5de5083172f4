import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineEventKind } from '../../../src/kernel/event-kind.js';
import { defineLaneKind, Lane } from '../../../src/kernel/lane.js';
import { Simulator } from '../../../src/kernel/simulator.js';

const note = defineEventKind('test-lane-note', (log: number[], argument: number) =>
  log.push(argument),
);
const noteInLane = defineLaneKind(note);
const call = defineEventKind('test-lane-call', (body: () => void) => body());

describe('a lane', () => {
  it('fires its events each after its delay, in order', () => {
    const simulator = new Simulator();
    const lane = new Lane(simulator, 10, noteInLane);
    const log: number[] = [];
    lane.schedule(log, 1);
    simulator.schedule(4, call, () => {
      lane.schedule(log, 2);
      lane.schedule(log, 3);
    });
    simulator.runUntil(9);
    expect([log, simulator.pendingCount]).toEqual([[], 3]);
    simulator.runUntil(10);
    expect([log, simulator.pendingCount]).toEqual([[1], 2]);
    simulator.runUntil(14);
    expect([log, simulator.pendingCount, simulator.eventCount]).toEqual([[1, 2, 3], 0, 4]);
    lane.schedule(log, 4);
    simulator.run();
    expect([log, simulator.now]).toEqual([[1, 2, 3, 4], 24]);
  });

  it('comes to the same fingerprint as the same events without it', () => {
    const times = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.uniqueArray(times, { maxLength: 80 }), (begins) => {
        const run = (usesLane: boolean) => {
          const simulator = new Simulator();
          const lane = new Lane(simulator, 30, noteInLane);
          const log: number[] = [];
          for (const [number, beginMs] of begins.entries()) {
            simulator.schedule(beginMs, call, () => {
              if (usesLane) lane.schedule(log, number);
              else simulator.schedule(30, note, log, number);
            });
          }
          simulator.run();
          return [log, simulator.fingerprint(), simulator.now, simulator.pendingCount];
        };
        expect(run(true)).toEqual(run(false));
      }),
    );
  });

  it('takes more events than it has had room for, wherever its ring stands', () => {
    const simulator = new Simulator();
    const lane = new Lane(simulator, 1, noteInLane);
    const log: number[] = [];
    let number = 0;
    for (const size of [5, 13, 40, 3, 200]) {
      for (let i = 0; i < size; i++) lane.schedule(log, number++);
      for (let i = 0; i < size / 2; i++) simulator.step();
    }
    simulator.run();
    expect(log).toEqual(Array.from({ length: number }, (_, i) => i));
  });

  it('refuses a delay that is none', () => {
    for (const delayMs of [-1, Number.NaN, Infinity]) {
      expect(() => new Lane(new Simulator(), delayMs, noteInLane)).toThrow(/finite time of 0 or/);
    }
  });
});
