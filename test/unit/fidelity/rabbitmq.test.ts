import { describe, expect, it } from 'vitest';
import { loadBackends } from '../../../src/experiment/load-data.js';
import { rabbitMqPrimitives } from '../../../src/fidelity/families/rabbitmq.js';
import { rabbitMq } from '../../../src/fidelity/probes/rabbitmq.js';

const context = { seed: 'test', backends: loadBackends() };

function read(source: string, columns: Record<string, string>) {
  return rabbitMqPrimitives.read([{ source, line: 5, columns }]);
}

describe('rows of RabbitMQ', () => {
  it('of clusters name leader, server and queue type', () => {
    const { scenarios, unread } = read('d_cluster_rpc', {
      inter_rtt_ms: '20',
      queue: 'quorum',
      master_node: '2',
      rpc_server_node: '3',
      test: 'rpc_latency',
      p50: '61',
    });
    expect(unread).toEqual([]);
    expect([...scenarios.values()][0]).toMatchObject({
      parameters: { interRttMs: 20, leader: 1, serverMember: 2, queue: 'quorum', members: 3 },
    });
  });

  it.each([
    ['c_confirm', { rtt_ms: '10', queue: 'stream', p50: '1' }],
    ['c_oslo_rpc', { op: 'notify', caller_rtt_ms: '0', server_rtt_ms: '0', p50: '1' }],
    ['c_raw_rpc_latency', { caller_rtt_ms: '', server_rtt_ms: '0', queue: 'classic_transient' }],
    ['d_cluster_faults', { inter_rtt_ms: '10', fault: 'kill9' }],
  ])('%s that cannot be simulated are listed', (source, columns) => {
    const { figures, unread } = read(source, columns as Record<string, string>);
    expect(figures).toEqual([]);
    expect(unread).toHaveLength(1);
  });
});

describe('the probe of RabbitMQ', () => {
  it('a call takes the round trips of caller and server', () => {
    const { p50 } = rabbitMq(
      { test: 'rpc', queue: 'classic_transient', callerRttMs: 50, serverRttMs: 150 },
      context,
    );
    expect(p50).toBeGreaterThan(200);
    expect(p50).toBeLessThan(203);
  });

  it("a call's request is at its server half way", () => {
    const parameters = {
      test: 'rpc',
      queue: 'classic',
      oslo: true,
      callerRttMs: 100,
      serverRttMs: 0,
    };
    const { p50, toServer } = rabbitMq(parameters, context);
    expect(toServer).toBeGreaterThan(0.45 * p50);
    expect(toServer).toBeLessThan(0.55 * p50);
  });
});
