import {
  controlPlane,
  definePlacement,
  joinControlPlanes,
  type Roles,
  type ServiceGroup,
  wireSite,
  z,
} from 'fogplane';

const params = z.strictObject({
  /** What keeps Nova's records: a file of models/backends, such as `mariadb`, `galera` or `rome`. */
  backend: z.string().default('mariadb'),
  /** Copies of each master of a key/value store. */
  copies: z.int().min(0).default(0),
  /** Processes of each service at each site. */
  workers: z.int().min(1).default(16),
});

/** Services of which every site has instances; the others stand at the first site. */
const EVERYWHERE = new Set<ServiceGroup['service']>([
  'nova-api',
  'nova-conductor',
  'nova-scheduler',
]);

/**
 * One Nova over all sites: a controller at each, one bus, Keystone and Glance at the first site, and
 * one database for all. MariaDB stands at the first site; the others have a node at every site, and
 * then Keystone, Glance and the rest use a MariaDB of their own at the first.
 */
export default definePlacement({
  name: 'controller-per-site',
  summary: 'One Nova with a controller at every site over one database: MySQL, Galera or Redis.',
  params,
  plan(infrastructure, { backend, copies, workers }) {
    const sites = infrastructure.sites.map(({ id }) => id);
    const plane = controlPlane({ sites, workers });
    const isCentral = backend === 'mariadb' || sites.length === 1;
    const database = {
      id: 'database',
      backend: isCentral && backend === 'galera' ? 'mariadb' : backend,
      replicas: (isCentral ? sites.slice(0, 1) : sites).map((site) => ({ site, node: 'database' })),
      settings: { 'replicas-per-shard': Math.min(copies, isCentral ? 0 : sites.length - 1) },
    };
    const central = { ...plane.databases[0], id: 'database-central' };
    const deployment = joinControlPlanes([plane]);
    const apis = sites.map((site): ServiceGroup => {
      const api = deployment.services.find(({ service }) => service === 'nova-api')!;
      return { ...api, id: `nova-api@${site}`, instances: [{ site, node: 'control', workers }] };
    });
    const others = deployment.services.filter(({ service }) => service !== 'nova-api');
    for (const group of others) {
      if (EVERYWHERE.has(group.service)) continue;
      group.instances = group.instances.slice(0, 1);
      const own = Object.keys(group.databases ?? {}).map((name) => [name, central.id]);
      group.databases = Object.fromEntries(own);
    }
    const services = [...others, ...apis];
    // Neutron tells the first site's nova-api; every client speaks to its own.
    const rolesAt = (site: string): Roles => ({ ...plane.roles, 'nova-api': `nova-api@${site}` });
    for (const group of services) group.calls = { ...group.calls, 'nova-api': apis[0].id };
    return {
      ...deployment,
      services,
      databases: [database, central],
      wiring: Object.fromEntries(
        sites.map((site) => [site, wireSite({ ...plane, roles: rolesAt(site) })]),
      ),
    };
  },
});
