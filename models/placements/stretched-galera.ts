import {
  controlPlane,
  definePlacement,
  joinControlPlanes,
  partitionByLatency,
  wireSite,
  z,
} from 'fogplane';

const params = z.strictObject({
  /** Number of regions that hold services, a broker and a database replica. */
  regions: z.int().min(1).default(5),
  /** Processes of each service in each region. */
  workers: z.int().min(1).default(8),
  /** What keeps the replicas alike. */
  backend: z.enum(['galera', 'cockroachdb', 'mariadb-replicas']).default('galera'),
  /** Galera's wsrep_sync_wait = 1: a read waits until it sees all that the group has delivered. */
  'sync-wait': z.boolean().default(false),
});

/**
 * One OpenStack whose services stand in every region over one Galera group: each service reads and
 * writes the replica of its region, a commit waits for the group. One stretched bus: a message goes
 * to the next consumer in turn, wherever it is, as RabbitMQ knows no distance. With another backend
 * the replicas are those of CockroachDB, or MariaDB's that follow the first region's.
 */
export default definePlacement({
  name: 'stretched-galera',
  summary: 'Services in every region over one Galera group and one stretched RabbitMQ cluster.',
  params,
  plan(infrastructure, { regions, workers, backend, 'sync-wait': syncWait }) {
    const centres = partitionByLatency(infrastructure, regions).map((region) => region.centre.id);
    const plane = controlPlane({
      sites: centres,
      workers,
      busSites: centres,
      databaseSites: centres,
      databaseBackend: centres.length > 1 ? backend : 'mariadb',
      databaseSettings: syncWait ? { 'sync-wait': true } : undefined,
    });
    return {
      ...joinControlPlanes([plane]),
      wiring: Object.fromEntries(infrastructure.sites.map(({ id }) => [id, wireSite(plane)])),
    };
  },
});
