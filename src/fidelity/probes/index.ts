import { busFailover } from './bus-failover.js';
import { busThreads, busThreadsBest } from './bus-threads.js';
import { etcd } from './etcd.js';
import { fibre } from './fibre.js';
import { galera } from './galera.js';
import { galeraFault } from './galera-fault.js';
import { idleCloud } from './idle-cloud.js';
import { lawOf } from './law.js';
import { mariaDb } from './mariadb.js';
import { novaBurst } from './nova-burst.js';
import { ombt } from './ombt.js';
import type { Probe } from './probe.js';
import { rabbitMq } from './rabbitmq.js';
import { rabbitMqFault } from './rabbitmq-fault.js';
import { rabbitMqFanout, rabbitMqIdle } from './rabbitmq-load.js';
import { rabbitMqOneWay } from './rabbitmq-oneway.js';
import { rally } from './rally.js';
import { rangeStatement } from './range-statement.js';
import { redis } from './redis.js';
import { serviceDown } from './service-down.js';
import { sysbench } from './sysbench.js';
import { tcpFetch } from './tcp-fetch.js';
import { tcpStream } from './tcp-stream.js';
import { tenantPath } from './tenant-path.js';
import { wanWide } from './wan-wide.js';
import { zedOperation } from './zed-operation.js';

/** Every probe by name. */
export const PROBES: Readonly<Record<string, Probe>> = {
  sysbench,
  law: lawOf({ etcd, galera, mariadb: mariaDb, rabbitmq: rabbitMq, redis, 'tcp-fetch': tcpFetch }),
  'bus-failover': busFailover,
  'bus-threads': busThreads,
  'bus-threads-best': busThreadsBest,
  ombt,
  'nova-burst': novaBurst,
  galera,
  'galera-fault': galeraFault,
  'range-statement': rangeStatement,
  etcd,
  mariadb: mariaDb,
  redis,
  rabbitmq: rabbitMq,
  'rabbitmq-oneway': rabbitMqOneWay,
  'rabbitmq-fault': rabbitMqFault,
  'rabbitmq-fanout': rabbitMqFanout,
  'rabbitmq-idle': rabbitMqIdle,
  rally,
  'tcp-fetch': tcpFetch,
  'tcp-stream': tcpStream,
  'tenant-path': tenantPath,
  'wan-wide': wanWide,
  'idle-cloud': idleCloud,
  'service-down': serviceDown,
  fibre,
  'zed-operation': zedOperation,
};
