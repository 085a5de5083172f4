import { describe, expect, it } from 'vitest';
import { enos } from '../../../src/fidelity/families/enos.js';
import { facts, middleOf } from '../../../src/fidelity/families/facts.js';
import { deviationAgrees, pathOf, wanWide } from '../../../src/fidelity/families/wan-wide.js';
import type { FigureRow } from '../../../src/fidelity/figure.js';
import { idleCloud } from '../../../src/fidelity/probes/idle-cloud.js';
import type { ProbeContext } from '../../../src/fidelity/probes/probe.js';
import { serviceDown } from '../../../src/fidelity/probes/service-down.js';
import { tenantPath } from '../../../src/fidelity/probes/tenant-path.js';
import { wanWide as wanWideProbe } from '../../../src/fidelity/probes/wan-wide.js';

const context: ProbeContext = { seed: 'test/1', backends: {} };

function row(columns: Record<string, string>): FigureRow {
  return { source: 'figures', line: 2, columns: { id: 'X-0001', value: '1', ...columns } };
}

describe('rows of Rally over a WAN', () => {
  const boot = 'Boot & Delete Server: mean completion time';

  it('take any round-trip time and testbed; another testbed judges', () => {
    const at = (setup: string) =>
      row({ metric: boot, x_name: 'rtt_ms', x_value: '100', setup: `times=20; testbed ${setup}` });
    const { figures, scenarios } = wanWide.read([at('parasilo'), at('elsewhere')]);
    expect(figures.map(({ role }) => role)).toEqual(['calibration', 'judgement']);
    expect([...scenarios.values()]).toEqual([
      { probe: 'wan-wide', parameters: { scenario: boot, rttsMs: [100] } },
    ]);
  });

  it('without a round-trip time, with a word for a value or of an unknown scenario are listed', () => {
    const { figures, unread } = wanWide.read([
      row({ metric: boot }),
      row({ metric: boot, x_value: '20', value: 'soon' }),
      row({ metric: 'Resize Server: mean completion time', x_name: 'rtt_ms', x_value: '20' }),
    ]);
    expect(figures).toEqual([]);
    expect(unread).toHaveLength(3);
  });

  it('agree on a deviation that twenty runs could have shown', () => {
    const agrees = deviationAgrees(1, 20);
    expect([0.75, 0.77, 1.45, 1.47].map(agrees)).toEqual([false, true, true, false]);
  });
});

describe('Rally over a WAN', () => {
  it('takes a round trip longer for each exchange', () => {
    const scenario = 'Boot & Delete Server';
    const { slope, intercept } = wanWideProbe({ scenario, rttsMs: [0, 50, 100] }, context);
    expect(slope).toBeCloseTo(86, 0);
    expect(intercept).toBeGreaterThan(14);
  });

  it('leaves calls of Neutron alone', () => {
    const { slope } = wanWideProbe(
      { scenario: 'Create & Delete Networks', rttsMs: [0, 200] },
      context,
    );
    expect(slope).toBeCloseTo(0, 6);
  });
});

describe("tenants' traffic", () => {
  it('crosses the WAN twice by a central router and not by a distributed one', () => {
    const metric = 'L3 Full East/West: mean ping between VMs';
    expect(pathOf('Neutron data plane, central L3', metric).crossings).toBe(2);
    expect(pathOf('Neutron data plane, DVR', metric).crossings).toBe(0);
    expect(pathOf('Neutron data plane, central L3', 'L2 Full: mean ping').crossings).toBe(0);
  });

  it('is held back by the window of TCP', () => {
    const { received } = tenantPath({ rttMs: 100, crossings: 1, queue: 'none' }, context);
    expect(received).toBeLessThan((8 * 3145728) / 0.1 / 1e6);
    expect(received).toBeGreaterThan(200);
  });
});

describe('an idle Mitaka', () => {
  it('takes any component and number of computes, and thousands as printed', () => {
    const connections = {
      metric: 'max simultaneous open connections, idle (Table III)',
      unit: 'thousands (as printed)',
      x_name: 'n_compute',
      x_value: '500',
    };
    const { figures } = enos.read([
      row({ ...connections, system: 'RabbitMQ', value: '7' }),
      row({ ...connections, system: 'MariaDB', value: '110' }),
    ]);
    expect(figures.map(({ measured, role }) => [measured, role])).toEqual([
      [7000, 'judgement'],
      [110, 'judgement'],
    ]);
  });

  it('lists what the model does not have', () => {
    const { figures, unread } = enos.read([
      row({ system: 'Cinder', metric: 'mean CPU usage', x_name: 'n_compute', x_value: '100' }),
      row({ system: 'HAProxy', metric: 'connections', x_name: 'n_compute', x_value: '100' }),
      row({ system: 'MariaDB', metric: 'mean SELECT queries per second', x_name: 'n_compute' }),
    ]);
    expect(figures).toEqual([]);
    expect(unread).toHaveLength(3);
  });

  it('makes the statements of its periodic tasks', () => {
    const none = idleCloud({ computes: 0 }, context);
    const { updates, selects } = idleCloud({ computes: 60 }, context);
    // Nova's report, the node's resources, and the agent's report.
    expect(updates - none.updates).toBeCloseTo(60 * (1 / 10 + 1 / 60 + 1 / 30), 6);
    expect(selects - none.selects).toBeGreaterThan(2 * (updates - none.updates));
  });

  it('fills the ring of write sets and stops there', () => {
    const [few, more, most] = [100, 500, 1000].map(
      (computes) => idleCloud({ computes }, context)['maria|mysql memory'],
    );
    expect(more).toBeGreaterThan(few);
    expect(most).toBe(more);
  });
});

describe('facts', () => {
  it.each([
    ['70-80', 75],
    ['~60', 60],
    ['4.92', 4.92],
    ['thousands', Number.NaN],
    ['500+', Number.NaN],
  ])('read %s', (text, value) => expect(middleOf(text)).toBe(value));

  it('ask for round trips over cables and for a compute cut off; the rest is listed', () => {
    const { figures, unread } = facts.read([
      row({ id: 'NET-0099', system: 'A-B (1000 km)', metric: 'typical real RTT', value: '10-14' }),
      row({ id: 'SPL-0099', metric: 'time until reported down', value: '~60' }),
      row({ id: 'FRA-0099', metric: 'sites', value: '17' }),
    ]);
    expect(figures.map(({ measured }) => measured)).toEqual([12, 60]);
    expect(unread).toHaveLength(1);
  });

  it('find a compute down a report interval at most before service_down_time is over', () => {
    const { down } = serviceDown({}, context);
    expect(down).toBeGreaterThan(50);
    expect(down).toBeLessThan(61);
  });
});
