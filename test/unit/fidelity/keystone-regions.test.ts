import { describe, expect, it } from 'vitest';
import { keystoneRegions } from '../../../src/fidelity/families/keystone-regions.js';
import { readKeystoneRow } from '../../../src/fidelity/families/keystone-row.js';
import type { FigureRow } from '../../../src/fidelity/figure.js';

const SETUP =
  "Grid'5000 ecotype (2x 10-core E5-2630Lv4); Rally times=100 (10 for list_tenants, 20 for authenticate) concurrency=10.";
const ACTIONS = new Map([
  ['create-and-list-tenants', ['create_project', 'list_projects']],
  ['create-and-list-users', ['create_user', 'list_users']],
]);

function rowOf(columns: Record<string, string>): FigureRow {
  return {
    source: 'figures',
    line: 2,
    columns: {
      id: 'KEY-9999',
      system: 'Galera (replicated)',
      setup: `${SETUP} 9 OpenStack instances, homogeneous delay between all; HIGH load: one Rally per instance`,
      metric: 'create_and_list_users (%r 92.05): mean completion time of one iteration',
      unit: 's',
      value: '2',
      x_name: 'rtt_ms',
      x_value: '300',
      ...columns,
    },
  };
}

describe('rows of Keystone regions', () => {
  it('takes the set-up from the columns', () => {
    const read = readKeystoneRow(rowOf({}), ACTIONS);
    expect(read).toMatchObject({
      setUp: {
        operation: 'create-and-list-users',
        backend: 'galera',
        instances: 9,
        distances: { insideMs: 300, betweenMs: 300, groups: 1 },
        rallies: 9,
        concurrency: 10,
        times: 100,
        cores: 20,
      },
      load: 'high',
      metric: { kind: 'iteration' },
    });
  });

  it('takes another number of instances, load, database and action', () => {
    const read = readKeystoneRow(
      rowOf({
        system: 'MariaDB (central)',
        setup: `${SETUP} LAN (0.08 ms RTT); LIGHT load: one Rally on one instance; (+-0.0006 s per pixel)`,
        metric: 'create_and_list_tenants (%r 92.12): mean time of keystone_v3.list_projects',
        x_name: 'n_instances',
        x_value: '27',
      }),
      ACTIONS,
    );
    expect(read).toMatchObject({
      setUp: { backend: 'mariadb', instances: 27, rallies: 1, times: 10 },
      load: 'light',
      metric: { kind: 'action', action: 'list_projects' },
      resolution: 0.0006,
    });
  });

  it('places the copies of ranges by zone', () => {
    const read = readKeystoneRow(
      rowOf({
        system: 'CockroachDB (global)',
        setup: `${SETUP} 9 instances in 3 groups of 3: delay parameter 10 (20 ms RTT) inside a group; inter-group RTT: the text says "e.g. 150 ms", but the Galera values match the homogeneous 300 ms RTT run; light load`,
        x_name: 'replica_zones',
        x_value: 'Z1Z1Z3',
      }),
      ACTIONS,
    );
    expect(read).toMatchObject({
      setUp: {
        distances: { betweenMs: 300, groups: 3 },
        databaseSettings: { 'range-replicas': '1,2,7', leases: 'first' },
      },
      printedBetweenMs: 150,
      printedInsideMs: 20,
    });
  });

  it.each([
    [{ system: 'PostgreSQL' }, /no backend for the system "PostgreSQL"/],
    [{ metric: 'create_universe: mean completion time' }, /no footprint/],
    [{ metric: 'create_and_list_users: temperature' }, /no model of the metric/],
    [{ metric: 'create_and_list_users: mean time of keystone_v3.dance' }, /no action "dance"/],
    [{ x_value: 'many' }, /rtt_ms is "many"|9 instances/],
    [{ setup: '' }, /names no load/],
    [{ value: '' }, /value is ""/],
  ])('lists a row with %o', (columns, reason) => {
    const { figures, unread } = keystoneRegions.read([rowOf(columns as Record<string, string>)]);
    if (figures.length > 0) return;
    expect(unread).toEqual([{ id: 'KEY-9999', reason: expect.stringMatching(reason) }]);
  });

  it('judges failures, deviations and what a pixel hides by agreement', () => {
    const { figures } = keystoneRegions.read([
      rowOf({}),
      rowOf({ metric: 'create_and_list_users: failure rate', unit: 'fraction', value: '0' }),
      rowOf({ setup: `${rowOf({}).columns.setup} (+-0.9 s per pixel)` }),
    ]);
    expect(figures.map(({ agrees }) => agrees?.(0.05))).toEqual([undefined, true, false]);
  });
});
