import {
  BUS_NODE,
  type Cell,
  controlPlane,
  DATABASE_NODE,
  type Deployment,
  databasesOf,
  definePlacement,
  joinControlPlanes,
  mostCentralSite,
  partitionByLatency,
  SERVICE_NODE,
  wireSite,
  z,
} from 'fogplane';

const params = z.strictObject({
  /** A cell for every region, or for every site. */
  per: z.enum(['region', 'site']).default('region'),
  /** Number of regions where a cell is a region. */
  regions: z.int().min(1).default(5),
  /** Processes of each service. */
  workers: z.int().min(1).default(8),
});

/**
 * Nova cells v2: central APIs, super-conductor, scheduler, Placement and Neutron; every cell has a
 * bus, a database and conductors of its own beside its computes. Neutron has no cells: its agents
 * stay on the central bus. Computes make no up-call to the scheduler (track_instance_changes off).
 */
export default definePlacement({
  name: 'cells',
  summary: 'A bus, a cell database and conductors per region (or site) under central APIs.',
  params,
  plan(infrastructure, { per, regions, workers }) {
    const centre = mostCentralSite(infrastructure).id;
    const plane = controlPlane({ sites: [centre], workers });
    const deployment: Deployment = { ...joinControlPlanes([plane]), cells: [], wiring: {} };
    // Of the cells' databases the central services know nothing by themselves: it follows from the server.
    for (const group of deployment.services) delete group.databases?.nova;
    const parts = per === 'site' ? infrastructure.sites.length : regions;
    for (const region of partitionByLatency(infrastructure, parts)) {
      const cell: Cell = {
        id: region.id,
        conductor: `nova-conductor@${region.id}`,
        database: `database@${region.id}`,
      };
      const bus = `bus@${region.id}`;
      const site = region.centre.id;
      deployment.cells.push(cell);
      deployment.buses.push({ id: bus, backend: 'rabbitmq', members: [{ site, node: BUS_NODE }] });
      deployment.databases.push({
        id: cell.database,
        backend: 'mariadb',
        replicas: [{ site, node: DATABASE_NODE }],
      });
      deployment.services.push({
        id: cell.conductor,
        service: 'nova-conductor',
        instances: [{ site, node: SERVICE_NODE, workers }],
        bus,
        databases: { ...databasesOf('nova-conductor', plane.database), nova: cell.database },
        calls: plane.roles,
      });
      for (const { id } of region.sites) {
        const { clients, computes } = wireSite(plane);
        const calls = {
          ...computes!.calls,
          'nova-conductor': cell.conductor,
          'nova-scheduler': null,
        };
        deployment.wiring[id] = {
          clients,
          computes: { cell: cell.id, bus, agentBus: plane.bus, calls },
        };
      }
    }
    return deployment;
  },
});
