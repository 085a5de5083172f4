import type { BulkFlow } from './bulk-flow.js';
import { FairShare } from './fair-share.js';

/** How much more than its capacity the caps on an arc may ask for before it counts as tight. */
const TIGHT = 1 + 1e-9;

/**
 * Which bulk flows cross which arcs, and what each gets. An arc whose flows' caps add up to no more
 * than its capacity limits nobody; the others are *tight*. A change of one flow can only reach others
 * through tight arcs, so only the flows that these connect to the change are shared out anew.
 */
export class FlowTable {
  /** Payload capacity that messages leave to bulk flows. */
  readonly availableBps: Float64Array;
  /** Payload rate of all flows on an arc. */
  readonly loadBps: Float64Array;
  readonly flowsOn: BulkFlow[][];
  private readonly capsBps: Float64Array;
  private readonly fairShare: FairShare;
  private readonly isDirty: Uint8Array;
  private readonly dirtyArcs: number[] = [];
  private readonly affected: BulkFlow[] = [];
  /** Number of the sharing out; a flow that carries it is among the affected already. */
  private round = 0;

  constructor(arcCount: number) {
    this.availableBps = new Float64Array(arcCount);
    this.loadBps = new Float64Array(arcCount);
    this.flowsOn = Array.from({ length: arcCount }, () => []);
    this.capsBps = new Float64Array(arcCount);
    this.fairShare = new FairShare(arcCount);
    this.isDirty = new Uint8Array(arcCount);
  }

  /** Puts a flow with cap 0 and rate 0 on the arcs of its path. */
  add(flow: BulkFlow): void {
    flow.places = new Int32Array(flow.path.length);
    for (let i = 0; i < flow.path.length; i++) {
      const flows = this.flowsOn[flow.path[i]];
      flow.places[i] = flows.length;
      flows.push(flow);
    }
  }

  /** Takes a flow off its path; its cap and rate become 0. */
  remove(flow: BulkFlow): void {
    this.setCap(flow, 0);
    this.setRate(flow, 0);
    for (let i = 0; i < flow.path.length; i++) {
      const arc = flow.path[i];
      const flows = this.flowsOn[arc];
      const last = flows.pop()!;
      if (last !== flow) {
        flows[flow.places[i]] = last;
        last.places[last.path.indexOf(arc)] = flow.places[i];
      }
      if (flows.length > 0) continue;
      // Rounding errors of sums end here.
      this.capsBps[arc] = 0;
      this.loadBps[arc] = 0;
    }
  }

  /**
   * Returns true where the flow crosses a tight arc, so that its rate is not simply its cap. A flow
   * that gets less than its cap, before and after, is held by an arc: that cap decides nothing.
   */
  setCap(flow: BulkFlow, capBps: number): boolean {
    const change = capBps - flow.capBps;
    const heldBps = flow.rateBps * TIGHT;
    const held = flow.rateBps > 0 && flow.capBps > heldBps && capBps > heldBps;
    flow.capBps = capBps;
    let shared = false;
    for (let i = 0; i < flow.path.length; i++) {
      const arc = flow.path[i];
      const wasTight = this.isTight(arc);
      this.capsBps[arc] += change;
      if (!wasTight && !this.isTight(arc)) continue;
      shared = true;
      if (!held) this.markDirty(arc);
    }
    return shared;
  }

  setRate(flow: BulkFlow, rateBps: number): void {
    const change = rateBps - flow.rateBps;
    flow.rateBps = rateBps;
    for (let i = 0; i < flow.path.length; i++) this.loadBps[flow.path[i]] += change;
  }

  /** Messages take more or less of an arc than before. */
  setAvailable(arc: number, bps: number): void {
    if (this.flowsOn[arc].length > 0) this.markDirty(arc);
    this.availableBps[arc] = bps;
  }

  hasChanges(): boolean {
    return this.dirtyArcs.length > 0;
  }

  /** Flows that the last sharing out reached. */
  get affectedCount(): number {
    return this.affected.length;
  }

  /** Shares out anew what the changes since the last call can reach; returns those flows. */
  shareOut(): readonly BulkFlow[] {
    const { affected, dirtyArcs, isDirty } = this;
    const round = ++this.round;
    affected.length = 0;
    for (let i = 0; i < dirtyArcs.length; i++) {
      for (const flow of this.flowsOn[dirtyArcs[i]]) {
        if (flow.sharedIn === round) continue;
        flow.sharedIn = round;
        affected.push(flow);
        for (let j = 0; j < flow.path.length; j++) {
          if (this.isTight(flow.path[j])) this.markDirty(flow.path[j]);
        }
      }
    }
    for (const arc of dirtyArcs) isDirty[arc] = 0;
    dirtyArcs.length = 0;
    this.fairShare.share(affected, this.availableBps, this.flowsOn);
    return affected;
  }

  private isTight(arc: number): boolean {
    return this.capsBps[arc] > this.availableBps[arc] * TIGHT;
  }

  private markDirty(arc: number): void {
    if (this.isDirty[arc]) return;
    this.isDirty[arc] = 1;
    this.dirtyArcs.push(arc);
  }
}
