import { defineEventKind } from '../../src/kernel/event-kind.js';
import type { EventQueueName } from '../../src/kernel/event-queue.js';
import { type EventHandle, Simulator } from '../../src/kernel/simulator.js';
import {
  assertEqual,
  type BenchCase,
  type BenchGroup,
  cpuSecondsOf,
  type Outcome,
} from './bench-case.js';

/*
 * What remote calls do to an event queue: each sets a timer of a minute and cancels it when the
 * answer comes, a few milliseconds later. A queue that cannot forget would hold a minute of them.
 */

const CLIENTS = 1000;
const TIMEOUT_MS = 60_000;

class Clients {
  readonly simulator: Simulator;
  readonly timers: Float64Array;
  left: number;
  timeouts = 0;

  constructor(
    queue: EventQueueName,
    private readonly hasTimers: boolean,
    calls: number,
    private readonly clients: number,
  ) {
    this.simulator = new Simulator({ queue });
    this.timers = new Float64Array(clients);
    this.left = calls;
  }

  call(client: number): void {
    if (this.left === 0) return;
    this.left--;
    // Spread over 2 to 8 ms by client and call, the same with timers and without.
    const answerMs = 2 + ((client * 7919 + this.left * 104729) % 6000) / 1000;
    this.simulator.schedule(answerMs, answer, this, client);
    if (this.hasTimers) {
      this.timers[client] = this.simulator.schedule(TIMEOUT_MS, timeout, this, client);
    }
  }

  answer(client: number): void {
    if (this.hasTimers && !this.simulator.cancel(this.timers[client])) {
      throw new Error(`the timer of client ${client} is gone`);
    }
    this.call(client);
  }

  run(calls: number): Outcome {
    for (let client = 0; client < this.clients; client++) this.call(client);
    const cpuS = cpuSecondsOf(() => this.simulator.run());
    assertEqual('events fired', this.simulator.eventCount, calls);
    assertEqual('events pending', this.simulator.pendingCount, 0);
    assertEqual('timeouts', this.timeouts, 0);
    return { events: calls, cpuS, answer: this.simulator.now };
  }
}

const answer = defineEventKind('bench-answer', (clients: Clients, client) =>
  clients.answer(client),
);
const timeout = defineEventKind('bench-timeout', (clients: Clients) => {
  clients.timeouts++;
});

/** Sets all the timers, then cancels all, in an order that is neither that of time nor of setting. */
function setAndCancelAll(queue: EventQueueName, timers: number): Outcome {
  const simulator = new Simulator({ queue });
  const clients = new Clients(queue, true, 0, 1);
  const handles: EventHandle[] = new Array(timers).fill(0);
  const cpuS = cpuSecondsOf(() => {
    for (let i = 0; i < timers; i++) {
      handles[i] = simulator.schedule(((i * 7919) % timers) + 1, timeout, clients, i);
    }
    for (let i = 0; i < timers; i++) {
      if (!simulator.cancel(handles[(i * 104729) % timers])) throw new Error(`timer ${i} is gone`);
    }
    simulator.run();
  });
  assertEqual('events fired', simulator.eventCount, 0);
  assertEqual('events pending', simulator.pendingCount, 0);
  return { events: timers, cpuS, answer: simulator.now };
}

export const cancelGroup: BenchGroup = {
  name: 'cancel',
  cases: (scale): BenchCase[] => {
    const calls = Math.round(1e6 * scale);
    const clients = Math.max(1, Math.min(CLIENTS, calls >> 2));
    // A prime number of timers, so that the strides above visit each of them once.
    const timers = scale >= 1 ? 1_000_003 : 1009;
    return (['calendar', 'heap'] as const).flatMap((queue): BenchCase[] => [
      {
        name: `cancel/${queue}/calls-without-timers/1M`,
        events: calls,
        prepare: () => () => new Clients(queue, false, calls, clients).run(calls),
      },
      {
        name: `cancel/${queue}/calls-with-timers/1M`,
        events: calls,
        ratioTo: `cancel/${queue}/calls-without-timers/1M`,
        sameAnswerAs: `cancel/${queue}/calls-without-timers/1M`,
        prepare: () => () => new Clients(queue, true, calls, clients).run(calls),
      },
      {
        name: `cancel/${queue}/set-all-cancel-all/1M`,
        events: timers,
        prepare: () => () => setAndCancelAll(queue, timers),
      },
    ]);
  },
};
