import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { comparedCounts, comparedSlopes } from '../../../scripts/footprints/compare.js';
import { fitCpu } from '../../../scripts/footprints/fit-cpu.js';
import { loadFootprints } from '../../../scripts/footprints/load-footprints.js';
import { cpuRows, idleWork } from '../../../scripts/footprints/measured-cpu.js';
import { nonNegativeLeastSquares } from '../../../scripts/footprints/non-negative-least-squares.js';
import { cpuMsOf, RecipeCounter, sumOf } from '../../../scripts/footprints/recipe-counts.js';
import { ALONE } from '../../../scripts/footprints/recipe-state.js';
import { generatedTables, withTables } from '../../../scripts/footprints/tables.js';
import { ReleaseCompiler } from '../../../src/operations/compile-release.js';
import { serviceNeeds } from '../../../src/operations/service-needs.js';
import { parseDuration } from '../../../src/units/index.js';

const footprints = loadFootprints('zed');
const services = [...footprints.services.values()];

/** What the recipe is known to do otherwise; each with its reason in docs/models/footprints.md. */
const KNOWN_DIFFERENCES: readonly string[] = [
  // The subnets, read once more for a port in run 2.
  'server-create, events_s2_fake_create.csv: neutron',
  // The host mapping, read by the scheduler in some traces.
  'server-create, events_fake_create.csv: nova_api',
  'server-boot, events_lab_create.csv: nova_api',
  // The trace ends before the handler of its event.
  'server-delete, events_nomwcache_delete.csv: nova',
  'server-delete, events_nomwcache_delete.csv: RPC calls',
];

const counted = comparedCounts(footprints).flatMap(({ operation, trace, figures }) =>
  figures.map(
    ([name, traced, recipe]) => [`${operation}, ${trace}: ${name}`, traced, recipe] as const,
  ),
);

describe('the footprints of Zed', () => {
  it.each(services.map((service) => [service.service, service] as const))(
    '%s has a source for every procedure and task',
    (_, { procedures, 'periodic-tasks': tasks }) => {
      for (const { source } of [...Object.values(procedures), ...Object.values(tasks ?? {})])
        expect(source).toMatch(/events_|seq_|foot_/);
    },
  );

  it('are all nine services', () => {
    expect([...footprints.services.keys()]).toEqual([
      'glance-api',
      'keystone',
      'neutron-agent',
      'neutron-server',
      'nova-api',
      'nova-compute',
      'nova-conductor',
      'nova-scheduler',
      'placement-api',
    ]);
  });

  it('compile and link', () => {
    const release = new ReleaseCompiler(services, footprints.operations).compile();
    const names = Object.keys(footprints.operations.operations);
    expect(release.operations.map(({ name }) => name)).toEqual(names);
  });

  it('tell which roles each service calls', () => {
    const needs = serviceNeeds(services);
    expect([...needs.get('nova-scheduler')!.calls]).toEqual(['placement-api']);
    expect([...needs.get('nova-compute')!.calls].sort()).toEqual([
      'glance-api',
      'neutron-server',
      'nova-conductor',
      'nova-scheduler',
      'placement-api',
    ]);
    expect(needs.get('nova-conductor')!.bus).toBe(true);
    expect(needs.get('keystone')!.bus).toBe(false);
  });

  it('send what nobody subscribes to by fanout alone', () => {
    const unheard = services.flatMap(({ service, procedures }) =>
      Object.entries(procedures)
        .filter(([, { subscribers }]) => subscribers === 'none')
        .map(([procedure]) => `"${service}","procedure":"${procedure}"`),
    );
    expect(unheard.length).toBeGreaterThan(0);
    const text = JSON.stringify(services);
    for (const call of unheard) {
      expect(text).toContain(`"rpc-fanout":{"to":${call}}`);
      expect(text).not.toContain(`"rpc-call":{"to":${call}}`);
      expect(text).not.toContain(`"rpc-cast":{"to":${call}}`);
    }
  });
});

describe('a recipe counts what was traced', () => {
  const bytes = counted.filter(([name]) => name.endsWith('AMQP bytes'));
  const counts = counted.filter(([name]) => !name.endsWith('AMQP bytes'));

  it.each(counts.filter(([name]) => !KNOWN_DIFFERENCES.includes(name)))(
    '%s',
    (_, traced, recipe) => {
      expect(Math.abs(recipe - traced)).toBeLessThanOrEqual(1);
    },
  );

  it.each(counts.filter(([name]) => KNOWN_DIFFERENCES.includes(name)))(
    '%s, but for a known difference',
    (_, traced, recipe) => {
      expect(recipe).not.toBe(traced);
      expect(Math.abs(recipe - traced)).toBeLessThanOrEqual(24);
    },
  );

  it.each(bytes)('%s, within a tenth', (_, traced, recipe) => {
    expect(Math.abs(recipe - traced)).toBeLessThanOrEqual(0.1 * traced);
  });

  it('a create and a delete among other servers, as 20 of them did on average', () => {
    const create = { ...ALONE, serversOnHost: 14.7 };
    expect(sumOf(RecipeCounter.operation(footprints, 'server-create', create).rest)).toBeCloseTo(
      43.1,
      0,
    );
    const remove = { ...ALONE, serversOnHost: 13.4 };
    expect(sumOf(RecipeCounter.operation(footprints, 'server-delete', remove).rest)).toBeCloseTo(
      18.2,
      0,
    );
  });

  it('an idle compute makes 1.2 statements and 0.4 messages a second', () => {
    const idle = idleWork(footprints, 'nova-compute');
    const statements = Object.values(idle).reduce((sum, work) => sum + work.sqlRoundTrips, 0);
    expect(statements / 60).toBeCloseTo(1.2, 1);
    const calls = idle['nova-conductor'].requests;
    const fanouts = idle['nova-scheduler'].requests;
    expect((2 * calls + fanouts) / 60).toBeCloseTo(0.4, 1);
  });
});

describe('a recipe read where only the WAN takes time', () => {
  it.each(comparedSlopes(footprints).map((row) => [`${row.part}: ${row.operation}`, row] as const))(
    '%s takes as many round trips as measured, within 3 %%',
    (_, row) => {
      expect(row.recipe).toBeGreaterThanOrEqual(0.97 * row.lowest - 0.01);
      expect(row.recipe).toBeLessThanOrEqual(1.03 * row.highest + 0.01);
    },
  );
});

describe('the CPU of the footprints', () => {
  const rows = cpuRows(footprints);
  const { services: fitted } = fitCpu(footprints, rows);

  it.each([...fitted])('%s has the constants that the fit gives', (service, constants) => {
    const cpu = footprints.services.get(service)!.cpu;
    for (const [constant, ms] of Object.entries(constants)) {
      expect(parseDuration(cpu[constant as keyof typeof constants]), constant).toBe(ms);
    }
  });

  it('is fitted for every service', () => {
    expect([...fitted.keys()].sort()).toEqual([...footprints.services.keys()]);
  });

  it.each(rows.map((row) => [`${row.service}: ${row.what}`, row] as const))(
    '%s is as measured, within a fifth and 3 ms',
    (_, { service, work, measuredMs }) => {
      const ms = cpuMsOf(footprints, service, work);
      expect(Math.abs(ms - measuredMs), `${ms}`).toBeLessThanOrEqual(3 + measuredMs / 5);
    },
  );
});

describe('non-negative least squares', () => {
  it('finds coefficients that are positive', () => {
    const xs = [
      [1, 2],
      [3, 1],
      [2, 2],
    ];
    const ys = xs.map(([a, b]) => 0.5 * a + 4 * b);
    const [first, second] = nonNegativeLeastSquares(xs, ys, [1, 2, 3]);
    expect(first).toBeCloseTo(0.5, 6);
    expect(second).toBeCloseTo(4, 6);
  });

  it('stops at 0 where the free solution is negative, and does the best it can with the others', () => {
    // y = 2 x - z: without z, the slope of (1, 1), (2, 3) through 0 is 7 / 5.
    const found = nonNegativeLeastSquares(
      [
        [1, 1],
        [2, 1],
      ],
      [1, 3],
      [1, 1],
    );
    expect(found[1]).toBe(0);
    expect(found[0]).toBeCloseTo(7 / 5, 6);
  });
});

describe('docs/models/footprints.md', () => {
  it('shows what the recipes say (npx jiti scripts/footprints/main.ts writes it)', () => {
    const page = readFileSync(
      new URL('../../../docs/models/footprints.md', import.meta.url),
      'utf8',
    );
    expect(withTables(page, generatedTables(footprints))).toBe(page);
  });
});
