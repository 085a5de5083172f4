import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GroupOrder } from '../../../../src/cloud/database/group-order.js';
import { defineEventKind } from '../../../../src/kernel/event-kind.js';
import { Simulator } from '../../../../src/kernel/simulator.js';
import { NaiveGroup } from './naive-group.js';

interface WriteSet {
  readonly member: number;
  readonly atMs: number;
}

class Run {
  readonly simulator = new Simulator();
  readonly group: GroupOrder;
  readonly deliveredMs: number[] = [];

  constructor(oneWayMs: readonly (readonly number[])[], window: number) {
    this.group = new GroupOrder(this.simulator, oneWayMs.length, window, {
      messageMs: (from, to) => oneWayMs[from][to],
      emptyMs: (from, to) => oneWayMs[from][to],
      deliveryMs: 0,
      delivered: () => {},
    });
  }
}

const sendFast = defineEventKind('test-send', (run: Run, index: number) => {
  run.group.send(Math.floor(index / 1000), noteFast, run, index % 1000);
});
const noteFast = defineEventKind('test-delivered', (run: Run, index: number) => {
  run.deliveredMs[index] = run.simulator.now;
});
const sendNaive = defineEventKind('test-send-naive', (naive: NaiveGroup, index: number) =>
  naive.send(Math.floor(index / 1000), index % 1000),
);

function deliveredMs(
  oneWayMs: readonly (readonly number[])[],
  window: number,
  writeSets: readonly WriteSet[],
): { fast: number[]; naive: number[] } {
  const run = new Run(oneWayMs, window);
  const naive = new NaiveGroup(new Simulator(), oneWayMs, window);
  writeSets.forEach(({ member, atMs }, index) => {
    run.simulator.scheduleAt(atMs, sendFast, run, member * 1000 + index);
    naive.simulator.scheduleAt(atMs, sendNaive, naive, member * 1000 + index);
  });
  run.simulator.run();
  naive.simulator.run();
  return { fast: run.deliveredMs, naive: naive.deliveredMs };
}

function expectAlike({ fast, naive }: { fast: number[]; naive: number[] }, count: number): void {
  expect(fast.length).toBe(count);
  fast.forEach((ms, index) => {
    expect(ms, `write set ${index}`).toBeCloseTo(naive[index], 6);
  });
}

/** Least delays over any way, as routes have them. */
function closed(delaysMs: readonly number[]): number[][] {
  const count = Math.sqrt(delaysMs.length);
  const least = Array.from({ length: count }, (_, from) =>
    Array.from({ length: count }, (_, to) => (from === to ? 0 : delaysMs[from * count + to])),
  );
  for (let via = 0; via < count; via++) {
    for (const row of least) {
      for (let to = 0; to < count; to++) row[to] = Math.min(row[to], row[via] + least[via][to]);
    }
  }
  return least;
}

/** One-way delays of a triangle, in ms. */
const TRIANGLE = [
  [0, 5, 40],
  [5, 0, 20],
  [40, 20, 0],
];

describe('GroupOrder', () => {
  it('orders a lone write set when all are known to have what all sent', () => {
    // Of 0: 40 to 2, back to 0 in 40, or 20 to 1 and 5 to 0; 5 to 1, 20 to 2 and 40 to 0.
    expect(deliveredMs(TRIANGLE, 2, [{ member: 0, atMs: 0 }]).fast).toEqual([80]);
    expect(deliveredMs(TRIANGLE, 2, [{ member: 1, atMs: 0 }]).fast).toEqual([65]);
    expect(deliveredMs(TRIANGLE, 2, [{ member: 2, atMs: 0 }]).fast).toEqual([80]);
  });

  it('saves a leg where others fill the same number at the same time', () => {
    const even = [
      [0, 10, 10],
      [10, 0, 10],
      [10, 10, 0],
    ];
    expect(deliveredMs(even, 2, [{ member: 0, atMs: 0 }]).fast).toEqual([30]);
    const together = [0, 1, 2].map((member) => ({ member, atMs: 0 }));
    expect(deliveredMs(even, 2, together).fast).toEqual([20, 20, 20]);
  });

  it('sends what finds the window full together, once a number is complete', () => {
    const pair = [
      [0, 10],
      [10, 0],
    ];
    const writeSets = [0, 1, 2, 3].map((atMs) => ({ member: 0, atMs }));
    // Complete at 20 ms: the third and the fourth leave then.
    expect(deliveredMs(pair, 2, writeSets).fast).toEqual([20, 21, 40, 40]);
  });

  it('orders at once where a group has one member', () => {
    expect(deliveredMs([[0]], 2, [{ member: 0, atMs: 7 }]).fast).toEqual([7]);
  });

  it('serves members without any delay between them', () => {
    const near = [
      [0, 0, 10],
      [0, 0, 10],
      [10, 10, 0],
    ];
    const writeSets = [0, 0, 1, 1, 0, 2].map((member, atMs) => ({ member, atMs }));
    expectAlike(deliveredMs(near, 2, writeSets), writeSets.length);
  });

  it('delivers nothing while a member is cut off', () => {
    const cut = [
      [0, 5, Infinity],
      [5, 0, Infinity],
      [Infinity, Infinity, 0],
    ];
    const run = new Run(cut, 2);
    for (let index = 0; index < 4; index++) run.group.send(0, noteFast, run, index);
    run.simulator.run();
    expect(run.deliveredMs).toEqual([]);
  });

  it('does what the protocol does message by message', () => {
    const members = fc.integer({ min: 1, max: 5 });
    const scenario = members.chain((count) =>
      fc.record({
        window: fc.integer({ min: 1, max: 5 }),
        delaysMs: fc.array(fc.double({ min: 0.5, max: 80, noNaN: true }), {
          minLength: count * count,
          maxLength: count * count,
        }),
        writeSets: fc.array(
          fc.record({
            member: fc.integer({ min: 0, max: count - 1 }),
            atMs: fc.double({ min: 0, max: 400, noNaN: true }),
          }),
          { minLength: 1, maxLength: 60 },
        ),
      }),
    );
    fc.assert(
      fc.property(scenario, ({ window, delaysMs, writeSets }) => {
        const oneWayMs = closed(delaysMs);
        expectAlike(deliveredMs(oneWayMs, window, writeSets), writeSets.length);
      }),
      { numRuns: 400, seed: 1 },
    );
  });

  it('does so between equally distant members, where many things happen at once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(
          fc.record({
            member: fc.integer({ min: 0, max: 4 }),
            atMs: fc.double({ min: 0, max: 200, noNaN: true }),
          }),
          { minLength: 1, maxLength: 60 },
        ),
        (count, window, all) => {
          const oneWayMs = Array.from({ length: count }, (_, from) =>
            Array.from({ length: count }, (_, to) => (from === to ? 0 : 25)),
          );
          const writeSets = all.map(({ member, atMs }) => ({ member: member % count, atMs }));
          expectAlike(deliveredMs(oneWayMs, window, writeSets), writeSets.length);
        },
      ),
      { numRuns: 400, seed: 1 },
    );
  });
});

describe('one write set a message', () => {
  const rtt = 100;
  const oneWayMs = [0, 1, 2].map((from) =>
    [0, 1, 2].map((to): number => (from === to ? 0 : rtt / 2)),
  );

  it.each([
    { writers: 1, lastMs: 5.5 * rtt },
    { writers: 3, lastMs: 5 * rtt },
  ])('lets each of $writers writers order a window of them a round trip', (row) => {
    const { writers, lastMs } = row;
    const simulator = new Simulator();
    const ends: number[] = [];
    const legs = {
      messageMs: (from: number, to: number) => oneWayMs[from][to],
      emptyMs: (from: number, to: number) => oneWayMs[from][to],
      deliveryMs: 0,
      delivered: () => {},
    };
    const group = new GroupOrder(simulator, 3, 2, legs, true);
    const ended = defineEventKind('test-ended', (ms: number[]) => ms.push(simulator.now));
    for (let index = 0; index < 10 * writers; index++) {
      group.send(index % writers, ended, ends, index);
    }
    simulator.run();
    expect(ends.length).toBe(10 * writers);
    expect(ends[ends.length - 1]).toBeCloseTo(lastMs, 6);
  });
});
