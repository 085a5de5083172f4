import { describe, expect, it } from 'vitest';
import { messageBusFailures } from '../../../src/fidelity/families/message-bus-failures.js';
import { busFailover } from '../../../src/fidelity/probes/bus-failover.js';

function read(columns: Record<string, string>) {
  return messageBusFailures.read([
    { source: 'figures', line: 2, columns: { id: 'MQHA-9', value: '0', unit: 'x', ...columns } },
  ]);
}

describe('rows of fail-overs', () => {
  it.each([
    ['cmss2-km-ha', true, true],
    ['cs1ss2-ks2', false, false],
  ])('take places, kill and queues of %s', (code, isMirrored, losesClientBroker) => {
    const { figures, scenarios } = read({
      system: `RabbitMQ fail-over, ${code}`,
      setup: 'single-threaded, 60 s, a node is killed',
      metric: 'CALL: Errors',
    });
    expect([...scenarios.values()][0]).toMatchObject({
      parameters: { kind: 'call', isMirrored, losesClientBroker, seconds: 60 },
    });
    expect(figures[0].agrees?.(0)).toBe(true);
    expect(figures[0].agrees?.(1)).toBe(false);
  });

  it('are listed where nothing models them', () => {
    const system = 'RabbitMQ fail-over, cmsm-km';
    for (const columns of [
      { system, metric: 'CALL: outage seen by the client' },
      { system, metric: 'CAST: Avg. latency' },
      { system: 'RabbitMQ', metric: 'CALL: Errors' },
      { system, metric: 'CALL: moon' },
      {},
    ]) {
      const { figures, unread } = read(columns as Record<string, string>);
      expect(figures).toEqual([]);
      expect(unread).toHaveLength(1);
    }
  });
});

describe('bus-failover', () => {
  const context = { seed: 'test', backends: {} };

  it('loses the call under way with the broker of its client, and no cast', () => {
    const load = { isMirrored: false, losesClientBroker: true, seconds: 120 };
    expect(busFailover({ ...load, kind: 'call' }, context).errors).toBe(1);
    expect(busFailover({ ...load, kind: 'cast' }, context).errors).toBe(0);
    const other = { ...load, kind: 'call', losesClientBroker: false };
    expect(busFailover(other, context).errors).toBe(0);
  });

  it('is slower with mirrored queues', () => {
    const load = { kind: 'cast', losesClientBroker: false, seconds: 120 };
    const plain = busFailover({ ...load, isMirrored: false }, context);
    const mirrored = busFailover({ ...load, isMirrored: true }, context);
    expect(mirrored.rate).toBeLessThan(plain.rate);
    expect(plain.duration).toBe(121);
    expect(plain.sent).toBeCloseTo(plain.rate * 121, 6);
  });
});
