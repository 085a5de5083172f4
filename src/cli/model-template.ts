/** A placement model that works as it is, for its author to change. */
export function modelTemplate(name: string): string {
  return `import {
  controlPlane,
  definePlacement,
  joinControlPlanes,
  mostCentralSite,
  wireSite,
  z,
} from 'fogplane';

/**
 * What an experiment can set: \`placement: {model: ${name}, params: {workers: 4}}\`. Every parameter
 * has a default, so that the name alone is enough.
 */
const params = z.strictObject({
  /** Site of the control plane; default: the one that is nearest to all others. */
  site: z.string().optional(),
  /** Processes of each service. */
  workers: z.int().min(1).default(8),
});

export default definePlacement({
  name: '${name}',
  summary: 'One control plane at one site; all other sites hold computes only.',
  params,
  /**
   * Says which services, buses and databases exist, where they stand, and who talks to which. Pure:
   * the same infrastructure and parameters give the same deployment.
   */
  plan(infrastructure, { site, workers }) {
    // infrastructure.sites: id, name, tier, computes, coordinates of each site, in a fixed order.
    // infrastructure.roundTripMs(a, b): round-trip time between two sites.
    const centre = site ?? mostCentralSite(infrastructure).id;

    // Keystone, Glance, Placement, Nova and Neutron with a bus and a database of their own. An
    // instance of each stands at each of \`sites\`. For several control planes call this several times,
    // each with a \`suffix\` for its names, and join them all below; partitionByLatency splits the
    // sites into regions. \`busSites\`, \`databaseSites\` and \`databaseBackend: 'galera'\` spread the
    // broker and the database.
    const plane = controlPlane({ sites: [centre], workers });

    // What the clients and the computes of each site use: here the same for all. Every site needs an
    // entry.
    const wiring = infrastructure.sites.map((each) => [each.id, wireSite(plane)] as const);
    return { ...joinControlPlanes([plane]), wiring: Object.fromEntries(wiring) };
  },
});
`;
}
