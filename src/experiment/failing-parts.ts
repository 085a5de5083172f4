import type { Cloud } from '../cloud/cloud.js';
import type { Topology } from '../net/topology.js';
import type { FailingParts } from '../workload/index.js';

/** What faults happen to in a cloud: its links, and the brokers and databases that watch them. */
export function failingParts(
  { network, buses, databases, siteIds }: Cloud,
  { links }: Topology,
): FailingParts {
  return {
    siteIds,
    links,
    setLinkUp: (link, isUp) => network.setLinkUp(link, isUp),
    linksChanged: () => {
      for (const bus of buses) bus.networkChanged?.();
      for (const database of databases) database.networkChanged?.();
    },
    changeBrokers: (site, change) => {
      for (const bus of buses) {
        bus.memberSites.forEach((memberSite, member) => {
          if (memberSite === site) bus.changeBroker?.(member, change);
        });
      }
    },
  };
}
