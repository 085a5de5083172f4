import type { ServiceInstance } from './service-instance.js';

/** A compute node: what the scheduler sees of it and the servers that it holds. */
export class ComputeHost {
  /** Servers with an allocation, those still building included. */
  servers = 0;

  constructor(
    /** Over the whole infrastructure. */
    readonly index: number,
    readonly site: number,
    /** Index of the site's nova-compute group. */
    readonly group: number,
    readonly cell: number,
    readonly instance: ServiceInstance,
    /** Servers that fit. */
    readonly capacity: number,
  ) {}
}

/** A server (virtual machine) of a user. */
export interface ServerRecord {
  readonly id: number;
  readonly host: ComputeHost;
}
