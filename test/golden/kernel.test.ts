import { describe, expect, it } from 'vitest';
import { defineEventKind } from '../../src/kernel/event-kind.js';
import type { EventQueueName } from '../../src/kernel/event-queue.js';
import { delay, Interruption, type ProcessBody, startProcess } from '../../src/kernel/process.js';
import { Simulator } from '../../src/kernel/simulator.js';

/*
 * One small run that uses everything the kernel has: ties, timers set and cancelled, far events,
 * processes and interruptions. Its fingerprint changes only when the order or the time of events
 * does, and then the changelog says why.
 */

class Office {
  readonly simulator: Simulator;
  timers: number[] = [];
  late = 0;
  private state = 1;

  constructor(queue: EventQueueName) {
    this.simulator = new Simulator({ queue });
  }

  /** Small numbers, many of them equal, so that many events share a time. */
  draw(below: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return (this.state >>> 8) % below;
  }

  ask(clerk: number): void {
    this.timers[clerk] = this.simulator.schedule(40 + this.draw(3), tooLate, this, clerk);
    this.simulator.schedule(this.draw(45), reply, this, clerk);
  }

  reply(clerk: number): void {
    if (this.simulator.cancel(this.timers[clerk])) this.simulator.schedule(0, file, this, clerk);
    this.ask(clerk);
  }
}

const reply = defineEventKind('golden-reply', (office: Office, clerk) => office.reply(clerk));
const file = defineEventKind('golden-file', () => {});
const tooLate = defineEventKind('golden-too-late', (office: Office) => {
  office.late++;
});

function* supervisor(office: Office): ProcessBody {
  for (;;) {
    try {
      yield delay(1000 / 7);
      if (office.simulator.now > 4000) return;
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      office.simulator.schedule(office.draw(10), file, office, -1);
    }
  }
}

function run(queue: EventQueueName): Simulator {
  const office = new Office(queue);
  for (let clerk = 0; clerk < 200; clerk++) office.ask(clerk);
  const process = startProcess(office.simulator, supervisor(office));
  for (let i = 1; i <= 5; i++) {
    office.simulator.runUntil(1000 * i);
    process.interrupt('end of the hour');
  }
  return office.simulator;
}

describe('golden run of the kernel', () => {
  it.each(['calendar', 'heap'] as const)('has its fingerprint on the %s queue', (queue) => {
    const simulator = run(queue);
    expect({
      events: simulator.eventCount,
      pending: simulator.pendingCount,
      fingerprint: simulator.fingerprint(),
    }).toEqual({ events: 90932, pending: 400, fingerprint: 'b77dd5cb58a422f5' });
  });
});
