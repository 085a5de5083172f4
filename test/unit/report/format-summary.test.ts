import { describe, expect, it } from 'vitest';
import { formatSummaryTable, summaryAsJson } from '../../../src/report/index.js';
import { expectFile } from './snapshot-file.js';
import { COMPUTES, makeRuns, makeStudy, PLACEMENT, RTT } from './synthetic.js';

const study = makeStudy([PLACEMENT, RTT, COMPUTES]);
const results = makeRuns(study);
const failure = {
  point: 3,
  replication: 2,
  factors: {},
  seed: '1/3/2',
  message: 'no route\n  at x',
};

const findingsOf = (...args: Parameters<typeof summaryAsJson>) => summaryAsJson(...args).findings;

describe('formatSummaryTable', () => {
  it('is as committed', () => {
    expectFile('test/snapshots/summary-table.txt', formatSummaryTable(study, results, []));
  });

  it('fits the width and is plain text by default', () => {
    for (const width of [60, 80, 100]) {
      const text = formatSummaryTable(study, results, [failure], { width });
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
      expect(text).not.toContain('\u001b');
    }
  });

  it('says the same with colours', () => {
    const painted = formatSummaryTable(study, results, [failure], { colour: true });
    expect(painted).toContain('\u001b[');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colour codes
    const plain = painted.replace(/\u001b\[\d+m/g, '');
    expect(plain).toBe(formatSummaryTable(study, results, [failure]));
  });

  it('marks a design point without runs and one where nothing succeeded', () => {
    const none = results
      .filter((run) => run.point !== 1)
      .map((run) =>
        run.point === 2
          ? {
              ...run,
              operations: run.operations.map((o) => ({
                ...o,
                ok: 0,
                meanMs: Number.NaN,
                p95Ms: Number.NaN,
              })),
            }
          : run,
      );
    const text = formatSummaryTable(study, none, []);
    expect(text).toContain('no run');
    expect(text).toContain('none ok');
    expect(text).not.toContain('NaN');
  });

  it('works for one placement, for no factors, for one replication and for nothing', () => {
    const one = makeStudy([{ ...PLACEMENT, levels: ['regions'] }], { replications: 1 });
    expect(formatSummaryTable(one, makeRuns(one), [])).toMatch(/ {2}regions +\d+ +\d+/);
    const bare = makeStudy([]);
    expect(formatSummaryTable(bare, makeRuns(bare), [])).toMatch(
      /server-create \(active\) +\d+ +±\d+/,
    );
    expect(formatSummaryTable(bare, [], [])).toContain('No operation was measured.');
    expect(formatSummaryTable(bare, [], [failure])).toContain('No run finished.');
  });
});

describe('findings', () => {
  it('say who wins at the reference levels, by the paired difference of summary.csv', () => {
    const { findings, summary } = summaryAsJson(study, results, []);
    const row = summary.find(
      (r) =>
        r.placement === 'regions' &&
        r.rtt_scale === '1' &&
        r.computes_per_site === '10' &&
        r.milestone === 'active',
    );
    const gain = Math.abs(Number(row?.difference_ms)).toFixed(0);
    const spread = Number(row?.difference_half_width_ms).toFixed(0);
    expect(findings[0]).toBe(
      `At RTT scale 1 and computes per site 10, \`regions\` beats \`centralized\` by ${gain} ms ± ${spread} (22 %) for server-create (active).`,
    );
  });

  it('say which placement is saturated, from which load on and by what', () => {
    const sentences = findingsOf(study, results, []);
    expect(sentences).toContain(
      '`centralized` is saturated at 3 of 9 design points, from computes per site 200 on (nova-conductor).',
    );
    expect(sentences.some((sentence) => sentence.startsWith('`regions` is saturated'))).toBe(false);
  });

  it('claim no winner where the interval holds zero, nor with one replication', () => {
    const two = makeStudy([{ ...PLACEMENT, levels: ['centralized', 'regions'] }]);
    const equal = makeRuns(two).map((run) => ({
      ...run,
      operations: run.operations.map((o) => ({
        ...o,
        meanMs: 1000 + (run.point === 2 ? (run.replication % 2 === 0 ? 5 : -5) : 0),
      })),
    }));
    expect(findingsOf(two, equal, [])[0]).toContain('do not clearly differ');
    const single = equal.filter((run) => run.replication === 1);
    expect(findingsOf(two, single, [])[0]).toContain('by one replication only');
  });

  it('say so where the baseline is the best', () => {
    const two = makeStudy([{ ...PLACEMENT, levels: ['centralized', 'regions'] }], {
      baseline: { placement: 'regions' },
    });
    expect(findingsOf(two, makeRuns(two), [])[0]).toMatch(
      /^`regions` beats all others for server-create \(active\); the nearest is `centralized`, slower by \d+ ms ± \d+/,
    );
  });

  it('say so where everything is saturated', () => {
    const all = results.map((run) => ({ ...run, saturated: true, saturatedBy: 'x' }));
    expect(findingsOf(study, all, [])[0]).toContain('every placement is saturated');
  });

  it('name the first run that broke off', () => {
    expect(findingsOf(study, results, [failure]).at(-1)).toBe(
      '1 run broke off with an error (failures.csv); first: design point 3, replication 2, seed 1/3/2: no route',
    );
  });
});

describe('summaryAsJson', () => {
  it('is plain JSON with null for what is missing', () => {
    const json = summaryAsJson(study, results, [failure]);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(json.summary).toHaveLength(45 * 4);
    expect(json.summary[0]).toMatchObject({
      point: 1,
      placement: 'centralized',
      difference_ms: null,
    });
    expect(json.failures).toHaveLength(1);
  });
});
