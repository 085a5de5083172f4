import { describe, expect, it } from 'vitest';
import { galeraPublished } from '../../../src/fidelity/families/galera-published.js';
import { sysbench as family } from '../../../src/fidelity/families/sysbench.js';
import type { FigureRow } from '../../../src/fidelity/figure.js';
import type { ProbeSetUp } from '../../../src/fidelity/probes/probe.js';
import { sysbench } from '../../../src/fidelity/probes/sysbench.js';

function row(columns: Record<string, string>): FigureRow {
  return { source: 'figures', line: 2, columns: { id: 'DB-9', value: '1', ...columns } };
}

const system = 'MariaDB + Galera, clients direct to one node';

describe('rows of sysbench', () => {
  it('are read at any number of threads', () => {
    const columns = { system, setup: 'Sysbench (about 21 queries per transaction)' };
    const { figures, scenarios } = family.read([
      row({ ...columns, metric: 'queries', x_name: 'threads', x_value: '100' }),
      row({ ...columns, metric: 'transactions', x_name: 'threads', x_value: '100' }),
    ]);
    const [queries, transactions] = figures.map(({ scenario, read }) => {
      const { parameters } = scenarios.get(scenario) as ProbeSetUp;
      return sysbench(parameters, { seed: '1', backends: {} })[read as string];
    });
    expect(queries / transactions).toBeCloseTo(21, 9);
    expect(transactions).toBeGreaterThan(4911);
    expect(transactions).toBeLessThan(5872);
  });

  it('are listed where nothing is known', () => {
    const { unread } = family.read([
      row({ system: 'abacus', metric: 'queries', x_name: 'threads', x_value: '1' }),
      row({ system, metric: 'max latency of a transaction', x_name: 'threads', x_value: '1' }),
    ]);
    expect(unread).toHaveLength(2);
  });
});

describe('published rows of Galera', () => {
  it('place members in regions', () => {
    const columns = { metric: 'time', unit: 'ms', x_name: 'rtt_ms', x_value: '80' };
    const { scenarios } = galeraPublished.read([
      row({ ...columns, system: 'PXC/Galera, 2+1 nodes over two regions' }),
    ]);
    const [{ parameters }] = [...scenarios.values()] as ProbeSetUp[];
    expect(parameters).toMatchObject({ members: 3, rttsMs: [0.5, 80, 80] });
  });
});
