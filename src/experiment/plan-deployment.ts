import { clientNeeds, serviceNeeds } from '../operations/service-needs.js';
import { checkDeployment } from '../placement/check-deployment.js';
import type { Deployment } from '../placement/deployment.js';
import type { InfrastructureView, SiteView } from '../placement/infrastructure.js';
import type { Scenario } from './scenario.js';

/** The sites of a scenario with their computes, and what round trips between them cost. */
export function viewInfrastructure(
  scenario: Scenario,
  roundTripMs: (a: number, b: number) => number,
): InfrastructureView {
  const { topology, computesPerSite, coresPerControlNode } = scenario.infrastructure;
  const sites = topology.sites.map(
    (site): SiteView => ({
      id: site.id,
      name: site.name,
      tier: site.tier,
      longitude: site.longitude,
      latitude: site.latitude,
      computes: site.computes ?? computesPerSite,
      controlCores: coresPerControlNode,
    }),
  );
  const indexes = new Map(sites.map(({ id }, index) => [id, index]));
  const indexOf = (id: string): number => {
    const index = indexes.get(id);
    if (index === undefined) throw new Error(`no site is called "${id}"`);
    return index;
  };
  return { sites, roundTripMs: (a, b) => (a === b ? 0 : roundTripMs(indexOf(a), indexOf(b))) };
}

/**
 * Asks the placement model for its deployment and checks it. Throws DeploymentError where the
 * deployment cannot run, and whatever the model throws.
 */
export function planDeployment(scenario: Scenario, infrastructure: InfrastructureView): Deployment {
  const { model, params, name } = scenario.placement;
  const deployment = model.plan(infrastructure, params);
  const operations = scenario.workload.flatMap((entry) =>
    entry.mix.map(({ operation }) => operation),
  );
  const backends = Object.values(scenario.backends);
  checkDeployment(name, deployment, {
    infrastructure,
    needs: serviceNeeds(scenario.footprints.services),
    clientCalls: clientNeeds(scenario.footprints.operations, operations),
    buses: backends.filter(({ kind }) => kind === 'bus').map(({ backend }) => backend),
    databases: backends.filter(({ kind }) => kind === 'database').map(({ backend }) => backend),
  });
  return deployment;
}
