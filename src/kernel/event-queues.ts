import { CalendarEventQueue } from './calendar-event-queue.js';
import type { EventQueueFactory, EventQueueName } from './event-queue.js';
import { HeapEventQueue } from './heap-event-queue.js';

/** Every event queue there is, by name. The conformance suite runs over this list. */
export const eventQueues: Record<EventQueueName, EventQueueFactory> = {
  calendar: (records) => new CalendarEventQueue(records),
  heap: (records) => new HeapEventQueue(records),
};
