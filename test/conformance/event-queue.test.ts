import { eventQueues } from '../../src/kernel/event-queues.js';
import { testEventQueue } from './event-queue.js';

for (const [name, newQueue] of Object.entries(eventQueues)) testEventQueue(name, newQueue);
