import type { EventRecords } from './event-records.js';

/**
 * Order of pending events: by time, and among equal times in the order of insertion. A queue holds
 * slots of an `EventRecords`; the time of an event is in its record and does not change while it is
 * queued.
 *
 * Costs, the nanoseconds those of one hold (pop one, schedule one) of the whole simulator, with
 * exponential increments, the least of several runs of the benchmark's group `hold` on a 3.6 GHz
 * virtual machine (Node 20; with busy neighbours on it, medians were up to half as much again):
 *
 * | queue    | insert   | pop      | remove       | bytes per event | 1 k | 10 k | 100 k |   1 M |
 * |----------|----------|----------|--------------|-----------------|-----|------|-------|-------|
 * | calendar | O(1)     | O(1) *   | O(1)         |              48 |  50 |   71 |   107 |   280 |
 * | heap     | O(log n) | O(log n) | O(log n), ** |              56 | 160 |  256 |   654 | 1,800 |
 *
 * (*) amortised: an event moves at most once per rung, and there are one to three rungs.
 * (**) amortised, with the sweep of cancelled events. Below some thousand events a second it does
 * not matter which is used; the heap is there to check the calendar.
 *
 * @example
 * const slot = records.allocate(5, arrive.id, shop, 17);
 * queue.insert(slot);
 * queue.popUntil(4);        // -1: the first event is later
 * queue.popUntil(Infinity); // slot
 */
export interface EventQueue {
  readonly name: EventQueueName;
  /** Its time must not be before that of the last event popped. */
  insert(slot: number): void;
  /** Removes the first event and returns its slot; -1 if there is none at or before `limitMs`. */
  popUntil(limitMs: number): number;
  /**
   * Takes out an event whose record is already `DEAD` and counted so. The queue gives its slot back
   * (`releaseDead`), now or later; a slot in that state is never popped.
   */
  remove(slot: number): void;
}

export type EventQueueName = 'calendar' | 'heap';

/** What makes a queue over the given records. */
export type EventQueueFactory = (records: EventRecords) => EventQueue;
