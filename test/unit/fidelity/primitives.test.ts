import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../../src/fidelity/families/index.js';
import { PROBES } from '../../../src/fidelity/probes/index.js';

function familyOf(name: string) {
  const family = FAMILIES.find((one) => one.name === name);
  if (!family) throw new Error(`no family ${name}`);
  return family;
}

function read(name: string, source: string, columns: Record<string, string>) {
  return familyOf(name).read([{ source, line: 7, columns }]);
}

describe('rows of primitives', () => {
  it.each([
    [
      'mariadb',
      'a_mariadb_latency',
      { rtt_ms: '20', op: 'txn', p50: '102' },
      { rttMs: 20, op: 'txn' },
    ],
    [
      'mariadb',
      'a_mariadb_python_clients',
      {
        rtt_ms: '100',
        what: 'oslo.db writer transaction, 3 statements, pooled connection',
        p50: '608',
      },
      { rttMs: 100, clients: 1 },
    ],
    [
      'redis',
      'e_redis_latency',
      { client_rtt_ms: '0', replica_rtt_ms: '10/100', op: 'set+wait2', p50: '100' },
      { replicaRttsMs: [10, 100] },
    ],
    [
      'etcd',
      'e_etcd_latency',
      { rtt_ms: '100', op: 'get', leader: 'remote', p50: '202' },
      { leader: 'remote' },
    ],
  ])('%s, %s', (name, source, columns, parameters) => {
    const { figures, unread, scenarios } = read(name, source, columns);
    expect(unread).toEqual([]);
    expect(figures).toHaveLength(1);
    const [setUp] = scenarios.values();
    expect(setUp).toMatchObject({ parameters });
    if (!('probe' in setUp)) throw new Error('not a probe');
    expect(PROBES[setUp.probe]).toBeDefined();
  });

  it.each([
    ['mariadb', 'a_mariadb_latency', { rtt_ms: '20', op: 'vacuum' }],
    ['mariadb', 'a_mariadb_latency', { rtt_ms: 'near', op: 'select' }],
    [
      'redis',
      'e_redis_throughput',
      { client_rtt_ms: '0', op: 'lpush', connections: '1', pipeline: '1' },
    ],
    ['etcd', 'e_etcd_latency', { rtt_ms: '0', op: 'watch' }],
    ['etcd', 'e_etcd_election', { rtt_ms: '0', heartbeat_ms: '', election_ms: '1000' }],
  ])('%s, %s, that cannot be read are listed', (name, source, columns) => {
    const { figures, unread } = read(name, source, columns);
    expect(figures).toEqual([]);
    expect(unread).toMatchObject([{ id: `${source}.csv:7` }]);
  });

  it('elections of one set-up are one figure with their spread', () => {
    const columns = { rtt_ms: '50', heartbeat_ms: '100', election_ms: '1000', fault: 'kill9' };
    const rows = ['1.2', '1.4', '1.6'].map((unavailable_s, index) => {
      return { source: 'e_etcd_election', line: 2 + index, columns: { ...columns, unavailable_s } };
    });
    const { figures } = familyOf('etcd').read(rows);
    expect(figures).toHaveLength(1);
    expect(figures[0].measured).toBeCloseTo(1.4, 9);
    expect(figures[0].spread).toBeCloseTo((1.96 * 0.2) / Math.sqrt(3), 6);
  });
});
