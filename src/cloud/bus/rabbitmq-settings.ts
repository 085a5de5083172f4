import type { PartitionHandling } from './rabbitmq-membership.js';

/** What a deployment may say of a RabbitMQ cluster. */
export interface RabbitMqSettings {
  readonly handling: PartitionHandling;
  readonly isDurable: boolean;
}

function isHandling(value: unknown): value is PartitionHandling {
  return value === 'pause-minority' || value === 'ignore';
}

/**
 * Settings of a bus: `partition-handling` (`pause-minority`, default, or `ignore`) and
 * `durable-queues` (default false, as oslo.messaging declares them). Throws an Error on others.
 */
export function readRabbitMqSettings(
  bus: string,
  settings: Readonly<Record<string, number | boolean | string>> = {},
): RabbitMqSettings {
  const handling = settings['partition-handling'] ?? 'pause-minority';
  if (!isHandling(handling)) {
    throw new Error(
      `bus ${bus}: partition-handling is "${handling}", not pause-minority or ignore`,
    );
  }
  const isDurable = settings['durable-queues'] ?? false;
  if (typeof isDurable !== 'boolean') {
    throw new Error(`bus ${bus}: durable-queues is "${isDurable}", not true or false`);
  }
  return { handling, isDurable };
}
