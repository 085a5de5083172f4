import {
  controlPlane,
  databasesOf,
  definePlacement,
  joinControlPlanes,
  mostCentralSite,
  partitionByLatency,
  type ServiceGroup,
  wireSite,
  z,
} from 'fogplane';

const params = z.strictObject({
  /** Number of regions. */
  regions: z.int().min(1).default(5),
  /** Processes of each service in each region. */
  workers: z.int().min(1).default(8),
});

/** A whole control plane in every region; they share one Keystone at the most central site. */
export default definePlacement({
  name: 'regions',
  summary: 'A whole control plane per region, with a shared Keystone at the most central site.',
  params,
  plan(infrastructure, { regions, workers }) {
    const centre = mostCentralSite(infrastructure).id;
    const keystone: ServiceGroup = {
      id: 'keystone',
      service: 'keystone',
      instances: [{ site: centre, node: 'keystone', workers }],
      databases: databasesOf('keystone', 'database@keystone'),
      calls: {},
    };
    const parts = partitionByLatency(infrastructure, regions).map((region) => ({
      region,
      plane: controlPlane({
        suffix: `@${region.id}`,
        sites: [region.centre.id],
        workers,
        sharedKeystone: 'keystone',
      }),
    }));
    const deployment = joinControlPlanes(parts.map(({ plane }) => plane));
    return {
      ...deployment,
      services: [keystone, ...deployment.services],
      databases: [
        {
          id: 'database@keystone',
          backend: 'mariadb',
          replicas: [{ site: centre, node: 'keystone' }],
        },
        ...deployment.databases,
      ],
      wiring: Object.fromEntries(
        parts.flatMap(({ region, plane }) => region.sites.map(({ id }) => [id, wireSite(plane)])),
      ),
    };
  },
});
