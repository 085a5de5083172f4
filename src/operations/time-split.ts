/** Where the time of an operation goes. The parts of one operation add up to its latency. */
export const TIME_CATEGORIES = [
  'client_api',
  'rest_wire',
  'rpc_wire',
  'broker',
  'service_queue',
  'cpu',
  'sql_wire',
  'database',
  'commit',
  'image_transfer',
  'lock_wait',
  'retries',
  'idle_wait',
] as const;
export type TimeCategory = (typeof TIME_CATEGORIES)[number];

/** Index of each category in an account of time. */
export const Category = Object.fromEntries(
  TIME_CATEGORIES.map((name, index) => [name, index]),
) as Record<TimeCategory, number>;

/** One sentence for each category, for the data dictionary and the charts' legends. */
export const TIME_CATEGORY_MEANINGS: Record<TimeCategory, string> = {
  client_api: 'on the wire between the client and the API, connection set-up included',
  rest_wire:
    'on the wire between services that call each other by REST, connection set-up included',
  rpc_wire: 'on the wire between services and brokers',
  broker: 'in a broker: its queue and its CPU',
  service_queue: 'waiting for a free worker, thread or pooled connection of a service',
  cpu: 'computing in a service, waits for a core included',
  sql_wire: 'on the wire between services and databases, connection set-up included',
  database: 'in a database server: its CPU and waits for a core',
  commit: 'committing: flush to disk, replication and certification',
  image_transfer: 'moving image bytes',
  lock_wait: 'waiting for a lock of the service (host resources, network cache)',
  retries: 'work thrown away and repeated after a conflict, and the pauses before',
  idle_wait: 'waiting by design: polling intervals, sleeps, and events of another service',
};
