import { describe, expect, it } from 'vitest';
import { galera } from '../../../src/fidelity/families/galera.js';
import type { FigureRow } from '../../../src/fidelity/figure.js';
import type { ProbeSetUp } from '../../../src/fidelity/probes/probe.js';

function row(source: string, columns: Record<string, string>): FigureRow {
  return { source, line: 7, columns };
}

function only(source: string, columns: Record<string, string>) {
  const { figures, scenarios, unread } = galera.read([row(source, columns)]);
  const setUp = [...scenarios.values()][0] as ProbeSetUp;
  return { figures, parameters: setUp?.parameters, unread };
}

describe('rows of Galera', () => {
  it('name members, round trips and clients of any size', () => {
    const { figures, parameters } = only('b_galera_throughput_bigwindow', {
      nodes: '7',
      rtt_ms: '20',
      placement: 'spread',
      clients: '16',
      p50: '30',
    });
    expect(figures).toHaveLength(1);
    expect(parameters).toMatchObject({ members: 7, rttsMs: [20.07], window: 512 });
    const counts = (parameters.clients as unknown as { count: number }[]).map(({ count }) => count);
    expect(counts).toEqual([3, 3, 2, 2, 2, 2, 2]);
  });

  it('may name a round trip for each pair', () => {
    const columns = { nodes: '3', op: 'update', client_node: '2', clients: '1', p50: '99' };
    const names = ['10/50/100', 'tri 10-50-100', 'r12=10;r13=50;r23=100'];
    for (const rtt_ms of names) {
      const { parameters } = only('b_galera_latency', { ...columns, rtt_ms });
      expect(parameters.rttsMs).toEqual([10.07, 50.07, 100.07]);
    }
    const { unread } = only('b_galera_latency', { ...columns, rtt_ms: 'far' });
    expect(unread).toHaveLength(1);
  });

  it('are listed where nobody understands them', () => {
    const { unread } = galera.read([
      row('b_galera_latency', { nodes: '3', rtt_ms: '10', op: 'vacuum', p50: '1' }),
      row('b_galera_faults', { nodes: '3', rtt_ms: '10', fault: 'link' }),
      row('b_galera_conflicts', { nodes: 'x', rtt_ms: '10', op: 'hot' }),
    ]);
    expect(unread.map(({ id }) => id)).toHaveLength(3);
  });

  it('judge rare failures by whether they are rare', () => {
    const { figures } = only('b_galera_conflicts', {
      nodes: '3',
      rtt_ms: '10',
      op: 'hottxn',
      hot_rows: '100',
      clients_per_node: '1',
      count: '706',
      rate: '176',
      deadlocks: '10',
      failures_per_success: '0.0142',
    });
    expect(figures.map(({ agrees }) => agrees?.(0.02))).toEqual([undefined, true]);
  });
});
