import { defineEventKind } from '../../src/kernel/event-kind.js';
import type { EventQueueName } from '../../src/kernel/event-queue.js';
import { eventQueues } from '../../src/kernel/event-queues.js';
import { EventRecords } from '../../src/kernel/event-records.js';
import { Simulator } from '../../src/kernel/simulator.js';
import {
  assertEqual,
  type BenchCase,
  type BenchGroup,
  cpuSecondsOf,
  type Outcome,
} from './bench-case.js';
import { ns3Hold } from './peers.js';

/*
 * The hold model (Jones, CACM 29(4), 1986): n events are pending; each that fires schedules one, an
 * increment later. The bare loop pops and pushes the same queue with the same increments, without
 * clock, handlers, cancellation or fingerprint: what the queue alone costs.
 */

type Distribution = 'exponential' | 'bimodal' | 'equal' | 'constant' | 'pareto';

/**
 * Inverse distribution functions, of mean about 1 but for the heavy tail, whose mean is 11. With
 * `equal` all events are of one time, for ever; with `constant` they start apart.
 */
const quantiles: Record<Distribution, (u: number) => number> = {
  exponential: (u) => -Math.log(1 - u),
  bimodal: (u) => (u < 0.9 ? u * 0.1 : 9.5 + (u - 0.9)),
  equal: () => 1,
  constant: () => 1,
  pareto: (u) => (1 - u) ** (-1 / 1.1),
};

/** A power of two, small enough to stay in the second-level cache beside the queue. */
const TABLE_BITS = 13;
const TABLE_SIZE = 2 ** TABLE_BITS;

/** The odd multiplier and the shift make a permutation in which no queue finds an order. */
function shuffle(index: number, bits: number): number {
  return Math.imul(index, 0x9e3779b1) >>> (32 - bits);
}

/** Increments, one value for each of as many slices of equal probability. */
function incrementTable(distribution: Distribution): Float64Array {
  const table = new Float64Array(TABLE_SIZE);
  for (let i = 0; i < TABLE_SIZE; i++) {
    table[i] = quantiles[distribution]((shuffle(i, TABLE_BITS) + 0.5) / TABLE_SIZE);
  }
  return table;
}

/** When the i-th event is due at the start: all different, but for `equal`. */
function firstTime(distribution: Distribution, i: number): number {
  const u = (shuffle(i, 30) + 0.5) / 2 ** 30;
  return distribution === 'constant' ? u : quantiles[distribution](u);
}

class HoldState {
  readonly simulator: Simulator;
  left = 0;
  private next = 0;

  constructor(
    queue: EventQueueName,
    private readonly increments: Float64Array,
  ) {
    this.simulator = new Simulator({ queue });
  }

  hold(argument: number): void {
    const increment = this.increments[this.next++ & (TABLE_SIZE - 1)];
    this.simulator.schedule(increment, holdAgain, this, argument);
    if (--this.left === 0) this.simulator.stop();
  }

  run(holds: number): void {
    this.left = holds;
    this.simulator.run();
  }
}

const holdAgain = defineEventKind('bench-hold', (state: HoldState, argument: number) =>
  state.hold(argument),
);

/** So many holds go by before the first is timed, to wear off the start. */
function warmUp(pending: number): number {
  return pending;
}

export function prepareHold(
  queue: EventQueueName,
  distribution: Distribution,
  pending: number,
  holds: number,
): () => Outcome {
  const state = new HoldState(queue, incrementTable(distribution));
  const simulator = state.simulator;
  for (let i = 0; i < pending; i++) {
    simulator.scheduleAt(firstTime(distribution, i), holdAgain, state, i);
  }
  state.run(warmUp(pending));
  let expected = warmUp(pending);
  return () => {
    const cpuS = cpuSecondsOf(() => state.run(holds));
    expected += holds;
    assertEqual('events fired', simulator.eventCount, expected);
    assertEqual('events pending', simulator.pendingCount, pending);
    return { events: holds, cpuS, answer: simulator.now };
  };
}

function prepareBare(
  queueName: EventQueueName,
  distribution: Distribution,
  pending: number,
  holds: number,
): () => Outcome {
  const records = new EventRecords();
  const queue = eventQueues[queueName](records);
  const increments = incrementTable(distribution);
  let next = 0;
  let last = 0;
  for (let i = 0; i < pending; i++) {
    queue.insert(records.allocate(firstTime(distribution, i), 1, undefined, i));
  }
  const loop = (count: number) => {
    for (let i = 0; i < count; i++) {
      const slot = queue.popUntil(Infinity);
      last = records.time(slot);
      records.setTime(slot, last + increments[next++ & (TABLE_SIZE - 1)]);
      queue.insert(slot);
    }
  };
  loop(warmUp(pending));
  return () => {
    const cpuS = cpuSecondsOf(() => loop(holds));
    assertEqual('events pending', records.used, pending);
    return { events: holds, cpuS, answer: last };
  };
}

/** Which queue is tried with which increments at which sizes, and how many holds are timed. */
const plan: [EventQueueName, Distribution, pending: number, holds: number][] = [
  ['calendar', 'exponential', 100, 5e6],
  ['calendar', 'exponential', 1e3, 5e6],
  ['calendar', 'exponential', 1e4, 5e6],
  ['calendar', 'exponential', 1e5, 2e6],
  ['calendar', 'exponential', 1e6, 2e6],
  ['calendar', 'exponential', 1e7, 2e6],
  ['heap', 'exponential', 100, 1e6],
  ['heap', 'exponential', 1e3, 1e6],
  ['heap', 'exponential', 1e4, 1e6],
  ['heap', 'exponential', 1e5, 3e5],
  ['heap', 'exponential', 1e6, 3e5],
  ...(['bimodal', 'equal', 'constant', 'pareto'] as const).flatMap((distribution) =>
    [1e3, 1e5, 1e6].map(
      (pending) =>
        ['calendar', distribution, pending, 2e6] as [EventQueueName, Distribution, number, number],
    ),
  ),
];

function sizeName(size: number): string {
  if (size >= 1e6) return `${size / 1e6}M`;
  return size >= 1e3 ? `${size / 1e3}k` : `${size}`;
}

export const holdGroup: BenchGroup = {
  name: 'hold',
  cases: (scale) =>
    plan.flatMap(([queue, distribution, fullPending, fullHolds]): BenchCase[] => {
      const pending = Math.max(20, Math.round(fullPending * Math.min(1, scale)));
      const holds = Math.round(fullHolds * scale);
      const variant = `${distribution}/${sizeName(fullPending)}`;
      const bare = `hold/bare-${queue}/${variant}`;
      return [
        {
          name: bare,
          events: holds,
          prepare: () => prepareBare(queue, distribution, pending, holds),
        },
        {
          name: `hold/${queue}/${variant}`,
          events: holds,
          ratioTo: bare,
          sameAnswerAs: bare,
          peer:
            queue === 'calendar' && distribution === 'exponential'
              ? ns3Hold(pending, holds)
              : undefined,
          prepare: () => prepareHold(queue, distribution, pending, holds),
        },
      ];
    }),
};
