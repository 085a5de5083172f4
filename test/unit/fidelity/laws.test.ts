import { describe, expect, it } from 'vitest';
import { loadBackends } from '../../../src/experiment/load-data.js';
import { laws, parseLaw } from '../../../src/fidelity/families/laws.js';
import { mariaDbPrimitives } from '../../../src/fidelity/families/mariadb.js';
import { PROBES } from '../../../src/fidelity/probes/index.js';
import { lawOf } from '../../../src/fidelity/probes/law.js';
import type { ProbeParameters } from '../../../src/fidelity/probes/probe.js';

const context = { seed: 'test', backends: loadBackends() };

function read(law: string, n: string, formula: string) {
  return laws.read([{ source: 'fits', line: 3, columns: { law, n, formula } }]);
}

describe('laws of latency', () => {
  it('are read term by term', () => {
    expect(parseLaw('1.008*RTT_client + 1.001*RTT_replica + 0.36 ms')).toEqual([
      { name: 'RTT_client', value: 1.008 },
      { name: 'RTT_replica', value: 1.001 },
      { name: 'intercept', value: 0.36 },
    ]);
    expect(parseLaw('-0.002*RTT - 1.5 ms')?.map(({ value }) => value)).toEqual([-0.002, -1.5]);
    expect(parseLaw('about linear')).toBeUndefined();
    expect(parseLaw(undefined)).toBeUndefined();
  });

  it('are drawn through the points of another probe', () => {
    const law = lawOf({ plane: ({ a, b }) => ({ y: 2 * Number(a) + 3 * (b as number[])[1] + 5 }) });
    const axes: ProbeParameters[] = [
      { parameter: 'a', valuesMs: [0, 50] },
      { parameter: 'b', valuesMs: [0, 10, 100], copies: 2 },
    ];
    const values = law({ of: 'plane', fixed: {}, read: 'y', axes }, context);
    expect(values.slope0).toBeCloseTo(2, 9);
    expect(values.slope1).toBeCloseTo(3, 9);
    expect(values.intercept).toBeCloseTo(5, 6);
    expect(() => law({ of: 'cube', axes: [] }, context)).toThrow('no law is drawn');
  });

  it.each([
    ['MariaDB connect', 'mariadb', 1],
    ['Redis SET+WAIT 2 (pipelined)', 'redis', 2],
    ['etcd put leader remote (client on a member)', 'etcd', 1],
    ['Galera n=3 update (client on the node)', 'galera', 1],
    ['fetch 1M tls=1.3 rate=10 Mbit/s', 'tcp-fetch', 1],
    ['publish+confirm quorum_persistent', 'rabbitmq', 1],
    ['oslo cast: until the server method starts', 'rabbitmq', 2],
  ])('%s has %s behind it', (law, of, slopes) => {
    const terms = slopes === 2 ? '1*RTT_client + 1*RTT_replica' : '3*RTT';
    const { figures, unread, scenarios } = read(law, '7', `${terms} + 0.8 ms`);
    expect(unread).toEqual([]);
    expect(figures).toHaveLength(slopes + 1);
    const [setUp] = scenarios.values();
    expect(setUp).toMatchObject({ probe: 'law', parameters: { of } });
  });

  it('name leader and server of a cluster', () => {
    const law = 'cluster connect+declare_new_queue(process start included) quorum master@2 server@';
    const { scenarios } = read(law, '4', '10.9*RTT_internode + 33.9 ms');
    const [setUp] = scenarios.values();
    const fixed = { test: 'declare', queue: 'quorum', members: 3, leader: 1, serverMember: 0 };
    expect(setUp).toMatchObject({ parameters: { fixed, axes: [{ parameter: 'interRttMs' }] } });
  });

  it.each([
    ['Galera n=3 vacuum', '1.5*RTT + 1 ms', 'Galera n=3 vacuum'],
    ['oslo cast: time in the caller', '1*r_caller + 1 ms', 'round trips'],
    ['oslo RPC server process start (python too)', '12*r_server + 972 ms', 'starts of processes'],
    ['MariaDB vacuum', '1*RTT + 1 ms', 'MariaDB vacuum'],
    ['MariaDB select', 'linear', 'no law'],
    ['Redis SET+WAIT 2', '1*RTT + 1 ms', 'round trips'],
  ])('%s: %s is listed', (law, formula, reason) => {
    const { figures, unread } = read(law, '7', formula);
    expect(figures).toEqual([]);
    expect(unread).toMatchObject([{ id: 'fits.csv:3' }]);
    expect(unread[0].reason).toContain(reason);
  });

  it('are judged by their own interval where a fit hardly knows a coefficient', () => {
    const columns = { law: 'Redis set', n: '7', formula: '0.990*RTT + 2.04 ms' };
    const residuals = { max_abs_residual_ms: '2.66', r2: '0.999326' };
    const of = (more: object) =>
      laws.read([{ source: 'fits', line: 3, columns: { ...columns, ...more } }]).figures;
    const [slope, intercept] = of(residuals);
    expect(slope.spread).toBeCloseTo(0.03, 2);
    expect(slope.agrees).toBeUndefined();
    expect(intercept.spread).toBeGreaterThan(2);
    expect(intercept.agrees?.(0.4)).toBe(true);
    expect(intercept.agrees?.(5)).toBe(false);
    const [, unknown] = of({});
    expect(unknown.spread).toBeNaN();
    expect(unknown.agrees).toBeUndefined();
  });

  it('finds three round trips in a connection', () => {
    const { figures, scenarios } = read('MariaDB connect', '7', '3.006*RTT + 0.80 ms');
    const [setUp] = scenarios.values();
    if (!('probe' in setUp)) throw new Error('not a probe');
    const values = PROBES[setUp.probe](setUp.parameters, context);
    expect(values[String(figures[0].read)]).toBeCloseTo(3, 1);
  });
});

describe('calls over AMQP under loss', () => {
  it('are read and cost a round trip and a little, more with loss', () => {
    const means = [0, 0.03].map((loss) => {
      const columns = { what: 'amqp_rpc', rtt_ms: '50', loss: String(loss), connections: '20' };
      const row = { source: 'c_loss', line: 2, columns: { ...columns, p50: '51', mean: '53' } };
      const { figures, scenarios } = mariaDbPrimitives.read([row]);
      expect(figures.map(({ read: value }) => value)).toEqual(['p50', 'mean']);
      const [setUp] = scenarios.values();
      if (!('probe' in setUp)) throw new Error('not a probe');
      return PROBES[setUp.probe](setUp.parameters, context).mean;
    });
    expect(means[0]).toBeGreaterThan(50.3);
    expect(means[0]).toBeLessThan(51.5);
    expect(means[1]).toBeGreaterThan(means[0] + 8);
  });
});
