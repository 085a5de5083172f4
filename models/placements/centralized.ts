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
});

/** One control plane at one site; computes everywhere else; one global bus. */
export default definePlacement({
  name: 'centralized',
  summary:
    'One control plane at the most central site, one global bus; all other sites hold computes only.',
  params,
  plan(infrastructure, { site, workers }) {
    const centre = site ?? mostCentralSite(infrastructure).id;
    const plane = controlPlane({ sites: [centre], workers });
    return {
      ...joinControlPlanes([plane]),
      wiring: Object.fromEntries(infrastructure.sites.map(({ id }) => [id, wireSite(plane)])),
    };
  },
});
