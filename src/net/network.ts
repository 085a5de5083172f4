import { closest } from 'fastest-levenshtein';
import type { EventKind } from '../kernel/event-kind.js';
import type { Simulator } from '../kernel/simulator.js';
import type { RandomStreams } from '../random/index.js';
import { BulkTransfers, type TransferHandle } from './bulk-transfers.js';
import { CONNECTION_SETUPS, type ConnectionProtocol } from './connection-setup.js';
import { LinkAccounting, type LinkTrafficResult, MAX_TRAFFIC_KINDS } from './link-accounting.js';
import { LinkTable } from './link-table.js';
import { DEFAULT_NETWORK_OPTIONS, type NetworkOptions } from './network-options.js';
import { Passage } from './passage.js';
import { Routing } from './routing.js';
import { type Topology, TopologyError } from './topology.js';

/** Kinds of traffic that every network knows, by their number. */
export const TRAFFIC_KINDS = ['client', 'rest', 'rpc', 'sql', 'replication', 'image'] as const;

/**
 * The network of one run: what a message costs from site to site, what bulk transfers make of the
 * links between them, and what each link carried. Sites and links are given by their index in the
 * topology, kinds of traffic by their number.
 *
 * A message's delay is known when it is sent: the caller schedules its arrival itself. See
 * docs/models/network.md for the equations.
 */
export class Network {
  readonly siteIds: readonly string[];
  /** `siteA--siteB` of each link. */
  readonly linkNames: readonly string[];
  private readonly options: NetworkOptions;
  private readonly links: LinkTable;
  private readonly routing: Routing;
  private readonly accounting: LinkAccounting;
  private readonly bulk: BulkTransfers;
  private readonly passage: Passage;
  private readonly trafficNames: string[] = [...TRAFFIC_KINDS];

  /**
   * @param streams jitter and loss of each link are drawn from streams of their own, and only where
   * the link has them.
   * @throws TopologyError for a link to nowhere or a value out of range.
   */
  constructor(
    private readonly simulator: Simulator,
    topology: Topology,
    options: Partial<NetworkOptions>,
    streams: RandomStreams,
  ) {
    this.options = { ...DEFAULT_NETWORK_OPTIONS, ...options };
    this.siteIds = topology.sites.map((site) => site.id);
    this.links = new LinkTable(topology, this.options.rttScale);
    this.linkNames = this.links.names;
    this.routing = new Routing(this.links);
    this.accounting = new LinkAccounting(this.links);
    this.bulk = new BulkTransfers(
      simulator,
      this.links,
      this.routing,
      this.accounting,
      this.options,
      streams,
      this.siteIds,
    );
    const { links, accounting, bulk } = this;
    this.passage = new Passage(links, accounting, bulk, this.options.bufferMs, streams);
  }

  /** Number of a kind of traffic by its name; a new name gets a new number, of 16 in all. */
  registerTraffic(name: string): number {
    const known = this.trafficNames.indexOf(name);
    if (known >= 0) return known;
    if (this.trafficNames.length === MAX_TRAFFIC_KINDS) {
      throw new RangeError(`traffic ${name}: there are ${MAX_TRAFFIC_KINDS} kinds already`);
    }
    return this.trafficNames.push(name) - 1;
  }

  /** @throws TopologyError with the nearest id there is. */
  siteIndex(id: string): number {
    const index = this.siteIds.indexOf(id);
    if (index >= 0) return index;
    const nearest = closest(id, [...this.siteIds]);
    throw new TopologyError(`there is no site "${id}"; did you mean "${nearest}"?`);
  }

  /** Propagation there and back over the present route; twice `siteTransitMs` within a site. */
  roundTripMs(from: number, to: number): number {
    if (from === to) return 2 * this.options.siteTransitMs;
    return 2 * this.routing.latencyMs(from, to);
  }

  /** Links of the present route, in order; empty within a site and where no way leads there. */
  pathLinks(from: number, to: number): number[] {
    this.routing.findPath(from, to);
    const { path, pathLength } = this.routing;
    return Array.from(path.subarray(0, pathLength), (arc) => arc >> 1);
  }

  isReachable(from: number, to: number): boolean {
    return from === to || this.routing.latencyMs(from, to) < Infinity;
  }

  /**
   * Delay of a message of `bytes` of payload sent now, over an established connection; Infinity where
   * no way leads there.
   */
  transitMs(from: number, to: number, bytes: number, traffic: number): number {
    if (from === to) return this.options.siteTransitMs;
    if (!this.routing.findPath(from, to)) return Infinity;
    const { path, pathLength } = this.routing;
    return this.passage.forth(path, pathLength, 1, bytes, traffic, this.simulator.now);
  }

  /**
   * Time on the wire of so many requests and responses in a row, each sent when the one before has
   * come back: the statements of a database transaction. What happens between them at the far end is
   * not in it. The queues are those of now, for the first exchange alone.
   *
   * @param roundTrips 0 or more; need not be whole.
   * @param bytesOut payload of all requests together.
   * @param bytesIn payload of all responses together.
   */
  trainMs(
    from: number,
    to: number,
    roundTrips: number,
    bytesOut: number,
    bytesIn: number,
    traffic: number,
  ): number {
    if (!(roundTrips > 0)) return 0;
    if (from === to) return 2 * roundTrips * this.options.siteTransitMs;
    if (!this.routing.findPath(from, to)) return Infinity;
    const { path, pathLength } = this.routing;
    const { now } = this.simulator;
    return (
      this.passage.forth(path, pathLength, roundTrips, bytesOut, traffic, now) +
      this.passage.back(path, pathLength, roundTrips, bytesIn, traffic, now)
    );
  }

  /** Puts copies of one message on the way to the consumers of a fanout at a site. */
  sendCopies(from: number, to: number, copies: number, bytes: number, traffic: number): void {
    if (from === to || !this.routing.findPath(from, to)) return;
    const { path, pathLength } = this.routing;
    this.passage.forth(path, pathLength, copies, copies * bytes, traffic, this.simulator.now);
  }

  /** Time to set up a connection, up to where the first useful byte can be sent. */
  connectMs(from: number, to: number, protocol: ConnectionProtocol, traffic: number): number {
    const setup = CONNECTION_SETUPS[protocol];
    const { roundTrips, sentBytes, receivedBytes } = setup;
    this.passage.setOpening(true);
    const wireMs = this.trainMs(from, to, roundTrips, sentBytes, receivedBytes, traffic);
    this.passage.setOpening(false);
    return setup.fixedMs + wireMs;
  }

  /**
   * Sends `bytes` of payload over a new, established connection as a bulk flow; the continuation runs
   * when the last byte is there. Where no way leads there, the transfer waits until one does, as TCP
   * would for minutes: give it up with `cancelTransfer`.
   */
  transfer<Target>(
    from: number,
    to: number,
    bytes: number,
    traffic: number,
    kind: EventKind<Target>,
    target: Target,
    argument = 0,
  ): TransferHandle {
    if (!(bytes >= 0 && bytes < Infinity)) {
      throw new RangeError(
        `transfer of ${bytes} bytes from ${this.siteIds[from]}: must be 0 or more`,
      );
    }
    return this.bulk.start(from, to, bytes, traffic, kind, target, argument);
  }

  /** Returns false where the transfer is over already. */
  cancelTransfer(handle: TransferHandle): boolean {
    return this.bulk.cancel(handle);
  }

  /** Payload that has not left the source yet. */
  remainingBytes(handle: TransferHandle): number {
    return this.bulk.remainingBytes(handle);
  }

  /** Transfers that are not delivered yet. */
  get transferCount(): number {
    return this.bulk.count;
  }

  /** Payload rate of the bulk flows on each direction of each link, and its capacity. */
  bulkLoads(): { loadBps: number; capacityBps: number }[] {
    const { capacityBps } = this.links;
    return Array.from(this.bulk.loadBps, (loadBps, arc) => {
      return { loadBps, capacityBps: capacityBps[arc >> 1] };
    });
  }

  /**
   * Takes a link down or up. What is under way on it arrives; messages and bulk flows from now on go
   * another way, or none.
   */
  setLinkUp(link: number, up: boolean): void {
    const value = up ? 1 : 0;
    if (this.links.up[link] === value) return;
    this.links.up[link] = value;
    this.routing.forget();
    this.bulk.reroute();
  }

  isLinkUp(link: number): boolean {
    return this.links.up[link] === 1;
  }

  /** Index of a link by its name or that of its other direction; -1 where there is none. */
  linkIndex(name: string): number {
    const index = this.linkNames.indexOf(name);
    if (index >= 0) return index;
    return this.linkNames.indexOf(name.split('--').reverse().join('--'));
  }

  /** Begins the statistics anew, as at the end of the warm-up. */
  resetStatistics(): void {
    const { now } = this.simulator;
    this.accounting.advanceTo(now);
    this.bulk.beforeWindowEnds(now);
    this.accounting.reset(now);
  }

  /** What each link carried of each kind of traffic since then, by link, then traffic. */
  /** Bytes of all kinds, headers included, that a link carried from one of its ends since the last reset. */
  bytesLeaving(link: number, site: number): number {
    return this.accounting.bytesOf(2 * link + (this.links.arcFrom[2 * link] === site ? 0 : 1));
  }

  results(): LinkTrafficResult[] {
    const { now } = this.simulator;
    this.accounting.advanceTo(now);
    this.bulk.beforeWindowEnds(now);
    return this.accounting.results(now, this.trafficNames);
  }
}
