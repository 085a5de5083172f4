import {
  controlPlane,
  definePlacement,
  joinControlPlanes,
  mostCentralSite,
  wireSite,
  z,
} from 'fogplane';

const params = z.strictObject({
  /** Site of the control plane; default: the most central one. */
  site: z.string().optional(),
  /** Processes of each service. */
  workers: z.int().min(1).default(8),
  /** Sites of the brokers, one at each; default: that of the control plane. */
  brokers: z.array(z.string()).min(1).optional(),
  /** What a broker of a cluster does that sees no majority; default: it pauses. */
  partitionHandling: z.enum(['pause-minority', 'ignore']).optional(),
});

/**
 * One control plane at one site; computes everywhere else; one global bus, which may be a cluster
 * over several sites.
 */
export default definePlacement({
  name: 'centralized',
  summary:
    'One control plane at the most central site, one global bus; all other sites hold computes only.',
  params,
  plan(infrastructure, { site, workers, brokers, partitionHandling }) {
    const centre = site ?? mostCentralSite(infrastructure).id;
    const plane = controlPlane({
      sites: [centre],
      workers,
      ...(brokers && { busSites: brokers }),
      ...(partitionHandling && { busSettings: { 'partition-handling': partitionHandling } }),
    });
    return {
      ...joinControlPlanes([plane]),
      wiring: Object.fromEntries(infrastructure.sites.map(({ id }) => [id, wireSite(plane)])),
    };
  },
});
