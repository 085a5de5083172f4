import { describe, expect, it } from 'vitest';
import { demandAt, rabbitThreads } from '../../../src/fidelity/bus-lab.js';
import { messageBuses } from '../../../src/fidelity/families/message-buses.js';
import { busThreads } from '../../../src/fidelity/probes/bus-threads.js';
import { ombt } from '../../../src/fidelity/probes/ombt.js';
import { loadBackend } from '../cloud/lab-wire.js';

const context = { seed: 'test', backends: { 'qpid-dispatch': loadBackend('qpid-dispatch') } };

function read(columns: Record<string, string>) {
  const row = { source: 'figures', line: 2, columns: { value: '100', unit: 'x', ...columns } };
  const { figures, unread, scenarios } = messageBuses.read([row]);
  return { figure: figures[0], unread, setUp: [...scenarios.values()][0] };
}

describe('rows of message buses', () => {
  it('take bus, brokers, clients and offered rate from their columns', () => {
    const { figure, setUp } = read({
      id: 'MDR-9001',
      system: 'qpid-dispatch-router 1.0.1 (5 routers)',
      setup: 'about 5,000 calls/s offered in total',
      metric: 'rpc-cast: message rate',
      x_name: 'n_clients',
      x_value: '6000',
    });
    expect(figure.read).toBe('rate');
    expect(setUp).toMatchObject({
      probe: 'ombt',
      parameters: { bus: 'qpid-dispatch', kind: 'cast', clients: 6000, brokers: 5, offered: 5000 },
    });
  });

  it.each([
    ['RabbitMQ 3-node, client & server on slave-2', 'RPC CALL: throughput', 'rate', 3.3],
    ['RabbitMQ 3-node HA, client on slave-1, server on slave-2', 'NOTIFY: throughput', 'rate', 2.6],
  ])('take the threads of %s', (system, metric, value, leastDemandMs) => {
    const { figure, setUp } = read({
      id: 'MQ-9001',
      system,
      metric,
      x_name: 'threads',
      x_value: '200',
    });
    expect(figure.read).toBe(value);
    const { parameters } = setUp as unknown as {
      parameters: { threads: number; demandMs: number };
    };
    expect(parameters.threads).toBe(200);
    expect(parameters.demandMs).toBeGreaterThan(leastDemandMs);
  });

  it('are listed where they say something else', () => {
    const odd = [
      {
        id: 'MDR-1',
        system: 'Kafka',
        metric: 'rpc-call: message rate',
        x_name: 'n_clients',
        x_value: '5',
      },
      {
        id: 'MQ-1',
        system: 'RabbitMQ 3-node',
        metric: 'RPC CALL: throughput',
        x_name: 'threads',
        x_value: '',
      },
      { id: 'MQ-2' },
    ];
    for (const columns of odd) {
      const { figure, unread } = read(columns as Record<string, string>);
      expect(figure).toBeUndefined();
      expect(unread).toHaveLength(1);
    }
  });
});

describe('threads in a closed loop', () => {
  it('pass what the broker is able to, and never more than they ask for', () => {
    const few = rabbitThreads('call', true, false, 5);
    const many = rabbitThreads('call', true, false, 500);
    const slow = busThreads(few, context);
    const full = busThreads(many, context);
    expect(slow.rate).toBeLessThanOrEqual((5 * 1000) / Number(few.delayMs));
    expect(full.rate).toBeCloseTo(16_000 / Number(many.demandMs), -2);
    expect(full.latency).toBeGreaterThan(slow.latency);
  });

  it('cost more each, the more there are, up to a limit', () => {
    expect(demandAt(50, [1, 2])).toBeCloseTo(1, 9);
    expect(demandAt(500, [1, 2])).toBeCloseTo(2, 9);
    expect(demandAt(1, [1, 2])).toBe(1);
    expect(demandAt(1e6, [1, 2])).toBeLessThan(2.2);
  });
});

describe('ombt', () => {
  const load = { bus: 'qpid-dispatch', kind: 'call', clients: 1000, brokers: 1, offered: 10_000 };

  it('takes memory and CPU of a router from the backend', () => {
    const values = ombt(load, context);
    expect(values.memory).toBeCloseTo(0.55, 1);
    expect(values.cores).toBeCloseTo(2, 0);
    expect(ombt({ ...load, brokers: 3 }, context).cores).toBeLessThan(values.cores);
  });

  it('is limited by a router that is full, and by one RabbitMQ', () => {
    expect(ombt({ ...load, offered: 1e5 }, context).rate).toBeCloseTo(10_000, 6);
    const rabbit = { ...load, bus: 'rabbitmq' };
    expect(ombt(rabbit, context).rate).toBeLessThan(9000);
    expect(ombt({ ...rabbit, brokers: 3 }, context).rate).toBeGreaterThan(9500);
  });
});
