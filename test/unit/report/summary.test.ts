import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/experiment/results.js';
import { summarise } from '../../../src/report/summary.js';
import { makeRun, makeRuns, makeStudy, PLACEMENT, RTT } from './synthetic.js';

/** A run of one operation with the given mean; the rest does not matter here. */
function runWith(point: number, placement: string, replication: number, meanMs: number): RunResult {
  const run = makeRun(point, { placement }, replication);
  const [operation] = run.operations;
  return { ...run, operations: [{ ...operation, meanMs, p95Ms: 2 * meanMs }] };
}

const study = makeStudy([{ ...PLACEMENT, levels: ['centralized', 'regions'] }]);

describe('summarise', () => {
  it('gives the mean over replications with its Student t interval', () => {
    const runs = [10, 12, 14].map((mean, index) => runWith(1, 'centralized', index + 1, mean));
    const [row] = summarise(study, runs, []);
    // s = 2, n = 3, t(0.975, 2) = 4.30265 (table of Student's distribution).
    expect(row.mean.value.mean).toBeCloseTo(12, 9);
    expect(row.mean.value.halfWidth).toBeCloseTo((4.30265 * 2) / Math.sqrt(3), 3);
    expect(row.p95.value.mean).toBeCloseTo(24, 9);
  });

  it('pairs replications: common noise leaves the difference, unpaired ones are left out', () => {
    const base = [100, 200, 300, 400].map((mean, i) => runWith(1, 'centralized', i + 1, mean));
    const other = [91, 189, 290].map((mean, i) => runWith(2, 'regions', i + 1, mean));
    const row = summarise(study, [...other, ...base], []).find((r) => r.point === 2);
    // Differences -9, -11, -10: mean -10, s = 1; the fourth replication has no partner.
    expect(row?.mean.difference.count).toBe(3);
    expect(row?.mean.difference.mean).toBeCloseTo(-10, 9);
    expect(row?.mean.difference.halfWidth).toBeCloseTo(4.30265 / Math.sqrt(3), 3);
    expect(row?.mean.percent.mean).toBeCloseTo(-5, 9);
    expect(row?.mean.percent.halfWidth).toBeGreaterThan(0);
  });

  it('gives the worked numbers of docs/reference/outputs.md', () => {
    const base = [20, 21, 25].map((mean, i) => runWith(1, 'centralized', i + 1, mean));
    const other = [10, 12, 14].map((mean, i) => runWith(2, 'regions', i + 1, mean));
    const row = summarise(study, [...base, ...other], [])[1];
    expect(row.mean.value.halfWidth).toBeCloseTo(4.968, 3);
    expect(row.mean.difference.mean).toBeCloseTo(-10, 9);
    expect(row.mean.difference.halfWidth).toBeCloseTo(2.484, 3);
    expect(row.mean.percent.mean).toBeCloseTo(-45.45, 2);
  });

  it('has no interval of the percentage where the ratio is the same in every pair', () => {
    const base = [100, 200, 300].map((mean, i) => runWith(1, 'centralized', i + 1, mean));
    const other = [150, 300, 450].map((mean, i) => runWith(2, 'regions', i + 1, mean));
    const row = summarise(study, [...base, ...other], [])[1];
    expect(row.mean.percent.mean).toBeCloseTo(50, 9);
    expect(row.mean.percent.halfWidth).toBeCloseTo(0, 9);
    expect(row.mean.difference.halfWidth).toBeGreaterThan(50);
  });

  it('has no difference at the baseline, without a baseline, or where the baseline failed', () => {
    const runs = [
      ...[1, 2, 3].map((mean, i) => runWith(1, 'centralized', i + 1, mean)),
      ...[1, 2, 3].map((mean, i) => runWith(2, 'regions', i + 1, mean)),
    ];
    const [base] = summarise(study, runs, []);
    expect(base.isBaseline).toBe(true);
    expect(base.mean.difference.mean).toBeNaN();
    const alone = summarise({ ...study, baseline: {} }, runs, []);
    expect(alone.map((row) => row.isBaseline)).toEqual([false, false]);
    expect(alone[1].mean.difference.mean).toBeNaN();
    const [orphan] = summarise(study, runs.slice(3), []);
    expect(orphan.mean.difference.mean).toBeNaN();
    expect(orphan.mean.value.mean).toBeCloseTo(2, 9);
  });

  it('gives no half-width with one replication', () => {
    const [row] = summarise(study, [runWith(1, 'centralized', 1, 10)], []);
    expect(row.mean.value).toEqual({ mean: 10, halfWidth: Number.NaN, count: 1 });
  });

  it('leaves replications without a latency out of the mean and keeps their counts', () => {
    const runs = [runWith(1, 'regions', 1, 10), runWith(1, 'regions', 2, Number.NaN)];
    const [row] = summarise(study, runs, []);
    expect(row.mean.value.mean).toBe(10);
    expect(row.mean.value.count).toBe(1);
    expect(row.replications).toBe(2);
    expect(row.started).toBe(runs[0].operations[0].started + runs[1].operations[0].started);
  });

  it('counts saturated and failed runs, and names the commonest cause first', () => {
    const causes = ['nova-api', 'mariadb/main', 'mariadb/main', ''];
    const runs = causes.map((saturatedBy, i) => ({
      ...runWith(1, 'regions', i + 1, 10),
      saturated: saturatedBy !== '',
      saturatedBy,
    }));
    const failure = { point: 1, replication: 5, factors: {}, seed: '1', message: 'x' };
    const [row] = summarise(study, runs, [failure, { ...failure, point: 2 }]);
    expect(row.saturatedShare).toBe(0.75);
    expect(row.saturatedBy).toBe('mariadb/main; nova-api');
    expect(row.failedRuns).toBe(1);
  });

  it('compares with the baseline of the same other levels', () => {
    const both = makeStudy([{ ...PLACEMENT, levels: ['centralized', 'regions'] }, RTT]);
    const rows = summarise(both, makeRuns(both), []).filter((row) => row.milestone === 'active');
    for (const row of rows.filter((r) => r.factors.placement === 'regions')) {
      const twin = rows.find((r) => r.isBaseline && r.factors[RTT.path] === row.factors[RTT.path]);
      const expected = row.mean.value.mean - (twin?.mean.value.mean ?? Number.NaN);
      expect(row.mean.difference.mean).toBeCloseTo(expected, 6);
    }
  });
});
