import type { FigureFamily } from '../figure.js';
import { cockroachDbRegions } from './cockroachdb-regions.js';
import { enos } from './enos.js';
import { facts } from './facts.js';
import { galera } from './galera.js';
import { galeraPublished } from './galera-published.js';
import { ic2e } from './ic2e.js';
import { keystoneRegions } from './keystone-regions.js';
import { laws } from './laws.js';
import { mariaDbPrimitives } from './mariadb.js';
import { messageBusFailures } from './message-bus-failures.js';
import { messageBuses } from './message-buses.js';
import { rabbitMqPrimitives } from './rabbitmq.js';
import { rallyReports } from './rally.js';
import { etcdPrimitives, redisPrimitives } from './stores.js';
import { sysbench } from './sysbench.js';
import { tcp } from './tcp.js';
import { traces } from './traces.js';
import { wanWide } from './wan-wide.js';
import { zedFaults } from './zed-faults.js';
import { zedFootprints } from './zed-footprints.js';
import { zedRate } from './zed-rate.js';
import { zedScale } from './zed-scale.js';
import { zedSteps } from './zed-steps.js';
import { zedWan } from './zed-wan.js';

/** Every family that has a scenario, in the order of the ledger. */
export const FAMILIES: readonly FigureFamily[] = [
  tcp,
  mariaDbPrimitives,
  rabbitMqPrimitives,
  redisPrimitives,
  etcdPrimitives,
  laws,
  zedScale,
  zedFootprints,
  zedRate,
  zedSteps,
  zedWan,
  zedFaults,
  rallyReports,
  keystoneRegions,
  galera,
  galeraPublished,
  sysbench,
  messageBuses,
  messageBusFailures,
  cockroachDbRegions,
  ic2e,
  enos,
  wanWide,
  facts,
  traces,
];
