import type { EventRecords } from './event-records.js';

/**
 * Order of pending events: by time, and among equal times in the order of insertion. A queue holds
 * slots of an `EventRecords`; the time of an event is in its record and does not change while it is
 * queued.
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
