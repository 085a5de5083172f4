import { CapOrder } from './cap-order.js';

/** What max-min sharing needs to know of a flow. */
export interface SharingFlow {
  /** Arcs that it crosses. */
  path: Int32Array;
  /** Rate that its window allows. */
  capBps: number;
  /** Result. */
  shareBps: number;
  /** Scratch of the algorithm. */
  frozen: boolean;
}

/**
 * Max-min fair shares by progressive filling (D. Bertsekas, R. Gallager, Data Networks, 1992, section
 * 6.5.2): all rates rise together; a flow stops when it reaches its own cap, or when an arc of its
 * path is full.
 *
 * Cost for F flows of P arcs over A arcs, L of which fill up: O(F + F P + A L).
 */
export class FairShare {
  private readonly residualBps: Float64Array;
  private readonly unfrozen: Int32Array;
  private readonly mark: Int32Array;
  private readonly arcs: Int32Array;
  private readonly capOrder = new CapOrder();
  private round = 0;
  private arcCount = 0;

  constructor(arcCount: number) {
    this.residualBps = new Float64Array(arcCount);
    this.unfrozen = new Int32Array(arcCount);
    this.mark = new Int32Array(arcCount);
    this.arcs = new Int32Array(arcCount);
  }

  /**
   * Sets `shareBps` of these flows. Every other flow on their arcs must be among them, unless the arc
   * can carry the caps of all its flows.
   *
   * @param flows is put in order of caps.
   * @param capacityBps of each arc.
   * @param flowsOn the flows that cross an arc.
   */
  share<Flow extends SharingFlow>(
    flows: Flow[],
    capacityBps: Float64Array,
    flowsOn: readonly (readonly Flow[])[],
  ): void {
    this.begin(flows, capacityBps);
    this.capOrder.sort(flows);
    let next = 0;
    while (next < flows.length) {
      const arc = this.fullestArc();
      const levelBps = arc < 0 ? Infinity : this.residualBps[arc] / this.unfrozen[arc];
      const before = next;
      // Freezing a flow below the level only raises the level: all such flows can go at once.
      while (next < flows.length && (flows[next].frozen || flows[next].capBps <= levelBps)) {
        if (!flows[next].frozen) this.freeze(flows[next], flows[next].capBps);
        next++;
      }
      if (next > before || arc < 0) continue;
      for (const flow of flowsOn[arc]) if (!flow.frozen) this.freeze(flow, Math.max(0, levelBps));
    }
  }

  private begin(flows: readonly SharingFlow[], capacityBps: Float64Array): void {
    this.round++;
    this.arcCount = 0;
    for (const flow of flows) {
      flow.frozen = false;
      for (let i = 0; i < flow.path.length; i++) {
        const arc = flow.path[i];
        if (this.mark[arc] !== this.round) {
          this.mark[arc] = this.round;
          this.residualBps[arc] = capacityBps[arc];
          this.unfrozen[arc] = 0;
          this.arcs[this.arcCount++] = arc;
        }
        this.unfrozen[arc]++;
      }
    }
  }

  /** The arc that would be full first; -1 where no flow is left. */
  private fullestArc(): number {
    let fullest = -1;
    let leastBps = Infinity;
    for (let i = 0; i < this.arcCount; ) {
      const arc = this.arcs[i];
      if (this.unfrozen[arc] === 0) {
        this.arcs[i] = this.arcs[--this.arcCount];
        continue;
      }
      const levelBps = this.residualBps[arc] / this.unfrozen[arc];
      if (levelBps < leastBps || (levelBps === leastBps && arc < fullest)) {
        leastBps = levelBps;
        fullest = arc;
      }
      i++;
    }
    return fullest;
  }

  private freeze(flow: SharingFlow, rateBps: number): void {
    flow.frozen = true;
    flow.shareBps = rateBps;
    for (let i = 0; i < flow.path.length; i++) {
      const arc = flow.path[i];
      this.residualBps[arc] -= rateBps;
      this.unfrozen[arc]--;
    }
  }
}
