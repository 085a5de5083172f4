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

  it('take their interval from their iterations, or from further runs of the same load', () => {
    const scenario = 'Authenticate.keystone';
    const load = setup(scenario, { type: 'rps', rps: 120 }, 400);
    const again = load.replace(scenario, `${scenario} [2]`);
    const of = (statistic: string, value: string, text: string) => {
      const one = row(`${scenario}: authenticate.keystone ${statistic}`, text);
      return { ...one, columns: { ...one.columns, value } };
    };
    const alone = [of('median', '0.2', load), of('95th percentile', '0.3645', load)];
    const spreads = (rows: FigureRow[]) =>
      rallyReports.read(rows).figures.map(({ spread }) => spread);
    // A deviation of 0.1 over 400 iterations: 1.96 * 1.253 * 0.1 / 20.
    expect(spreads(alone)[0]).toBeCloseTo(0.0123, 4);
    expect(spreads([...alone, of('median', '0.4', again)])[0]).toBeCloseTo(0.1, 9);
    expect(spreads([of('mean', '0.2', load)])[0]).toBeNaN();
    expect(spreads([of('success', '90', load)])[0]).toBeCloseTo(2.94, 2);
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
    const servers = laboratory?.stations?.keystone?.servers ?? 0;
    // The stations are spread over by chance, so each sees a thinned stream: between D and M arrivals.
    const rps = (0.5 * servers) / demandS;
    const mean = run({ rps })['authenticate.keystone mean'];
    expect(mean).toBeGreaterThan(1.5 * demandS);
    expect(mean).toBeLessThan(2.2 * demandS);
  });

  it('let a cooperative process make requests wait for a long list', () => {
    const parameters = {
      laboratory: 'lab B',
      calls: ['neutron.create_subnet', 'neutron.list_subnets'],
      concurrency: 50,
    };
    const short = run({ ...parameters, times: 100 });
    const long = run({ ...parameters, times: 8000 });
    const tail = (values: ReturnType<typeof run>) =>
      values['neutron.create_subnet 95th percentile'] / values['neutron.create_subnet median'];
    expect(tail(long)).toBeGreaterThan(1.5 * tail(short));
  });

  it('see the end of an action when Rally looks', () => {
    const poll = { after: 2, every: 3 };
    const waiting = structuredClone(model);
    const action = { station: 'cinder', demand: 0.001, wait: 2.5, poll, timeout: 60 };
    waiting.actions['cinder.create_volume'] = action;
    const parameters = {
      laboratory: 'lab A',
      calls: ['cinder.create_volume'],
      times: 50,
      concurrency: 1,
      rps: null,
    };
    const values = simulateRally(waiting, parameters, 'seed');
    expect(values['total median']).toBeGreaterThan(5);
    expect(values['total median']).toBeLessThan(5.01);
  });

  it('begin a share of requests again', () => {
    const retrying = structuredClone(model);
    const retry = { share: 0.2, pause: 10 };
    const action = { station: 'cinder', demand: 0.001, retry, timeout: 60 };
    retrying.actions['cinder.create_volume'] = action;
    const parameters = {
      laboratory: 'lab A',
      calls: ['cinder.create_volume'],
      times: 4000,
      concurrency: 1,
      rps: null,
    };
    const values = simulateRally(retrying, parameters, 'seed');
    // 0.2 / (1 - 0.2) pauses a request at the mean.
    expect(values['total mean']).toBeGreaterThan(2.2);
    expect(values['total mean']).toBeLessThan(2.8);
    expect(values['total median']).toBeLessThan(0.1);
  });

  it('give the same values again', () => {
    expect(run({ concurrency: 20 })).toEqual(run({ concurrency: 20 }));
  });

  it('fail what takes longer than its timeout', () => {
    const values = run({ calls: ['glance.create_image'], concurrency: 2000, times: 2000 });
    expect(values['total success']).toBeLessThan(100);
  });
});
