import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/experiment/results.js';
import { zedRate } from '../../../src/fidelity/families/zed-rate.js';
import { zedScale } from '../../../src/fidelity/families/zed-scale.js';
import { zedWan } from '../../../src/fidelity/families/zed-wan.js';

const row = (source: string, columns: Record<string, string>) => ({ source, line: 2, columns });

describe('rows of the Zed laboratory', () => {
  it('judges idle bytes as one look', () => {
    const columns = { run: '1', placement: 'P2', rtt_ms: '25', op: 'idle_bytes_per_min', n: '1' };
    const { figures } = zedWan.read([row('wan', { ...columns, wan_bytes_per_op: '30000' })]);
    expect(figures[0]).toMatchObject({ isOneLook: true, measured: 30000 });
  });

  it('judges bytes over the WAN beside the time, by agreement where idle load hides them', () => {
    const columns = { run: '1', placement: 'P2', rtt_ms: '25', n: '10', p50: '1', mean_ms: '2000' };
    const { figures, scenarios } = zedWan.read([
      row('wan', { ...columns, op: 'server_create_active', wan_bytes_per_op: '180000' }),
      row('wan', { ...columns, op: 'server_list_10', wan_bytes_per_op: '-300' }),
      row('wan', { ...columns, op: 'server_create_202', wan_bytes_per_op: '0' }),
      row('wan', { ...columns, op: 'image_list' }),
      row('wan', { ...columns, placement: 'P0', op: 'image_list', wan_bytes_per_op: '0' }),
    ]);
    const bytes = figures.filter(({ unit }) => unit === 'B');
    expect(figures).toHaveLength(7);
    expect(bytes.map(({ metric }) => metric)).toEqual([
      'P2 RTT 25: server_create_active bytes',
      'P2 RTT 25: server_list_10 bytes',
    ]);
    expect(bytes[0].agrees).toBeUndefined();
    expect(bytes[1].agrees?.(0)).toBe(true);
    expect(bytes[1].agrees?.(1e6)).toBe(false);
    for (const { scenario } of figures) expect(scenarios.has(scenario)).toBe(true);
  });

  it('repeats an operation before it turns to the next, and creates and deletes in turn', () => {
    const columns = { run: '1', placement: 'P2', rtt_ms: '25', op: 'image_list', n: '5', p50: '1' };
    const { figures, scenarios } = zedWan.read([row('wan', columns)]);
    const planned = scenarios.get(figures[0].scenario);
    if (!planned || !('workload' in planned)) throw new Error('no scenario');
    const names = planned.workload[0].mix.map(({ operation }) => operation);
    expect(names.filter((name, i) => name !== names[i - 1]).slice(0, 6)).toEqual([
      ...['token-issue', 'image-list', 'server-list'],
      ...['server-create', 'server-delete', 'server-create'],
    ]);
  });

  it('takes the mean where there is no median, and lists rows without a value or a round-trip time', () => {
    const columns = { run: '1', placement: 'P2', op: 'image_list', p50: '' };
    const { figures, unread } = zedWan.read([
      row('wan', { ...columns, rtt_ms: '25', mean_ms: '9' }),
      row('wan', { ...columns, rtt_ms: '25', mean_ms: '' }),
      row('wan', { ...columns, rtt_ms: '', mean_ms: '9' }),
    ]);
    expect(figures.map(({ measured }) => measured)).toEqual([9]);
    expect(unread.map(({ reason }) => reason)).toEqual(['no p50', 'rtt_ms is ""']);
  });

  it('lists a placement that it cannot rebuild', () => {
    const { figures, unread } = zedWan.read([
      row('wan', { run: '1', placement: 'P99', rtt_ms: '10', op: 'image_list', p50: '1' }),
    ]);
    expect(figures).toHaveLength(0);
    expect(unread).toHaveLength(1);
  });

  it('adds both directions of the WAN and lists columns without a model', () => {
    const { figures, unread } = zedScale.read([
      row('scale', {
        run: '2',
        computes: '5',
        wan_tx_bytes_per_min_per_compute: '30000',
        wan_rx_bytes_per_min_per_compute: '13000',
        rmq_channels: '41',
        mysql_threads: '50',
      }),
    ]);
    expect(figures.map(({ measured }) => measured)).toEqual([43000, 41]);
    expect(unread.map(({ id }) => id)).toEqual(['scale.csv:2 mysql_threads']);
  });

  it('judges CPU of a few ticks by agreement, and every number of computes but the one fitted to', () => {
    const cpu = { run: '2', secs: '60', cpu_scheduler: '0.0005', cpu_conductor: '0.02' };
    const { figures } = zedScale.read([
      row('scale', { ...cpu, computes: '50' }),
      row('scale', { ...cpu, computes: '25' }),
    ]);
    const roles = figures.map(({ role }) => role);
    expect(roles).toEqual(['judgement', 'judgement', 'calibration', 'calibration']);
    const [conductor, scheduler] = figures;
    expect(conductor.agrees).toBeUndefined();
    expect(scheduler.agrees?.(0.0008)).toBe(true);
    expect(scheduler.agrees?.(0.001)).toBe(false);
  });

  it('judges what a start costs where computes were started, from its trace', () => {
    const starts = { run: '2', computes: '25', startup_msgs_per_compute: '49' };
    const started = { startup_wall_s: '47.7', startup_cpu_compute_s: '2.6' };
    const { figures, unread } = zedScale.read([
      row('scale', { ...starts, ...started }),
      row('scale', { ...starts, startup_wall_s: '1.1', startup_cpu_compute_s: '0' }),
    ]);
    expect(figures.map(({ role }) => role)).toEqual(['judgement', 'judgement']);
    expect(unread.map(({ reason }) => reason)).toContain('no compute was started');
    // 28.5 of its own, and 3.18 s of what 17.5 of 25 computes send.
    const result = { components: [{ kind: 'broker', ratePerS: 10 }] } as unknown as RunResult;
    const { read } = figures[0];
    expect(typeof read === 'function' && read(result)).toBeCloseTo(28.5 + 3.18 * 10 * 0.7, 9);
  });

  it('divides CPU among services, with or without the arrivals of the run', () => {
    const columns = { run: '2', rate: '0.4', window_s: '90', creates: '36', cpu_s_window: '30' };
    const { figures, unread, scenarios } = zedRate.read([
      row('rate_cpu', { ...columns, service: 'neutron' }),
      row('rate_cpu', { ...columns, service: 'memcached-key' }),
      row('rate_cpu', { ...columns, service: 'cmp1', creates: '' }),
    ]);
    expect(figures.map(({ metric }) => metric)).toEqual(['0.4 creates/s: CPU of neutron']);
    expect(unread).toHaveLength(2);
    expect(scenarios.size).toBe(1);
  });

  it('judges every rate', () => {
    const { figures } = zedRate.read([
      row('rate', {
        run: '2',
        rate: '0.4',
        t_start: '1',
        latency_s: '2',
        t_202_s: '0.2',
        status: 'active',
      }),
    ]);
    expect(figures.map(({ role }) => role)).toEqual(['judgement', 'judgement']);
  });

  it('keeps the arrival of a request that failed, and no latency of it', () => {
    const columns = { run: '2', rate: '0.8', t_202_s: '0.2' };
    const { figures, unread, scenarios } = zedRate.read([
      row('rate', { ...columns, t_start: '2', latency_s: '3', status: 'active' }),
      row('rate', { ...columns, t_start: '1', latency_s: '99', status: 'error' }),
      row('rate', { ...columns, t_start: '', latency_s: '3', status: 'active' }),
    ]);
    expect(figures.map(({ measured }) => measured)).toEqual([3, 0.2]);
    expect(unread).toHaveLength(2);
    const [scenario] = scenarios.values();
    expect(scenario).toMatchObject({
      workload: [{ arrivals: { type: 'times', timesMs: [31_000, 32_000] } }],
    });
  });
});
