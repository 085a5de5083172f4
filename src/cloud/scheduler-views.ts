import type { ComputeHost } from './compute-host.js';
import { keySlot } from './database/key-slot.js';

/** What one scheduler believes of every host. */
class SchedulerView {
  readonly servers: Float64Array;
  /** When it last took a host's record over or consumed of it. */
  readonly updatedMs: Float64Array;

  constructor(hosts: number) {
    this.servers = new Float64Array(hosts);
    this.updatedMs = new Float64Array(hosts).fill(-1);
  }
}

/**
 * Hosts as the filter scheduler of Nova before Placement sees them: each scheduler has a view in
 * memory. It takes a host's record from the database where that is newer than what it did to the
 * host itself, chooses the host with the most room, and consumes of its view at once. So schedulers
 * do not see each other's choices until a host has claimed and reported, and may choose alike.
 */
export class SchedulerViews {
  private readonly views = new Map<unknown, SchedulerView>();
  private readonly claimed: Float64Array;
  private readonly reported: Float64Array;
  private readonly reportedMs: Float64Array;
  /** Hosts with the same room are tried in the order of a dictionary: arbitrary, but always the same. */
  private readonly order: readonly ComputeHost[];

  constructor(hosts: readonly ComputeHost[]) {
    this.claimed = Float64Array.from(hosts, ({ servers }) => servers);
    this.reported = Float64Array.from(this.claimed);
    this.reportedMs = new Float64Array(hosts.length);
    const place = new Map(hosts.map((host) => [host, keySlot(`compute-${host.index}`)]));
    this.order = [...hosts].sort((a, b) => place.get(a)! - place.get(b)! || a.index - b.index);
  }

  /** The host that a scheduler chooses, or undefined where none has room. The claim counts at once. */
  choose(scheduler: unknown, nowMs: number): ComputeHost | undefined {
    let view = this.views.get(scheduler);
    if (!view) {
      view = new SchedulerView(this.reported.length);
      this.views.set(scheduler, view);
    }
    let best: ComputeHost | undefined;
    for (const host of this.order) {
      const { index } = host;
      if (this.reportedMs[index] > view.updatedMs[index]) {
        view.servers[index] = this.reported[index];
        view.updatedMs[index] = this.reportedMs[index];
      }
      if (host.servers >= host.capacity) continue;
      if (!best || view.servers[index] < view.servers[best.index]) best = host;
    }
    if (!best) return undefined;
    best.servers++;
    view.servers[best.index]++;
    view.updatedMs[best.index] = nowMs;
    return best;
  }

  /** A host has claimed a server that was sent to it, and its record is saved. */
  report(host: ComputeHost, nowMs: number): void {
    this.claimed[host.index]++;
    this.reported[host.index] = this.claimed[host.index];
    this.reportedMs[host.index] = nowMs;
  }
}
