import type { Bus } from './bus.js';
import { QpidDispatchBus } from './qpid-bus.js';
import { type BusOptions, RabbitMqBus } from './rabbitmq-bus.js';
import type { QueueReplication } from './rabbitmq-queue-faults.js';

/** Backends with brokers, which faults can kill, and what their queues do. */
const RABBITMQ: Readonly<Record<string, QueueReplication>> = {
  rabbitmq: 'none',
  'rabbitmq-mirrored': 'mirrored',
  'rabbitmq-quorum': 'quorum',
};

const MAKERS: Record<string, (options: BusOptions) => Bus> = {
  'qpid-dispatch': (options) => new QpidDispatchBus(options),
};
for (const [backend, replication] of Object.entries(RABBITMQ)) {
  MAKERS[backend] = (options) => new RabbitMqBus(options, replication);
}

/** Whether the members of a backend are brokers that can be killed and started again. */
export function hasBrokers(backend: string): boolean {
  return Object.hasOwn(RABBITMQ, backend);
}

/** The bus of a backend. Throws an Error naming those that exist. */
export function createBus(options: BusOptions): Bus {
  const make = MAKERS[options.constants.backend];
  if (!make) {
    const known = Object.keys(MAKERS).join(', ');
    throw new Error(`no bus has the backend "${options.constants.backend}"; there are: ${known}`);
  }
  return make(options);
}
