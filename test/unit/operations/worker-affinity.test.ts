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

describe('the worker that keeps the connections of callers', () => {
  it('is one for all of them, however busy it is', () => {
    const server = instance(2);
    const own = server.keptWorker;
    for (let i = 0; i < 100; i++) server.requestBegins(own);
    expect(server.keptWorker).toBe(own);
    expect(server.leastBusyWorker()).not.toBe(own);
  });
});
