import { describe, expect, it } from 'vitest';
import { ServerMeter } from '../../../src/cloud/server-meter.js';
import { Simulator } from '../../../src/kernel/simulator.js';

describe('ServerMeter', () => {
  it('gives what can be reckoned by hand', () => {
    const simulator = new Simulator();
    const meter = new ServerMeter(simulator);
    // Inside: 0 until 100, 1 until 300, 3 until 400, 2 until 500, 0 until 1000.
    simulator.runUntil(100);
    meter.came(4, 30);
    simulator.runUntil(300);
    meter.came(1, 10);
    meter.came(1, 10);
    simulator.runUntil(400);
    meter.left();
    simulator.runUntil(500);
    meter.left();
    meter.left();
    meter.work(25);
    simulator.runUntil(1000);

    expect(meter.spanMs).toBe(1000);
    expect(meter.result('rabbitmq/bus', 7, 2, 4096, 125)).toEqual({
      component: 'rabbitmq/bus',
      site: 7,
      instances: 1,
      // (30 + 10 + 10 + 25 + 125) ms of the 2 x 1000 ms that two cores have.
      utilisation: 0.1,
      // (200 x 1 + 100 x 3 + 100 x 2) / 1000.
      meanQueueLength: 0.7,
      // 0 for 600 ms, 1 for 200, 2 for 100, 3 for 100: at most 2 in 90 % of the time.
      p95QueueLength: 3,
      ratePerS: 6,
      cpuS: 0.2,
      memoryBytes: 4096,
    });
  });

  it('counts on from a reset: who is inside stays inside, what was done is forgotten', () => {
    const simulator = new Simulator();
    const meter = new ServerMeter(simulator);
    meter.connections = 5;
    meter.came(10, 400);
    simulator.runUntil(1000);
    meter.reset();
    simulator.runUntil(1250);
    meter.left();
    simulator.runUntil(1500);
    expect(meter.connections).toBe(5);
    expect(meter.result('mariadb/main', 0, 1, 0)).toMatchObject({
      utilisation: 0,
      cpuS: 0,
      ratePerS: 0,
      meanQueueLength: 0.5,
      p95QueueLength: 1,
    });
  });

  it('brings a result that is asked for twice twice', () => {
    const simulator = new Simulator();
    const meter = new ServerMeter(simulator);
    meter.came(1, 1);
    simulator.runUntil(50);
    const first = meter.result('x', 0, 1, 0);
    expect(meter.result('x', 0, 1, 0)).toEqual(first);
    expect(first.meanQueueLength).toBe(1);
  });
});
