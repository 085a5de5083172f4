import { defineEventKind } from '../kernel/event-kind.js';
import type { Simulator } from '../kernel/simulator.js';

/** What fails, by ids of sites. */
export type FaultTarget =
  /** All links of a site are down. */
  | { readonly kind: 'site-cut-off'; readonly site: string }
  /** All links between two sites are down. */
  | { readonly kind: 'link-down'; readonly between: readonly [string, string] }
  /** The processes of all RabbitMQ brokers at a site are killed, and started again afterwards. */
  | { readonly kind: 'broker-kill'; readonly site: string };

/** One fault of a scenario, resolved: times in ms of simulated time. */
export type Fault = FaultTarget & { readonly atMs: number; readonly forMs: number };

/** Ends of a topology's links, by index of a site. */
export interface LinkEnds {
  readonly a: number;
  readonly b: number;
}

/** What faults happen to. */
export interface FailingParts {
  readonly siteIds: readonly string[];
  /** Of the topology, in its order. */
  readonly links: readonly LinkEnds[];
  setLinkUp(link: number, isUp: boolean): void;
  /** Some links went up or down, all at once. */
  linksChanged(): void;
  /** The brokers of a site. */
  changeBrokers(site: number, change: 'kill' | 'restart'): void;
}

/** Indexes of the links that a fault takes down. */
export function linksOf(
  fault: FaultTarget,
  siteIds: readonly string[],
  links: readonly LinkEnds[],
): number[] {
  if (fault.kind === 'broker-kill') return [];
  const ends = (fault.kind === 'site-cut-off' ? [fault.site] : fault.between).map((id) =>
    siteIds.indexOf(id),
  );
  return links.flatMap(({ a, b }, link) =>
    ends.every((end) => end === a || end === b) ? link : [],
  );
}

interface Step {
  readonly plan: FaultPlan;
  readonly fault: Fault;
}

const faultBegins = defineEventKind('fault-begins', ({ plan, fault }: Step) => plan.begin(fault));
const faultEnds = defineEventKind('fault-ends', ({ plan, fault }: Step) => plan.end(fault));

/** Takes links down and kills brokers when a scenario says so, and brings them back. */
class FaultPlan {
  /** Faults under way that keep a link, or the brokers of a site, down. */
  private readonly linkFaults: number[];
  private readonly siteKills: number[];

  constructor(
    private readonly simulator: Simulator,
    private readonly parts: FailingParts,
  ) {
    this.linkFaults = parts.links.map(() => 0);
    this.siteKills = parts.siteIds.map(() => 0);
  }

  begin(fault: Fault): void {
    if (fault.kind === 'broker-kill') {
      const site = this.parts.siteIds.indexOf(fault.site);
      if (++this.siteKills[site] === 1) this.parts.changeBrokers(site, 'kill');
    } else this.changeLinks(fault, 1);
    this.simulator.schedule(fault.forMs, faultEnds, { plan: this, fault });
  }

  end(fault: Fault): void {
    if (fault.kind === 'broker-kill') {
      const site = this.parts.siteIds.indexOf(fault.site);
      if (--this.siteKills[site] === 0) this.parts.changeBrokers(site, 'restart');
    } else this.changeLinks(fault, -1);
  }

  private changeLinks(fault: Fault, by: number): void {
    const { siteIds, links } = this.parts;
    for (const link of linksOf(fault, siteIds, links)) {
      this.linkFaults[link] += by;
      this.parts.setLinkUp(link, this.linkFaults[link] === 0);
    }
    this.parts.linksChanged();
  }
}

/** Schedules the faults of a scenario. */
export function startFaults(
  simulator: Simulator,
  parts: FailingParts,
  faults: readonly Fault[],
): void {
  if (faults.length === 0) return;
  const plan = new FaultPlan(simulator, parts);
  for (const fault of faults) simulator.schedule(fault.atMs, faultBegins, { plan, fault });
}
