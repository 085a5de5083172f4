import type { RandomStream } from '../random/index.js';
import type { ComputeHost, ServerRecord } from './compute-host.js';

/**
 * Which servers exist, by site, and which hosts have room. Users of a site see the servers of that
 * site; Nova answers a list with at most 1000 (`max_limit`).
 */
export class ServerInventory {
  private readonly serversBySite: ServerRecord[][] = [];
  private nextId = 0;

  constructor(private readonly hostsBySite: readonly (readonly ComputeHost[])[]) {
    for (let site = 0; site < hostsBySite.length; site++) this.serversBySite.push([]);
  }

  /** Servers that a list at this site returns. */
  listed(site: number): number {
    return Math.min(1000, this.serversBySite[site].length);
  }

  /**
   * The host with the most room at a site, the first of equals (Nova's weighers over RAM with
   * host_subset_size 1), or undefined where nothing fits. The claim counts at once.
   */
  claimHost(site: number): ComputeHost | undefined {
    let best: ComputeHost | undefined;
    for (const host of this.hostsBySite[site]) {
      if (host.servers < host.capacity && (!best || host.servers < best.servers)) best = host;
    }
    if (best) best.servers++;
    return best;
  }

  /** Records a server on a host that was claimed. */
  add(host: ComputeHost): ServerRecord {
    const server = { id: this.nextId++, host };
    this.serversBySite[host.site].push(server);
    return server;
  }

  /** Takes a server off the list at random; it stays on its host until `release`. */
  take(site: number, stream: RandomStream): ServerRecord | undefined {
    const servers = this.serversBySite[site];
    if (servers.length === 0) return undefined;
    const index = Math.floor(stream.uniform() * servers.length);
    const server = servers[index];
    servers[index] = servers[servers.length - 1];
    servers.pop();
    return server;
  }

  /** A server at random that stays. */
  pick(site: number, stream: RandomStream): ServerRecord | undefined {
    const servers = this.serversBySite[site];
    return servers[Math.floor(stream.uniform() * servers.length)];
  }

  /** Gives the host's room back. */
  release(host: ComputeHost): void {
    host.servers--;
  }
}
