import { describe, expect, it } from 'vitest';
import centralized from '../../../models/placements/centralized.js';
import {
  checkDeployment,
  type DeploymentContext,
  findDeploymentProblems,
} from '../../../src/placement/check-deployment.js';
import type { DatabaseName, Deployment, ServiceName } from '../../../src/placement/deployment.js';
import type { InfrastructureView, SiteView } from '../../../src/placement/infrastructure.js';

const sites = ['paris', 'lyon'].map(
  (id): SiteView => ({ id, name: id, tier: 'regional', computes: 1, controlCores: 8 }),
);
const infrastructure: InfrastructureView = { sites, roundTripMs: (a, b) => (a === b ? 0 : 8) };

const context: DeploymentContext = {
  infrastructure,
  needs: new Map([
    [
      'nova-api',
      {
        calls: new Set<ServiceName>(['nova-conductor', 'glance-api']),
        databases: new Set<DatabaseName>(['nova_api', 'nova']),
        bus: false,
      },
    ],
    [
      'nova-compute',
      {
        calls: new Set<ServiceName>(['nova-conductor', 'neutron-server']),
        databases: new Set<DatabaseName>(),
        bus: true,
      },
    ],
  ]),
  clientCalls: new Set<ServiceName>(['nova-api']),
  buses: ['rabbitmq'],
  databases: ['mariadb', 'galera'],
};

function deployment(): Deployment {
  return structuredClone(centralized.plan(infrastructure, { workers: 2, site: 'paris' }));
}

describe('the check of a deployment', () => {
  it('passes a good one', () => {
    expect(findDeploymentProblems(deployment(), context)).toEqual([]);
  });

  it('names role and site of a role wired to nothing', () => {
    const bad = deployment();
    bad.wiring.lyon.computes!.calls = { 'nova-conductor': 'nova-conductor' };
    expect(findDeploymentProblems(bad, context)).toEqual([
      'computes at site lyon: role neutron-server is wired to nothing',
    ]);
  });

  it('accepts a role that is never called', () => {
    const good = deployment();
    good.wiring.lyon.computes!.calls['neutron-server'] = null;
    expect(findDeploymentProblems(good, context)).toEqual([]);
  });

  it('names the nearest group for one that does not exist', () => {
    const bad = deployment();
    bad.wiring.paris.clients['nova-api'] = 'nova-apy';
    expect(findDeploymentProblems(bad, context)).toEqual([
      'clients at site paris: role nova-api is wired to "nova-apy", which does not exist; did you mean "nova-api"?',
    ]);
  });

  it('refuses a role that another service would play', () => {
    const bad = deployment();
    bad.wiring.paris.clients['nova-api'] = 'keystone';
    expect(findDeploymentProblems(bad, context)).toEqual([
      'clients at site paris: role nova-api is wired to "keystone", which is a keystone',
    ]);
  });

  it('finds unknown sites, backends, buses and databases', () => {
    const bad = deployment();
    bad.buses[0].backend = 'rabitmq';
    bad.databases[0].replicas[0].site = 'pari';
    bad.services[0].bus = 'buss';
    const problems = findDeploymentProblems(bad, context);
    expect(problems).toContain(
      'bus bus has the unknown backend "rabitmq"; did you mean "rabbitmq"?',
    );
    expect(problems).toContain(
      'database database stands at the unknown site "pari"; did you mean "paris"?',
    );
    expect(problems).toContain(
      'service group keystone names the unknown bus "buss"; did you mean "bus"?',
    );
  });

  it('finds ids used twice, a site without wiring and a bad number of workers', () => {
    const bad = deployment();
    bad.services.push({ ...bad.services[0] });
    bad.services[1].instances[0].workers = 0;
    delete bad.wiring.lyon;
    const problems = findDeploymentProblems(bad, context);
    expect(problems).toContain('two of kind service group have the id "keystone"');
    expect(problems).toContain(
      'service group glance-api at site paris has 0 workers; a whole number from 1 is needed',
    );
    expect(problems).toContain('site lyon has no wiring');
  });

  it('throws with the name of the model', () => {
    const bad = deployment();
    delete bad.wiring.lyon;
    expect(() => checkDeployment('mine', bad, context)).toThrow(
      /placement model "mine" .*cannot run:\n {2}site lyon has no wiring/,
    );
  });
});
