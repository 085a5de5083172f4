import { describe, expect, it } from 'vitest';
import { ic2e } from '../../../src/fidelity/families/ic2e.js';
import { figuresOf } from '../../../src/fidelity/read-figures.js';

function read(columns: Record<string, string>) {
  return ic2e.read([{ source: 'figures', line: 2, columns: { id: 'IC2E-9999', ...columns } }]);
}

const MULTI = {
  system: 'Nova, MySQL+Galera (active/active, 1 DB node per site)',
  setup:
    '6 emulated sites; per site 1 controller + 5 compute; inter-site latency 50 ms set with tc',
  metric: 'time to create 400 VMs (Fig. 9, data labels)',
  unit: 's',
  value: '812',
  x_name: 'n_sites;inter_site_latency_ms',
  x_value: '6;50',
};

describe('rows of IC2E 2017', () => {
  it('give the set-up', () => {
    const { figures, scenarios, unread } = read(MULTI);
    expect(unread).toEqual([]);
    const [figure] = figures;
    expect(figure).toMatchObject({ measured: 812, role: 'judgement', read: 'createS' });
    const setUp = scenarios.get(figure.scenario);
    expect(setUp).toMatchObject({
      probe: 'nova-burst',
      parameters: {
        backend: 'galera',
        sites: 6,
        latencyMs: 25,
        databaseNodes: 6,
        copies: 0,
        computesPerSite: 5,
        servers: 400,
      },
    });
    const other = scenarios.get(figure.otherReading?.scenario ?? '');
    expect(other).toMatchObject({ parameters: { latencyMs: 50 } });
  });

  it('take sites and latency from the set-up where the axes say nothing', () => {
    const { scenarios } = read({ ...MULTI, x_name: '', x_value: '' });
    expect([...scenarios.values()][0]).toMatchObject({ parameters: { sites: 6, latencyMs: 25 } });
  });

  it.each(['*', 'failed', 'timeout'])('with the value "%s" are judged by agreement', (value) => {
    const [figure] = read({ ...MULTI, value }).figures;
    expect(figure.read).toBe('failed');
    expect(figure.agrees?.(0.2)).toBe(true);
    expect(figure.agrees?.(0)).toBe(false);
  });

  it.each([
    [{ value: '' }, 'the value is ""'],
    [{ value: '>100', metric: 'expected latency' }, 'a bound of the target infrastructure'],
    [{ system: 'Nova', metric: 'time to create' }, 'no known database'],
    [{ metric: 'colour' }, 'no simulated value for the metric "colour"'],
    [{ setup: '', x_name: '', x_value: '' }, 'neither one site nor a number of sites'],
  ])('that are odd are listed: %j', (columns, reason) => {
    const { figures, unread } = read({ ...MULTI, ...columns });
    expect(figures).toEqual([]);
    expect(unread[0].reason).toContain(reason);
  });

  it.each([
    ['4 nodes', 4, 0],
    ['4 nodes + repl', 4, 1],
    ['1 node', 1, 0],
  ])('with %s have so many nodes and copies', (x_value, databaseNodes, copies) => {
    const setup = 'mono-site: 1 cluster, 1 controller + 6 compute nodes';
    const columns = { ...MULTI, system: 'ROME/Redis', setup, x_name: 'db_backend', x_value };
    const [setUp] = read(columns).scenarios.values();
    expect(setUp).toMatchObject({ parameters: { sites: 1, databaseNodes, copies } });
  });

  it('name the nodes of a key/value store in the system too', () => {
    const [setUp] = read({
      system: 'Nova, ROME+Redis (4 nodes + 1 replica)',
      setup: 'mono-site: 1 cluster, 1 controller + 6 compute nodes; burst creation of 500 VMs',
      metric: 'traffic entering database nodes, by origin (Fig. 8)',
      unit: 'MB',
      value: '700',
      x_name: 'origin',
      x_value: 'compute',
    }).scenarios.values();
    expect(setUp).toMatchObject({ parameters: { sites: 1, databaseNodes: 4, copies: 1 } });
  });

  it('calibrate by at most a third', () => {
    const rows = figuresOf('test/fidelity/figures/figures/ic2e.csv', 'figures').byFamily.get(ic2e);
    const { figures } = ic2e.read(rows ?? []);
    const calibrating = figures.filter(({ role }) => role === 'calibration');
    expect(figures.length).toBe(57);
    expect(calibrating.length).toBeLessThanOrEqual(figures.length / 3);
  });
});
