import { describe, expect, it } from 'vitest';
import { EvsGroup } from '../../../../src/cloud/database/evs-group.js';
import { Simulator } from '../../../../src/kernel/simulator.js';
import { UnsharedCores } from '../../../../src/resources/processor.js';

function group(oneWayMs: readonly (readonly number[])[], windows = [2, 4]) {
  const simulator = new Simulator();
  const log = oneWayMs.map(() => [] as { item: number; ms: number }[]);
  const cores = new UnsharedCores(simulator);
  const evs = new EvsGroup<number>({
    simulator,
    processors: oneWayMs.map(() => cores),
    userSendWindow: windows[0],
    sendWindow: windows[1],
    mostPerMessage: Infinity,
    messageMs: 0,
    transitMs: (from, to) => oneWayMs[from][to],
    delivered: (member, item) => log[member].push({ item, ms: simulator.now }),
  });
  return { simulator, evs, log };
}

const even = (count: number, ms: number) =>
  Array.from({ length: count }, (_, from) =>
    Array.from({ length: count }, (_, to) => (from === to ? 0 : ms)),
  );

describe('EvsGroup', () => {
  it.each([
    [1, 0],
    [2, 20],
    [3, 30],
    [9, 30],
  ])('delivers a lone write set of a group of %i after %i ms at 10 ms one way', (count, ms) => {
    const { simulator, evs, log } = group(even(count, 10));
    evs.send(0, 1);
    simulator.run();
    expect(log.map(([first]) => first.item)).toEqual(new Array(count).fill(1));
    expect(log[0][0].ms).toBe(ms);
  });

  it('saves a leg where all send at once, and gives every member the same order', () => {
    const { simulator, evs, log } = group(even(3, 10));
    for (const member of [2, 0, 1]) evs.send(member, member);
    simulator.run();
    for (const own of log) expect(own.map(({ item }) => item)).toEqual([0, 1, 2]);
    expect(log[0][2].ms).toBe(20);
  });

  it('waits in an uneven triangle for the longest way', () => {
    const triangle = [
      [0, 5, 40],
      [5, 0, 20],
      [40, 20, 0],
    ];
    [80, 65, 80].forEach((ms, member) => {
      const { simulator, evs, log } = group(triangle);
      evs.send(member, 7);
      simulator.run();
      expect(log[member][0].ms).toBe(ms);
    });
  });

  it('delivers nothing while a member is cut off, and goes on when it is out of the view', () => {
    const far = Number.POSITIVE_INFINITY;
    const { simulator, evs, log } = group([
      [0, 5, far],
      [5, 0, far],
      [far, far, 0],
    ]);
    evs.send(0, 1);
    simulator.run();
    expect(log[0]).toEqual([]);
    evs.remove([2]);
    simulator.run();
    expect(log.map((own) => own.length)).toEqual([1, 1, 0]);
  });

  it('tells a reader at once where nothing is in flight, else when it is complete', () => {
    const { simulator, evs } = group(even(3, 10));
    const told: number[] = [];
    evs.whenCurrent(1, () => told.push(simulator.now));
    evs.send(0, 1);
    simulator.runFor(10);
    evs.whenCurrent(1, () => told.push(simulator.now));
    simulator.run();
    expect(told[0]).toBe(0);
    expect(told[1]).toBeGreaterThanOrEqual(20);
  });
});
