import type { Simulator } from '../kernel/simulator.js';
import type { Network } from '../net/network.js';
import type { RandomStreams } from '../random/index.js';
import type { SerialProcessor } from '../resources/serial-processor.js';
import type { Bus } from './bus/bus.js';
import type { ComputeHost } from './compute-host.js';
import type { ControlNode } from './control-node.js';
import type { Database } from './database/database.js';
import type { DeployedGroup } from './deployed-group.js';
import type { ServerInventory } from './server-inventory.js';

/** A Nova cell at run time. */
export interface DeployedCell {
  readonly id: string;
  /** Index of its database. */
  readonly database: number;
  readonly hosts: ComputeHost[];
}

/** What messages carry, as indexes of the network's kinds of traffic. */
export interface TrafficKinds {
  readonly client: number;
  readonly rest: number;
  readonly rpc: number;
  readonly sql: number;
  readonly image: number;
}

/** Everything of a deployment that exists while a run goes on. */
export interface Cloud {
  readonly simulator: Simulator;
  readonly network: Network;
  readonly streams: RandomStreams;
  readonly traffic: TrafficKinds;
  readonly siteIds: readonly string[];
  readonly nodes: readonly ControlNode[];
  readonly groups: readonly DeployedGroup[];
  /** CPU that each group has asked for since the statistics were reset, in ms. */
  readonly groupCpuMs: Float64Array;
  readonly buses: readonly Bus[];
  readonly databases: readonly Database[];
  readonly cells: readonly DeployedCell[];
  readonly hosts: readonly ComputeHost[];
  readonly hostsBySite: readonly (readonly ComputeHost[])[];
  readonly inventory: ServerInventory;
  /** Group index of the endpoint that a site's clients use: [site * services + service]. */
  readonly clientEndpoints: Int32Array;
  /** By site: the process of its clients, where they share a control node. */
  readonly clientProcesses: readonly (SerialProcessor | undefined)[];
  readonly imageSizeBytes: number;
}
