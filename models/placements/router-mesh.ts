import {
  controlPlane,
  definePlacement,
  joinControlPlanes,
  mostCentralSite,
  partitionByLatency,
  wireSite,
  z,
} from 'fogplane';

const params = z.strictObject({
  /** Sites with services and the database's replicas; 1: the most central site alone. */
  regions: z.int().min(1).default(1),
  /** How the routers are joined; a star's centre is the most central site. */
  topology: z.enum(['mesh', 'line', 'star']).default('mesh'),
  /** Whether a message waits for its receiver's settlement. */
  settlement: z.enum(['unsettled', 'pre-settled']).default('unsettled'),
  /** Processes of each service. */
  workers: z.int().min(1).default(8),
});

/**
 * One OpenStack over a routed bus: a Qpid Dispatch router at every site, to which everybody there
 * connects. Nothing is stored and no queue has a leader: a message takes the shortest way.
 */
export default definePlacement({
  name: 'router-mesh',
  summary: 'A Qpid Dispatch router at every site; services central, or in several regions.',
  params,
  plan(infrastructure, { regions, topology, settlement, workers }) {
    const centre = mostCentralSite(infrastructure).id;
    const sites =
      regions === 1
        ? [centre]
        : partitionByLatency(infrastructure, regions).map((region) => region.centre.id);
    const others = infrastructure.sites.map(({ id }) => id).filter((id) => id !== centre);
    const plane = controlPlane({
      sites,
      workers,
      busSites: [centre, ...others],
      busBackend: 'qpid-dispatch',
      busSettings: { topology, settlement },
      databaseSites: sites,
      databaseBackend: sites.length > 1 ? 'galera' : 'mariadb',
    });
    return {
      ...joinControlPlanes([plane]),
      wiring: Object.fromEntries(infrastructure.sites.map(({ id }) => [id, wireSite(plane)])),
    };
  },
});
