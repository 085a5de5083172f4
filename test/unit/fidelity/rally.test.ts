import { describe, expect, it } from 'vitest';
import { rallyReports } from '../../../src/fidelity/families/rally.js';
import type { FigureRow } from '../../../src/fidelity/figure.js';
import { simulateRally } from '../../../src/fidelity/probes/rally.js';
import { loadRallyModel } from '../../../src/fidelity/rally/laboratories.js';

const model = loadRallyModel();

function row(
  metric: string,
  setup: string,
  system = 'Neutron Mitaka (Fuel), 200-node lab A',
): FigureRow {
  const columns = {
    id: 'RLY-9999',
    source: 'report.html',
    system,
    setup,
    metric,
    unit: 's',
    value: '1',
  };
  return { source: 'figures', line: 2, columns };
}

function setup(scenario: string, runner: object, iterations = 100): string {
  const text = `Rally ${scenario}, iterations=${iterations}, failed=0 runner=${JSON.stringify(runner)}`;
  return `3 controllers; ${text}`;
}

describe('rows of Rally reports', () => {
  it('name laboratory, load, action and statistic', () => {
    const load = setup('NeutronNetworks.create_and_list_ports', {
      type: 'constant',
      concurrency: 7,
    });
    const scenario = 'NeutronNetworks.create_and_list_ports';
    const { figures, unread, scenarios } = rallyReports.read([
      row(`${scenario}: neutron.create_port (12) median`, load),
      row(`${scenario}: throughput (iterations / load duration)`, load),
    ]);
    expect(unread).toEqual([]);
    expect(figures.map(({ read }) => read)).toEqual([
      'neutron.create_port (12) median',
      'throughput',
    ]);
    const [setUp] = scenarios.values();
    expect(setUp).toMatchObject({ parameters: { laboratory: 'lab A', concurrency: 7, rps: null } });
    // The rows number their repetitions up to 12, more than the recipe's 10.
    expect('parameters' in setUp && (setUp.parameters.calls as string[]).length).toBe(13);
  });

  it.each([
    [
      'an unknown laboratory',
      row('X: total mean', setup('Authenticate.keystone', { type: 'rps', rps: 5 }), 'my desk'),
    ],
    [
      'an unknown scenario',
      row('X: total mean', setup('Quotas.nova_update', { type: 'rps', rps: 5 })),
    ],
    ['an unknown runner', row('X: total mean', setup('Authenticate.keystone', { type: 'serial' }))],
    [
      'an unknown action',
      row('X: heat.create_stack mean', setup('Authenticate.keystone', { type: 'rps', rps: 5 })),
    ],
    ['no run', row('X: total mean', 'three racks')],
  ])('with %s are listed', (_, odd) => {
    const { figures, unread } = rallyReports.read([odd]);
    expect(figures).toEqual([]);
    expect(unread).toHaveLength(1);
    expect(unread[0].id).toBe('RLY-9999');
  });
});

describe('the stations of a laboratory', () => {
  const run = (parameters: object) =>
    simulateRally(
      model,
      {
        laboratory: 'Keystone on Kubernetes',
        calls: ['authenticate.keystone'],
        times: 4000,
        concurrency: null,
        rps: null,
        ...parameters,
      },
      'seed',
    );

  it('slow down as 1 / (1 - utilisation) at a rate', () => {
    const laboratory = model.laboratories.find(({ name }) => name === 'Keystone on Kubernetes');
    const demandS = model.actions['authenticate.keystone'].demand / (laboratory?.speed ?? 1);
    const servers = laboratory?.servers?.keystone ?? 0;
    // The stations are spread over by chance, so each sees a thinned stream: between D and M arrivals.
    const rps = (0.5 * servers) / demandS;
    const mean = run({ rps })['authenticate.keystone mean'];
    expect(mean).toBeGreaterThan(1.5 * demandS);
    expect(mean).toBeLessThan(2.2 * demandS);
  });

  it('give the same values again', () => {
    expect(run({ concurrency: 20 })).toEqual(run({ concurrency: 20 }));
  });

  it('fail what takes longer than its timeout', () => {
    const values = run({ calls: ['glance.create_image'], concurrency: 2000, times: 2000 });
    expect(values['total success']).toBeLessThan(100);
  });
});
