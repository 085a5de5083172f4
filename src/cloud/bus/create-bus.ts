import type { Bus } from './bus.js';
import { QpidDispatchBus } from './qpid-bus.js';
import { type BusOptions, RabbitMqBus } from './rabbitmq-bus.js';

const MAKERS: Record<string, (options: BusOptions) => Bus> = {
  'qpid-dispatch': (options) => new QpidDispatchBus(options),
  rabbitmq: (options) => new RabbitMqBus(options, 'none'),
  'rabbitmq-mirrored': (options) => new RabbitMqBus(options, 'mirrored'),
  'rabbitmq-quorum': (options) => new RabbitMqBus(options, 'quorum'),
};

/** The bus of a backend. Throws an Error naming those that exist. */
export function createBus(options: BusOptions): Bus {
  const make = MAKERS[options.constants.backend];
  if (!make) {
    const known = Object.keys(MAKERS).join(', ');
    throw new Error(`no bus has the backend "${options.constants.backend}"; there are: ${known}`);
  }
  return make(options);
}
