import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../../src/placement/deployment.js';
import { littleCloud } from '../operations/little-cloud.js';

function nodes(machine: string | undefined) {
  const change = (deployment: Deployment) => {
    deployment.wiring.far.computes!.node = 'lab';
    for (const group of deployment.services) {
      for (const instance of group.instances) instance.node = 'lab';
    }
    deployment.nodes = ['near', 'far'].map((site) => ({ site, node: 'lab', cores: 2, machine }));
  };
  const { cloud } = littleCloud({ client: [], change });
  return cloud.nodes.filter(({ id }) => id.endsWith('/lab'));
}

describe('nodes of one machine', () => {
  it('share its cores, at whatever sites they stand', () => {
    const [near, far] = nodes('testbed');
    expect([near.id, far.id].sort()).toEqual(['far/lab', 'near/lab']);
    expect(near.cpu).toBe(far.cpu);
    expect(near.cpu.cores).toBe(2);
  });

  it('have their own where no machine is named', () => {
    const [near, far] = nodes(undefined);
    expect(near.cpu).not.toBe(far.cpu);
  });
});
