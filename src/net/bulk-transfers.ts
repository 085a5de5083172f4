import { defineEventKind, type EventKind } from '../kernel/event-kind.js';
import type { Simulator } from '../kernel/simulator.js';
import type { RandomStreams } from '../random/index.js';
import { BulkFlow } from './bulk-flow.js';
import { FlowTable } from './flow-table.js';
import { type LinkAccounting, PEAK_WINDOW_MS, type WindowObserver } from './link-accounting.js';
import type { LinkTable } from './link-table.js';
import type { NetworkOptions } from './network-options.js';
import type { Routing } from './routing.js';
import { HEADER_BYTES, LINE_PACKET_BYTES, PAYLOAD_SHARE, SEGMENT_BYTES } from './tcp.js';

/** Names one transfer under way; 0 is never a handle. */
export type TransferHandle = number;

/** However many messages there are, TCP's fairness leaves bulk flows this share of a link. */
const LEAST_BULK_SHARE = 0.05;

/**
 * Up to here every change is shared out at once. Beyond, changes of the next microsecond per flow are
 * shared out together: TCP takes a round trip to notice that a rate changed, so nothing is lost, and
 * the work per simulated second is bounded however many flows there are.
 */
const MANY_FLOWS = 200;
const SHARE_MS_PER_FLOW = 0.001;
const SLOWEST_SHARE_MS = 10;

const stepFlow = defineEventKind('bulk-step', (bulk: BulkTransfers, id: number) => bulk.step(id));
const shareOut = defineEventKind('bulk-share', (bulk: BulkTransfers) => bulk.shareOut());
const deliverFlow = defineEventKind('bulk-delivered', (bulk: BulkTransfers, id: number) =>
  bulk.deliver(id),
);

/**
 * Bulk transfers as fluid flows. Each flow asks for what its congestion window allows and gets a
 * max-min fair share of the links on its path; between changes its rate is constant. An event fires
 * only where a rate can change: at the end of a round trip while the window still grows, at a random
 * loss, at the end. Changes of one instant are shared out
 * together.
 */
export class BulkTransfers implements WindowObserver {
  /** Payload rate of the bulk flows on each arc, and what messages leave them of it. */
  readonly loadBps: Float64Array;
  readonly availableBps: Float64Array;
  private readonly flows = new Map<number, BulkFlow>();
  private readonly table: FlowTable;
  private lastId = 0;
  private shareScheduled = false;

  constructor(
    private readonly simulator: Simulator,
    private readonly links: LinkTable,
    private readonly routing: Routing,
    private readonly accounting: LinkAccounting,
    private readonly options: NetworkOptions,
    private readonly streams: RandomStreams,
    private readonly siteIds: readonly string[],
  ) {
    this.table = new FlowTable(links.arcCount);
    this.loadBps = this.table.loadBps;
    this.availableBps = this.table.availableBps;
    for (let arc = 0; arc < links.arcCount; arc++) {
      this.table.availableBps[arc] = links.capacityBps[arc >> 1] * PAYLOAD_SHARE;
    }
    accounting.observer = this;
  }

  /** Transfers not yet delivered. */
  get count(): number {
    return this.flows.size;
  }

  start<Target>(
    from: number,
    to: number,
    bytes: number,
    traffic: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): TransferHandle {
    const { now } = this.simulator;
    const id = ++this.lastId;
    this.accounting.advanceTo(now);
    const flow = new BulkFlow(
      id,
      from,
      to,
      traffic,
      bytes,
      now,
      this.options.maxWindowBytes,
      kind as EventKind<unknown>,
      target,
      argument,
    );
    this.flows.set(id, flow);
    if (from === to) {
      const ms = this.options.siteTransitMs + (bytes * 8000) / this.options.siteRateBps;
      flow.sent = true;
      flow.remainingBytes = 0;
      flow.event = this.simulator.schedule(ms, deliverFlow, this, id);
      return id;
    }
    this.route(flow);
    const { accounting } = this;
    for (const arc of flow.path) accounting.messages[traffic * accounting.arcCount + arc]++;
    return id;
  }

  /** Ends a transfer; its continuation never runs. Returns false where it is over already. */
  cancel(handle: TransferHandle): boolean {
    const flow = this.flows.get(handle);
    if (!flow) return false;
    this.accounting.advanceTo(this.simulator.now);
    this.settle(flow, this.simulator.now);
    this.drop(flow);
    this.flows.delete(handle);
    return true;
  }

  /** Payload bytes that have not left the source; 0 for a transfer that is over. */
  remainingBytes(handle: TransferHandle): number {
    const flow = this.flows.get(handle);
    if (!flow) return 0;
    const movedBytes = ((this.simulator.now - flow.settledMs) * flow.rateBps) / 8000;
    return Math.max(0, flow.remainingBytes - movedBytes);
  }

  beforeWindowEnds(timeMs: number): void {
    for (const flow of this.flows.values()) this.settle(flow, timeMs);
  }

  /** What messages took of each link in the last window is not there for bulk flows in the next. */
  afterWindowEnded(): void {
    const { windowMessageBytes } = this.accounting;
    for (let arc = 0; arc < this.links.arcCount; arc++) {
      this.setMessageLoad(arc, (windowMessageBytes[arc] * 8000) / PEAK_WINDOW_MS);
    }
  }

  /** Finds all flows their way anew, after a link went up or down. */
  reroute(): void {
    this.accounting.advanceTo(this.simulator.now);
    for (const flow of this.flows.values()) {
      if (flow.sent) continue;
      this.settle(flow, this.simulator.now);
      this.drop(flow);
      this.route(flow);
    }
  }

  step(id: number): void {
    const flow = this.flows.get(id)!;
    const { now } = this.simulator;
    flow.event = 0;
    this.accounting.advanceTo(now);
    this.settle(flow, now);
    if (flow.isSent()) {
      this.finish(flow);
      return;
    }
    if (flow.segmentsToLoss <= 1e-6) {
      flow.lose(now);
      flow.segmentsToLoss = this.drawSegmentsToLoss(flow);
      flow.beginRound(now);
    } else if (now >= flow.roundEndMs - 1e-9) {
      // The flows that cross a link share the queue in front of it.
      const sharers = this.table.flowsOn[flow.slowestArc].length;
      flow.endRound(now, flow.queueSegments / sharers);
      flow.beginRound(now);
    }
    this.applyWindow(flow);
  }

  shareOut(): void {
    this.shareScheduled = false;
    this.accounting.advanceTo(this.simulator.now);
    for (const flow of this.table.shareOut()) {
      const same = Math.abs(flow.shareBps - flow.rateBps) <= 1e-9 * flow.rateBps;
      if (!same) this.changeRate(flow, flow.shareBps);
    }
  }

  deliver(id: number): void {
    const flow = this.flows.get(id)!;
    this.flows.delete(id);
    flow.kind.run(flow.target, flow.argument);
  }

  private setMessageLoad(arc: number, bps: number): void {
    const capacityBps = this.links.capacityBps[arc >> 1];
    const leftBps = Math.max(LEAST_BULK_SHARE * capacityBps, capacityBps - bps) * PAYLOAD_SHARE;
    const change = Math.abs(leftBps - this.table.availableBps[arc]);
    // A share of a thousandth changes no answer, and sharing out anew costs.
    if (change < 0.001 * capacityBps) return;
    this.table.setAvailable(arc, leftBps);
    if (this.table.hasChanges()) this.scheduleShareOut();
  }

  private route(flow: BulkFlow): void {
    const { now } = this.simulator;
    const wasRouted = flow.routed;
    flow.routed = this.routing.findPath(flow.from, flow.to);
    if (!flow.routed) return;
    if (!wasRouted) flow.restart();
    flow.path = this.routing.path.slice(0, this.routing.pathLength);
    this.measurePath(flow);
    flow.segmentsToLoss = this.drawSegmentsToLoss(flow);
    this.table.add(flow);
    flow.beginRound(now);
    this.applyWindow(flow);
  }

  private measurePath(flow: BulkFlow): void {
    const { latencyNs, lossRate, capacityBps } = this.links;
    let latency = 0;
    let passes = 1;
    let slowestBps = Infinity;
    for (const arc of flow.path) {
      const link = arc >> 1;
      latency += latencyNs[link];
      passes *= 1 - lossRate[link];
      if (capacityBps[link] >= slowestBps) continue;
      slowestBps = capacityBps[link];
      flow.slowestArc = arc;
    }
    flow.setRoundTrip(latency / 1e6);
    flow.lossRate = 1 - passes;
    flow.pathBps = slowestBps * PAYLOAD_SHARE;
    const queueBytes = (slowestBps * this.options.bufferMs) / 8000;
    // Slow start sends at twice the rate of the slowest link, if the host's own link can.
    const overruns = this.options.siteRateBps >= 2 * slowestBps;
    flow.queueSegments = overruns ? queueBytes / LINE_PACKET_BYTES : Infinity;
  }

  private drawSegmentsToLoss(flow: BulkFlow): number {
    if (flow.lossRate === 0) return Infinity;
    const ends = `${this.siteIds[flow.from]}--${this.siteIds[flow.to]}`;
    const uniform = this.streams.stream(`bulk-loss/${ends}`).uniform();
    return Math.max(1, -Math.log(1 - uniform) / flow.lossRate);
  }

  private applyWindow(flow: BulkFlow): void {
    const capBps = flow.windowRateBps();
    if (capBps !== flow.capBps) {
      if (!this.table.setCap(flow, capBps)) this.table.setRate(flow, capBps);
      else if (this.table.hasChanges()) this.scheduleShareOut();
    }
    this.reschedule(flow);
  }

  private changeRate(flow: BulkFlow, rateBps: number): void {
    this.settle(flow, this.simulator.now);
    this.table.setRate(flow, rateBps);
    this.reschedule(flow);
  }

  private reschedule(flow: BulkFlow): void {
    if (flow.event !== 0) this.simulator.cancel(flow.event);
    const delayMs = flow.nextEventMs(this.simulator.now);
    flow.event = delayMs < Infinity ? this.simulator.schedule(delayMs, stepFlow, this, flow.id) : 0;
  }

  private scheduleShareOut(): void {
    if (this.shareScheduled) return;
    this.shareScheduled = true;
    const { affectedCount } = this.table;
    const delayMs =
      affectedCount < MANY_FLOWS
        ? 0
        : Math.min(SLOWEST_SHARE_MS, affectedCount * SHARE_MS_PER_FLOW);
    this.simulator.schedule(delayMs, shareOut, this, 0);
  }

  private settle(flow: BulkFlow, timeMs: number): void {
    const elapsedMs = timeMs - flow.settledMs;
    if (!(elapsedMs > 0)) return;
    flow.settledMs = timeMs;
    if (flow.rateBps === 0) return;
    const bytes = Math.min(flow.remainingBytes, (flow.rateBps * elapsedMs) / 8000);
    flow.remainingBytes -= bytes;
    flow.roundBytes += bytes;
    flow.segmentsToLoss -= bytes / SEGMENT_BYTES;
    this.account(flow, bytes);
  }

  private account(flow: BulkFlow, bytes: number): void {
    const { accounting } = this;
    const wireBytes = bytes * (1 + HEADER_BYTES / SEGMENT_BYTES);
    const lineBytes = bytes / PAYLOAD_SHARE;
    for (let i = 0; i < flow.path.length; i++) {
      const arc = flow.path[i];
      accounting.bytes[flow.traffic * accounting.arcCount + arc] += wireBytes;
      accounting.windowBytes[arc] += lineBytes;
    }
  }

  private finish(flow: BulkFlow): void {
    this.account(flow, flow.remainingBytes);
    flow.remainingBytes = 0;
    this.drop(flow);
    flow.sent = true;
    const delayMs = flow.latencyMs + flow.tailMs;
    flow.event = this.simulator.schedule(delayMs, deliverFlow, this, flow.id);
  }

  /** Takes a flow off the links and cancels its event. */
  private drop(flow: BulkFlow): void {
    if (flow.event !== 0) this.simulator.cancel(flow.event);
    flow.event = 0;
    if (!flow.routed || flow.sent) return;
    this.table.remove(flow);
    flow.path = new Int32Array(0);
    if (this.table.hasChanges()) this.scheduleShareOut();
  }
}
