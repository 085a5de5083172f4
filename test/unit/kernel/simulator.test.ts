import { describe, expect, it } from 'vitest';
import { defineEventKind } from '../../../src/kernel/event-kind.js';
import type { EventQueueName } from '../../../src/kernel/event-queue.js';
import { Simulator } from '../../../src/kernel/simulator.js';

const note = defineEventKind('test-note', (log: number[], argument: number) => log.push(argument));
const call = defineEventKind('test-call', (body: () => void) => body());

const queues: EventQueueName[] = ['calendar', 'heap'];

describe.each(queues)('simulator on the %s queue', (queue) => {
  const make = () => ({ simulator: new Simulator({ queue }), log: [] as number[] });

  it('fires events in order of time and moves the clock', () => {
    const { simulator, log } = make();
    simulator.schedule(3, note, log, 3);
    simulator.schedule(1, note, log, 1);
    simulator.scheduleAt(2, note, log, 2);
    expect(simulator.pendingCount).toBe(3);
    expect(simulator.step()).toBe(true);
    expect([simulator.now, simulator.eventCount, simulator.pendingCount]).toEqual([1, 1, 2]);
    simulator.run();
    expect(log).toEqual([1, 2, 3]);
    expect([simulator.now, simulator.eventCount, simulator.pendingCount]).toEqual([3, 3, 0]);
    expect(simulator.step()).toBe(false);
  });

  it('fires events of one time in the order in which they were scheduled', () => {
    const { simulator, log } = make();
    for (let i = 0; i < 300; i++) simulator.scheduleAt(i % 2 === 0 ? 5 : 6, note, log, i);
    const even = Array.from({ length: 150 }, (_, i) => 2 * i);
    simulator.run();
    expect(log).toEqual([...even, ...even.map((i) => i + 1)]);
  });

  it('fires what an event schedules for the present time after what waits for that time', () => {
    const { simulator, log } = make();
    simulator.schedule(5, call, () => {
      log.push(1);
      simulator.schedule(0, note, log, 4);
      simulator.scheduleAt(5, note, log, 5);
    });
    simulator.schedule(5, note, log, 2);
    simulator.schedule(5, note, log, 3);
    simulator.schedule(5.5, note, log, 6);
    simulator.run();
    expect(log).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('knows when a pending event is due, and that of one which is not pending it knows nothing', () => {
    const { simulator, log } = make();
    simulator.schedule(2, note, log, 1);
    simulator.run();
    const handle = simulator.schedule(1.5, note, log, 2);
    expect(simulator.timeOf(handle)).toBe(3.5);
    simulator.cancel(handle);
    expect(simulator.timeOf(handle)).toBeNaN();
    const fired = simulator.schedule(1, note, log, 3);
    simulator.run();
    expect(simulator.timeOf(fired)).toBeNaN();
  });

  it('cancels a pending event once', () => {
    const { simulator, log } = make();
    const handle = simulator.schedule(1, note, log, 1);
    simulator.schedule(2, note, log, 2);
    expect(simulator.cancel(handle)).toBe(true);
    expect(simulator.cancel(handle)).toBe(false);
    expect(simulator.pendingCount).toBe(1);
    simulator.run();
    expect(log).toEqual([2]);
  });

  it('refuses the handle of a fired event whose place another event has taken', () => {
    const { simulator, log } = make();
    const stale = simulator.schedule(1, note, log, 1);
    simulator.run();
    const fresh = simulator.schedule(1, note, log, 2);
    expect(fresh).not.toBe(stale);
    expect(simulator.cancel(stale)).toBe(false);
    simulator.run();
    expect(log).toEqual([1, 2]);
  });

  it('refuses what was never a handle', () => {
    const { simulator, log } = make();
    simulator.schedule(1, note, log, 1);
    for (const value of [0, -1, 1, 2 ** 40, 2 ** 53, NaN, Infinity, 0.5]) {
      expect(simulator.cancel(value)).toBe(false);
    }
    expect(simulator.pendingCount).toBe(1);
  });

  it('runs up to and including a time, and then it is that time', () => {
    const { simulator, log } = make();
    for (const time of [1, 2, 2, 2.5, 9]) simulator.scheduleAt(time, note, log, time);
    simulator.runUntil(2);
    expect([log, simulator.now]).toEqual([[1, 2, 2], 2]);
    simulator.runFor(3);
    expect([log, simulator.now]).toEqual([[1, 2, 2, 2.5], 5]);
    simulator.schedule(1, note, log, 6);
    simulator.runUntil(5);
    simulator.runUntil(20);
    expect([log, simulator.now]).toEqual([[1, 2, 2, 2.5, 6, 9], 20]);
  });

  it('stops after the event that asks for it, and can go on', () => {
    const { simulator, log } = make();
    simulator.schedule(1, call, () => simulator.stop());
    simulator.schedule(1, note, log, 1);
    simulator.runUntil(4);
    expect([log, simulator.now, simulator.pendingCount]).toEqual([[], 1, 1]);
    simulator.runUntil(4);
    expect([log, simulator.now]).toEqual([[1], 4]);
  });

  it('refuses times that are past or not finite, naming both times', () => {
    const { simulator, log } = make();
    simulator.runUntil(10);
    expect(() => simulator.scheduleAt(9, note, log)).toThrow(
      new RangeError('test-note at 9 ms: it is past, now is 10 ms'),
    );
    expect(() => simulator.schedule(-0.5, note, log)).toThrow(/at 9.5 ms: it is past/);
    expect(() => simulator.schedule(NaN, note, log)).toThrow(/at NaN ms: it is not a finite time/);
    expect(() => simulator.schedule(Infinity, note, log)).toThrow(
      /at Infinity ms: .* now is 10 ms/,
    );
    expect(() => simulator.runUntil(9)).toThrow(RangeError);
    expect(() => simulator.runUntil(NaN)).toThrow(RangeError);
    expect(() => simulator.runFor(Infinity)).toThrow(RangeError);
    expect(simulator.pendingCount).toBe(0);
  });

  it('does not run inside itself, and survives an event that throws', () => {
    const { simulator, log } = make();
    simulator.schedule(1, call, () => simulator.run());
    simulator.schedule(2, note, log, 2);
    expect(() => simulator.run()).toThrow(/an event cannot run it again/);
    simulator.run();
    expect(log).toEqual([2]);
  });
});

describe('fingerprint', () => {
  const fingerprintOf = (schedule: (simulator: Simulator, log: number[]) => void) => {
    const simulator = new Simulator();
    schedule(simulator, []);
    simulator.run();
    return simulator.fingerprint();
  };
  const base = fingerprintOf((simulator, log) => {
    simulator.schedule(1, note, log, 1);
    simulator.schedule(2, note, log, 2);
  });

  it('is 16 hexadecimal digits and repeats', () => {
    expect(base).toMatch(/^[0-9a-f]{16}$/);
    const again = fingerprintOf((simulator, log) => {
      simulator.schedule(2, note, log, 2);
      simulator.schedule(1, note, log, 1);
    });
    expect(again).toBe(base);
  });

  it('changes with time, kind, argument and order, and not with cancelled events', () => {
    const other = defineEventKind('test-other', (log: number[], argument: number) =>
      log.push(argument),
    );
    const pairs: [number, typeof note, number][][] = [
      [
        [1, note, 1],
        [2.5, note, 2],
      ],
      [
        [1, other, 1],
        [2, note, 2],
      ],
      [
        [1, note, 1],
        [2, note, 3],
      ],
      [
        [1, note, 2],
        [2, note, 1],
      ],
      [[1, note, 1]],
    ];
    const variants = pairs.map((events) =>
      fingerprintOf((simulator, log) => {
        for (const [time, kind, argument] of events) simulator.schedule(time, kind, log, argument);
      }),
    );
    expect(new Set([base, ...variants]).size).toBe(pairs.length + 1);
    const cancelled = fingerprintOf((s, log) => {
      s.schedule(1, note, log, 1);
      s.cancel(s.schedule(1.5, note, log, 7));
      s.schedule(2, note, log, 2);
    });
    expect(cancelled).toBe(base);
  });

  it('can be switched off', () => {
    expect(() => new Simulator({ fingerprint: false }).fingerprint()).toThrow(/fingerprint: false/);
  });
});
