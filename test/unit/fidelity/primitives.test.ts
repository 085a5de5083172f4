import { describe, expect, it } from 'vitest';
import { loadBackends } from '../../../src/experiment/load-data.js';
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
    // So few events agree if as many simulated ones may come out like that.
    expect(figures[0].isOneLook).toBe(true);
    const many = [0, 1, 2].flatMap((copy) =>
      rows.map((row) => ({ ...row, line: row.line + 3 * copy })),
    );
    expect(familyOf('etcd').read(many).figures[0].isOneLook).toBeFalsy();
  });

  it('serializable gets that judge are one figure, their median', () => {
    const rows = [
      ['0', '9'],
      ['2', '0.3'],
      ['10', '0.6'],
      ['50', '3'],
    ].map(([rtt_ms, p50], index) => {
      const columns = { rtt_ms, op: 'getserial', leader: 'local', p50 };
      return { source: 'e_etcd_latency', line: 2 + index, columns };
    });
    const { figures } = familyOf('etcd').read(rows);
    expect(figures.map(({ role, measured }) => [role, measured])).toEqual([
      ['calibration', 9],
      ['judgement', 0.6],
    ]);
    expect(figures[1].note).toBe('median of 3 rows of 0.3 to 3 ms');
  });

  it('the ends of the axes of clients calibrate, what lies between judges', () => {
    const roleOf = (rtt_ms: string, clients: string) =>
      read('mariadb', 'a_mariadb_throughput', { rtt_ms, op: 'select', clients, p50: '1' })
        .figures[0].role;
    expect(['1', '8', '64'].map((clients) => roleOf('0', clients))).toEqual([
      'calibration',
      'judgement',
      'calibration',
    ]);
    expect(roleOf('50', '1')).toBe('judgement');
  });
});

describe('clients of MariaDB in a closed loop', () => {
  const context = { seed: 'test', backends: loadBackends() };
  const probe = (parameters: Record<string, number | string>) =>
    PROBES.mariadb({ op: 'select', clients: 1, ...parameters }, context);

  it('are bound by the round trip where there is one, and by two cores where there is none', () => {
    const far = probe({ rttMs: 50, clients: 16 });
    expect(far.p50).toBeGreaterThan(50.3);
    expect(far.p50).toBeLessThan(51);
    expect(far.rate).toBeCloseTo(16 / 0.0505, -1);
    const [some, many] = [16, 64].map((clients) => probe({ rttMs: 0, clients }));
    expect(many.rate / some.rate).toBeGreaterThan(0.9);
    expect(many.rate / some.rate).toBeLessThan(1.1);
    expect(many.mean / some.mean).toBeGreaterThan(3);
  });

  it('give way to other programs', () => {
    const alone = probe({ rttMs: 0, clients: 16 });
    const beside = probe({ rttMs: 0, clients: 16, otherCores: 1 });
    expect(beside.rate).toBeLessThan(0.95 * alone.rate);
  });

  it('give the same numbers for the same seed', () => {
    expect(probe({ rttMs: 0, clients: 4 })).toEqual(probe({ rttMs: 0, clients: 4 }));
  });
});

describe('elections of etcd', () => {
  it('keep the cluster away for about one and a third timeouts, longer with distance', () => {
    const context = { seed: 'test', backends: loadBackends() };
    const away = (rttMs: number) =>
      PROBES.etcd({ rttMs, heartbeatMs: 100, electionMs: 1000 }, context).unavailable;
    expect(away(0)).toBeGreaterThan(1.2);
    expect(away(0)).toBeLessThan(1.5);
    expect(away(150)).toBeGreaterThan(away(0) + 0.3);
  });
});
