import { defineEventKind } from '../../../src/kernel/event-kind.js';
import type { Simulator } from '../../../src/kernel/simulator.js';

/** What was called, and when. */
export class Journal {
  readonly entries: { argument: number; timeMs: number }[] = [];

  constructor(readonly simulator: Simulator) {}

  get order(): number[] {
    return this.entries.map(({ argument }) => argument);
  }

  get timesMs(): number[] {
    return this.entries.map(({ timeMs }) => timeMs);
  }
}

/** The continuation of the tests: it writes its argument and the time down. */
export const note = defineEventKind('test-note', (journal: Journal, argument: number) => {
  journal.entries.push({ argument, timeMs: journal.simulator.now });
});

/** Runs any function at a time. */
export const call = defineEventKind('test-call', (action: () => void) => action());
