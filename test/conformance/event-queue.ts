import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventQueueFactory } from '../../src/kernel/event-queue.js';
import { EventRecords } from '../../src/kernel/event-records.js';

interface Entry {
  time: number;
  order: number;
  slot: number;
}

/** A queue beside a plain sorted list; every answer of the one is compared with the other. */
class Pair {
  readonly records = new EventRecords();
  private readonly queue;
  private sorted: Entry[] = [];
  private order = 0;
  now = 0;

  constructor(newQueue: EventQueueFactory) {
    this.queue = newQueue(this.records);
  }

  get size(): number {
    return this.sorted.length;
  }

  insert(time: number): void {
    const order = this.order++;
    const slot = this.records.allocate(time, 1, undefined, order);
    this.queue.insert(slot);
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sorted[middle].time <= time) low = middle + 1;
      else high = middle;
    }
    this.sorted.splice(low, 0, { time, order, slot });
  }

  /** Pops one event from both; returns false if there is none at or before the limit. */
  pop(limit = Infinity): boolean {
    const slot = this.queue.popUntil(limit);
    const expected = this.sorted[0];
    if (!expected || expected.time > limit) {
      expect(slot).toBe(-1);
      return false;
    }
    // Compared by hand first: `expect` on every one of a million pops would take minutes.
    if (slot !== expected.slot) expect(slot).toBe(expected.slot);
    this.sorted.shift();
    this.now = expected.time;
    this.records.release(slot);
    return true;
  }

  cancel(index: number): void {
    const [entry] = this.sorted.splice(index, 1);
    this.records.kill(entry.slot);
    this.queue.remove(entry.slot);
  }

  drain(): void {
    while (this.pop());
    this.check();
    expect(this.records.used).toBe(this.records.dead);
  }

  check(): void {
    expect(this.records.used - this.records.dead).toBe(this.size);
  }
}

/** How far ahead of now an event is set: ties, close, far and very far ones. */
const increments = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 3 }),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 1e-9, noNaN: true }),
  fc.double({ min: 0, max: 1000, noNaN: true }),
  fc.constantFrom(1, 60_000, 1e-300, 5e-324, 1e12, 1e300),
);

const commands = fc.oneof(
  fc.record({ type: fc.constant('insert' as const), increment: increments }),
  fc.record({
    type: fc.constant('burst' as const),
    count: fc.integer({ min: 1, max: 400 }),
    increment: increments,
    step: fc.oneof(fc.constant(0), increments),
  }),
  fc.record({ type: fc.constant('pop' as const), count: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ type: fc.constant('pop-until' as const), ahead: increments }),
  fc.record({
    type: fc.constant('cancel' as const),
    count: fc.integer({ min: 1, max: 200 }),
    place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  }),
  fc.record({
    type: fc.constant('hold' as const),
    count: fc.integer({ min: 1, max: 200 }),
    increment: increments,
  }),
);

type Command = typeof commands extends fc.Arbitrary<infer T> ? T : never;

function apply(pair: Pair, command: Command): void {
  switch (command.type) {
    case 'insert':
      pair.insert(pair.now + command.increment);
      break;
    case 'burst':
      for (let i = 0; i < command.count; i++) {
        pair.insert(pair.now + command.increment + i * command.step);
      }
      break;
    case 'pop':
      for (let i = 0; i < command.count && pair.pop(); i++);
      break;
    case 'pop-until':
      while (pair.pop(pair.now + command.ahead)) {
        if (command.ahead === 0) continue;
        if (pair.size % 7 === 0) break;
      }
      break;
    case 'cancel':
      for (let i = 0; i < command.count && pair.size > 0; i++) {
        pair.cancel(Math.floor(command.place * pair.size));
      }
      break;
    case 'hold':
      for (let i = 0; i < command.count && pair.pop(); i++) {
        pair.insert(pair.now + command.increment * (i % 3));
      }
      break;
  }
  pair.check();
}

/** Deterministic numbers in [0, 1), for loads too big to be drawn by fast-check. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const distributions: Record<string, (u: number) => number> = {
  exponential: (u) => -Math.log(1 - u),
  bimodal: (u) => (u < 0.9 ? u : 1000 + u),
  'all equal': () => 1,
  'heavy-tailed': (u) => (1 - u) ** -1.1,
  'zero or one': (u) => (u < 0.5 ? 0 : 1),
  'ever finer': (u) => 1e-6 ** (u * 4),
};

/** The rules that every event queue keeps. */
export function testEventQueue(name: string, newQueue: EventQueueFactory): void {
  describe(`${name} event queue`, () => {
    it('agrees with a sorted list, whatever is asked of it', () => {
      fc.assert(
        fc.property(fc.array(commands, { minLength: 1, maxLength: 40 }), (list) => {
          const pair = new Pair(newQueue);
          for (const command of list) apply(pair, command);
          pair.drain();
        }),
        { numRuns: 400, seed: 1 },
      );
    });

    it.each(Object.keys(distributions))('grows and shrinks under %s increments', (key) => {
      const next = uniforms(7);
      const increment = () => distributions[key](next());
      const pair = new Pair(newQueue);
      for (const size of [3000, 20, 700, 1]) {
        while (pair.size < size) pair.insert(pair.now + increment());
        while (pair.size > size) pair.pop();
        for (let i = 0; i < 4000; i++) {
          pair.pop();
          pair.insert(pair.now + increment());
          if (i % 5 === 0) pair.cancel(Math.floor(next() * pair.size));
          if (i % 5 === 0) pair.insert(pair.now + increment());
        }
        pair.check();
      }
      pair.drain();
    });

    it('keeps ties in order of insertion when they come at different moments', () => {
      const pair = new Pair(newQueue);
      for (let i = 0; i < 500; i++) pair.insert(100);
      for (let time = 0; time < 100; time++) {
        pair.insert(time);
        pair.pop(time);
        for (let i = 0; i < 5; i++) pair.insert(100);
      }
      expect(pair.pop(99)).toBe(false);
      for (let i = 0; i < 500; i++) pair.insert(99 + (i % 2));
      pair.drain();
    });

    it('pops nothing after the limit, and takes earlier events after that', () => {
      const pair = new Pair(newQueue);
      for (let i = 0; i < 200; i++) pair.insert(1000);
      expect(pair.pop(999)).toBe(false);
      for (let i = 0; i < 300; i++) pair.insert(999 - i);
      for (let i = 0; i < 300; i++) pair.insert(i);
      expect(pair.pop(0)).toBe(true);
      pair.drain();
    });

    it('holds no memory for timers that are set and cancelled', () => {
      const records = new EventRecords();
      const queue = newQueue(records);
      for (let i = 0; i < 50; i++) queue.insert(records.allocate(1e6, 1, undefined, 0));
      for (let now = 0; now < 200_000; now++) {
        // One timer far ahead, one close, one for now: each cancelled before it fires.
        for (const ahead of [60_000, 5, 0]) {
          const slot = records.allocate(now + ahead, 1, undefined, 0);
          queue.insert(slot);
          records.kill(slot);
          queue.remove(slot);
        }
        if (queue.popUntil(now) !== -1) throw new Error(`popped a cancelled event at ${now}`);
      }
      expect(records.capacity).toBeLessThanOrEqual(512);
    });
  });
}
