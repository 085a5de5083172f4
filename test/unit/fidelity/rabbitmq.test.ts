import { describe, expect, it } from 'vitest';
import { loadBackends } from '../../../src/experiment/load-data.js';
import { rabbitMqPrimitives } from '../../../src/fidelity/families/rabbitmq.js';
import { rabbitMq } from '../../../src/fidelity/probes/rabbitmq.js';
import { rabbitMqFault } from '../../../src/fidelity/probes/rabbitmq-fault.js';
import { rabbitMqOneWay } from '../../../src/fidelity/probes/rabbitmq-oneway.js';

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
    ['c_oneway', { payload: '1024', queue: 'classic_transient', window: '0', send_rate: '1' }],
    ['c_oneway', { payload: '1024', queue: 'classic_transient', window: 'all', send_rate: '1' }],
  ])('%s that cannot be simulated are listed', (source, columns) => {
    const { figures, unread } = read(source, columns as Record<string, string>);
    expect(figures).toEqual([]);
    expect(unread).toHaveLength(1);
  });
});

describe('rows of a cluster that do not depend on its distances', () => {
  const columns = {
    test: 'rpc_throughput',
    queue: 'classic_mirrored_all',
    master_node: '1',
    rpc_server_node: '1',
    concurrency: '32',
    count: '9000',
  };
  const row = (line: number, inter_rtt_ms: string, p50: string, more = {}) => ({
    source: 'd_cluster_rpc',
    line,
    columns: { ...columns, inter_rtt_ms, p50, ...more },
  });

  it('are one figure, the median of those that judge', () => {
    const rows = [row(2, '0', '2'), row(3, '10', '8'), row(4, '50', '4'), row(5, '100', '5')];
    const { figures, unread } = rabbitMqPrimitives.read(rows);
    expect(unread).toEqual([]);
    expect(figures.map(({ measured, role }) => [measured, role])).toEqual([
      [2, 'calibration'],
      [5, 'judgement'],
    ]);
    expect(figures[1].note).toBe('median of 3 rows of 4 to 8 ms');
  });

  it('stay apart where a caller waits for another member', () => {
    const far = { rpc_server_node: '2' };
    const quorum = { queue: 'quorum' };
    const rows = [far, quorum].flatMap((more, pair) => [
      row(2 * pair + 2, '10', '12', more),
      row(2 * pair + 3, '50', '52', more),
    ]);
    expect(rabbitMqPrimitives.read(rows).figures).toHaveLength(4);
  });
});

describe('calls at once', () => {
  const columns = {
    queue: 'classic_transient',
    confirm: '1',
    p50: '7',
    broker_cpu_us_per_msg: '90',
  };
  const roles = (source: string, more: Record<string, string>) =>
    read(source, { ...columns, ...more }).figures.map(({ role }) => role);

  it('calibrate CPU for each kB by that of two payloads, and nothing else of the larger', () => {
    const crowd = { concurrency: '32', connections: '16' };
    expect(roles('c_rpc_cpu_per_message', { ...crowd, payload: '10240' })).toEqual([
      'judgement',
      'calibration',
    ]);
    expect(roles('c_rpc_cpu_per_message', { ...crowd, payload: '4096' })).toEqual([
      'judgement',
      'judgement',
    ]);
  });

  it('cost more over more connections', () => {
    const brokerUs = (connections: number) =>
      rabbitMq({ test: 'rpc', queue: 'classic_transient', concurrency: 8, connections }, context)
        .brokerUs;
    expect(brokerUs(64) - brokerUs(16)).toBeCloseTo(6.2, 0);
  });
});

describe('casts', () => {
  const row = (line: number, server_rtt_ms: string, p50: string) => ({
    source: 'c_oslo_rpc',
    line,
    columns: { op: 'cast', caller_rtt_ms: '0', server_rtt_ms, p50, to_server_p50_ms: '7' },
  });

  it('do not wait for their server: its distances are one figure, but for the way there', () => {
    const rows = [row(2, '0', '1.5'), row(3, '10', '1.2'), row(4, '50', '1'), row(5, '100', '3')];
    const { figures } = rabbitMqPrimitives.read(rows);
    const own = figures.filter(({ read: value }) => value === 'p50');
    expect(own.map(({ measured, role }) => [measured, role])).toEqual([
      [1.5, 'calibration'],
      [1.2, 'judgement'],
    ]);
    expect(figures.filter(({ read: value }) => value === 'toServer')).toHaveLength(4);
  });
});

describe('fanouts', () => {
  const columns = { client: 'C', consumers: '50', last_mean_ms: '80' };
  const cpu = { broker_cpu_us_per_delivery: '50' };

  it('that arrived before the wire lets them are judged by their CPU alone', () => {
    const [fast, possible] = ['2.7', '76'].map((p50_ms) =>
      read('c_fanout', { ...columns, ...cpu, rtt_ms: '150', p50_ms }),
    );
    expect(fast.figures.map(({ read: value }) => value)).toEqual(['copyUs']);
    expect(fast.figures[0].note).toContain('faster than this distance');
    expect(possible.figures.map(({ read: value }) => value)).toEqual(['p50', 'last', 'copyUs']);
  });
});

describe('many threads of oslo.messaging', () => {
  const call = (concurrency: number, payload = 0) =>
    rabbitMq({ test: 'rpc', queue: 'classic', oslo: true, concurrency, payload }, context);

  it('pass fewer calls than their processes could compute, however many they are', () => {
    const [few, many] = [call(4), call(32)];
    expect(many.rate).toBeLessThan(1000 / (0.65 + 0.6));
    expect(many.rate / few.rate).toBeCloseTo(1, 1);
    expect(call(4, 10_240).rate).toBeLessThan(few.rate);
  });

  it('leave a lone one its time', () => {
    expect(call(1).p50).toBeLessThan(1.6);
  });
});

describe('messages one way', () => {
  const columns = { queue: 'classic_transient', send_rate: '9000', sent: '36000' };

  it('come under a window or at a pace', () => {
    const windowed = read('c_oneway', { ...columns, payload: '4096', window: '16' });
    const paced = read('c_oneway', { ...columns, payload: '1024', window: 'paced 2x500/s' });
    expect([...windowed.scenarios.values()][0]).toMatchObject({
      probe: 'rabbitmq-oneway',
      parameters: { payload: 4096, window: 16 },
    });
    expect([...paced.scenarios.values()][0]).toMatchObject({
      parameters: { window: 0, rate: 500 },
    });
  });

  it('wait the longer the more of them are under way, at one rate', () => {
    const at = (window: number) =>
      rabbitMqOneWay({ queue: 'quorum_persistent', payload: 1024, window }, context);
    expect(at(64).p50 / at(32).p50).toBeCloseTo(2, 0);
    expect(at(64).rate / at(32).rate).toBeCloseTo(1, 1);
  });
});

describe('faults of a cluster', () => {
  const columns = {
    inter_rtt_ms: '100.0',
    fault: 'partition',
    client_node: '2',
    queue: 'cl3',
    first_ok_after_s: '121.5',
    longest_gap_s: '121.6',
    errors: '140',
    first_error_s: '66',
    paused_after_s: '66.1',
  };

  it('name the client, the queue and its node', () => {
    const { scenarios, unread, figures } = read('d_cluster_faults', columns);
    expect(unread).toEqual([]);
    expect([...scenarios.values()]).toMatchObject([
      {
        probe: 'rabbitmq-fault',
        parameters: { interRttMs: 100, fault: 'partition', client: 1, home: 2, queue: 'classic' },
      },
    ]);
    expect(figures.map(({ read: value }) => value)).toEqual([
      'gap',
      'first ok',
      'errors',
      'first error',
      'paused',
    ]);
  });

  it('say what belongs to a whole run once', () => {
    const rows = [2, 3].map((line) => ({ source: 'd_cluster_faults', line, columns }));
    const { figures } = rabbitMqPrimitives.read(rows);
    expect(figures.filter(({ read: value }) => value === 'paused')).toHaveLength(1);
  });

  it('were cut off for less where their clients were back before that', () => {
    const early = { ...columns, first_ok_after_s: '102.7', longest_gap_s: '102.7' };
    const [setUp] = read('d_cluster_faults', early).scenarios.values();
    expect(setUp).toMatchObject({ parameters: { cutMs: 100_000 } });
  });

  it('judge a gap that is no outage, but not when it was', () => {
    const ordinary = { ...columns, first_ok_after_s: '-3.1', longest_gap_s: '0.2', errors: '0' };
    const { figures } = read('d_cluster_faults', ordinary);
    expect(figures.map(({ read: value }) => value)).not.toContain('first ok');
    expect(figures.find(({ read: value }) => value === 'errors')?.agrees?.(0)).toBe(true);
  });

  it.each([
    [{ fault: 'stop' }, 'no fault'],
    [{ queue: 'stream1' }, 'no queue'],
    [{ client_node: '7' }, 'no member'],
    [{ inter_rtt_ms: '' }, 'inter_rtt_ms'],
  ])('%j is listed', (changed, reason) => {
    const { unread } = read('d_cluster_faults', { ...columns, ...changed });
    expect(unread).toHaveLength(1);
    expect(unread[0].reason).toContain(reason);
  });

  it('lose a quorum queue of the majority for no longer than an ordinary gap', () => {
    const parameters = {
      members: 3,
      interRttMs: 20,
      fault: 'partition',
      failing: 2,
      client: 0,
      home: 0,
      queue: 'quorum',
      cutMs: 100_000,
    };
    const values = rabbitMqFault(parameters, context);
    expect(values.errors).toBe(0);
    expect(values.gap).toBeLessThan(0.2);
    expect(values.paused).toBeGreaterThan(60);
    expect(values.paused).toBeLessThan(75);
    expect(rabbitMqFault(parameters, context)).toEqual(values);
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
