import { describe, expect, it } from 'vitest';
import { DeployedGroup } from '../../../src/cloud/deployed-group.js';
import { ServiceInstance } from '../../../src/cloud/service-instance.js';
import { Simulator } from '../../../src/kernel/simulator.js';
import { ProcessorSharing } from '../../../src/resources/processor-sharing.js';

function instance(workers: number): ServiceInstance {
  const simulator = new Simulator();
  const model = { workers, concurrency: 10, poolSize: 5, poolOverflow: 50 };
  const group = new DeployedGroup(0, 'api', 'nova-api', 0, true, true);
  return new ServiceInstance(simulator, group, 0, 0, new ProcessorSharing(simulator, 2), model);
}

describe('the worker that keeps the connections of a caller', () => {
  it('stays the same however busy it is, and callers take workers in turn', () => {
    const server = instance(2);
    const [first, second, third] = instance(3).workers;
    const own = server.workerOf(first);
    own.inFlight = 100;
    expect(server.workerOf(first)).toBe(own);
    expect(server.workerOf(second)).not.toBe(own);
    expect(server.workerOf(third)).toBe(own);
  });
});
