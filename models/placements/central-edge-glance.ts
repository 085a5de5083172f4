import {
  clientsOf,
  controlPlane,
  databasesOf,
  definePlacement,
  joinControlPlanes,
  mostCentralSite,
  type ServiceGroup,
  wireSite,
  z,
} from 'fogplane';

const params = z.strictObject({
  /** Site of the control plane; default: the most central one. */
  site: z.string().optional(),
  /** Processes of each central service. */
  workers: z.int().min(1).default(8),
  /** Processes of each edge Glance. */
  edgeWorkers: z.int().min(1).default(2),
});

/**
 * `centralized`, plus a Glance at every site. The edge Glance reads the central registry database
 * and fetches an image from the central Glance the first time that its site needs it.
 */
export default definePlacement({
  name: 'central-edge-glance',
  summary: 'As centralized, with a Glance and an image cache at each site.',
  params,
  plan(infrastructure, { site, workers, edgeWorkers }) {
    const centre = site ?? mostCentralSite(infrastructure).id;
    const plane = controlPlane({ sites: [centre], workers });
    const deployment = joinControlPlanes([plane]);
    const edgeGlances = infrastructure.sites.map(
      ({ id }): ServiceGroup => ({
        id: `glance-api@${id}`,
        service: 'glance-api',
        instances: [{ site: id, node: 'edge', workers: edgeWorkers }],
        bus: plane.bus,
        databases: databasesOf('glance-api', plane.database),
        calls: plane.roles,
      }),
    );
    const wiring = infrastructure.sites.map(({ id }) => {
      const roles = { ...plane.roles, 'glance-api': `glance-api@${id}` };
      const site = wireSite(plane);
      return [
        id,
        { clients: clientsOf(roles), computes: { ...site.computes!, calls: roles } },
      ] as const;
    });
    return {
      ...deployment,
      services: [...deployment.services, ...edgeGlances],
      wiring: Object.fromEntries(wiring),
    };
  },
});
