import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/experiment/results.js';
import type { Study } from '../../../src/experiment/study-description.js';
import { type Chart, renderCharts } from '../../../src/report/charts/render-charts.js';
import { summarise } from '../../../src/report/summary.js';
import { expectFile } from './snapshot-file.js';
import { COMPUTES, makeRuns, makeStudy, PLACEMENT, RTT } from './synthetic.js';

function chartsOf(study: Study, runs: readonly RunResult[]): Chart[] {
  return renderCharts(study, runs, summarise(study, runs, []));
}

function chartNamed(charts: readonly Chart[], name: string): string {
  const chart = charts.find((candidate) => candidate.name === name);
  if (chart === undefined) throw new Error(`no chart ${name}: ${charts.map((c) => c.name)}`);
  return chart.svg;
}

/** Every begun element is ended, in order: a reader of XML would take it. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, end, name, own] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (own === '/') continue;
    if (end === '/') {
      if (open.pop() !== name) return false;
    } else open.push(name);
  }
  return open.length === 0 && !/NaN|undefined|Infinity/.test(svg);
}

const LOSS: Study['factors'][number] = {
  path: 'infrastructure.link-loss',
  label: 'link loss',
  levels: ['0 %', '1 %'],
};

/** The studies of the gallery, and which of their charts it keeps. */
const GALLERY: { name: string; study: Study; charts: string[] }[] = [
  {
    name: 'full',
    study: makeStudy([PLACEMENT, RTT, COMPUTES]),
    charts: [
      'latency-server-create-active-by-rtt-scale',
      'latency-server-create-active-by-computes-per-site',
      'time-split-server-create-active',
      'utilisation',
    ],
  },
  {
    name: 'one-factor',
    study: makeStudy([PLACEMENT, RTT]),
    charts: ['latency-server-create-active-by-rtt-scale', 'utilisation'],
  },
  {
    name: 'placement-only',
    study: makeStudy([PLACEMENT]),
    charts: ['latency-server-create-active', 'time-split-server-create-active', 'utilisation'],
  },
  {
    name: 'placement-only-saturated',
    study: makeStudy([PLACEMENT, { ...COMPUTES, levels: ['200'] }]),
    charts: ['latency-server-create-active', 'time-split-server-create-active'],
  },
  {
    name: 'one-placement',
    study: makeStudy([{ ...PLACEMENT, levels: ['regions'] }, RTT], { replications: 1 }),
    charts: ['latency-server-create-active-by-rtt-scale', 'time-split-server-create-active'],
  },
  {
    name: 'no-factors',
    study: makeStudy([]),
    charts: ['latency-server-create-active', 'time-split-server-create-active', 'utilisation'],
  },
  {
    name: 'rows',
    study: makeStudy([PLACEMENT, RTT, COMPUTES, LOSS]),
    charts: ['latency-server-create-active-by-rtt-scale'],
  },
];

describe('the chart gallery', () => {
  const kept = new Set<string>();
  for (const { name, study, charts } of GALLERY) {
    const drawn = chartsOf(study, makeRuns(study));
    for (const chart of charts) {
      kept.add(`${name}--${chart}.svg`);
      it(`${name}: ${chart} is as committed`, () => {
        expectFile(`test/snapshots/${name}--${chart}.svg`, chartNamed(drawn, chart));
      });
    }
    it(`${name}: every chart is well formed and has a unique name`, () => {
      expect(drawn.filter(({ svg }) => !isWellFormed(svg)).map((chart) => chart.name)).toEqual([]);
      expect(new Set(drawn.map((chart) => chart.name)).size).toBe(drawn.length);
    });
  }

  it('holds no chart that no test draws', () => {
    const files = readdirSync(new URL('../../snapshots/', import.meta.url));
    const stray = files.filter((file) => file.includes('--') && !kept.has(file));
    expect(stray.filter((file) => !file.endsWith('-changed.svg'))).toEqual([]);
  });
});

describe('renderCharts', () => {
  const study = makeStudy([PLACEMENT, RTT, COMPUTES]);
  const runs = makeRuns(study);

  it('draws each operation and milestone against each numeric factor, and its time split', () => {
    const names = chartsOf(study, runs).map((chart) => chart.name);
    const operations = [
      'server-create-accepted',
      'server-create-active',
      'server-list-done',
      'token-issue-done',
    ];
    const expected = operations.flatMap((name) => [
      `latency-${name}-by-computes-per-site`,
      `latency-${name}-by-rtt-scale`,
      `time-split-${name}`,
    ]);
    expect(names).toEqual([...expected, 'utilisation'].sort());
  });

  it('does not depend on the order of the runs', () => {
    expect(chartsOf(study, [...runs].reverse())).toEqual(chartsOf(study, runs));
  });

  it('marks saturated points hollow and many failures with a cross, and says so', () => {
    const svg = chartNamed(chartsOf(study, runs), 'latency-server-create-active-by-rtt-scale');
    expect(svg).toContain('hollow: saturated (at the edge: off the scale)');
    expect(svg).toContain('crossed: over 1 % of the requests failed');
    const calm = makeStudy([PLACEMENT, RTT, { ...COMPUTES, levels: ['10', '50'] }]);
    const other = chartNamed(
      chartsOf(calm, makeRuns(calm)),
      'latency-server-create-active-by-rtt-scale',
    );
    expect(other).not.toContain('hollow');
    expect(other).not.toContain('crossed');
  });

  it('leaves a gap where no request succeeded, and leaves out a chart without any', () => {
    const broken = runs.map((run) => ({
      ...run,
      operations: run.operations.map((o) =>
        o.operation === 'server-list' ||
        (run.factors[RTT.path] === '1' && run.factors.placement === 'cells')
          ? { ...o, ok: 0, meanMs: Number.NaN, p95Ms: Number.NaN }
          : o,
      ),
    }));
    const charts = chartsOf(study, broken);
    expect(
      charts.map((chart) => chart.name).filter((name) => name.includes('server-list')),
    ).toEqual([]);
    expect(charts.every(({ svg }) => isWellFormed(svg))).toBe(true);
  });

  it('draws what there is when the runs of a design point are missing', () => {
    const some = runs.filter((run) => run.point % 4 !== 0);
    expect(chartsOf(study, some).every(({ svg }) => isWellFormed(svg))).toBe(true);
    expect(chartsOf(study, [])).toEqual([]);
  });

  it('uses a logarithmic scale where steady latencies span more than 50 times', () => {
    const wide = runs.map((run) => ({
      ...run,
      saturated: false,
      operations: run.operations.map((o) => ({
        ...o,
        meanMs: o.meanMs * (run.factors.placement === 'regions' ? 0.01 : 1),
      })),
    }));
    const charts = chartsOf(study, wide);
    expect(chartNamed(charts, 'latency-server-create-active-by-rtt-scale')).toContain('log scale');
    expect(
      chartNamed(chartsOf(study, runs), 'latency-token-issue-done-by-rtt-scale'),
    ).not.toContain('log scale');
  });

  it('keeps the number of charts in bounds when there are many factors', () => {
    const more = ['a', 'b', 'c', 'd'].map((name) => ({
      path: `infrastructure.${name}`,
      label: name,
      levels: ['low', 'high'],
    }));
    const many = makeStudy([PLACEMENT, RTT, COMPUTES, LOSS, ...more], { replications: 1 });
    const reference = Object.fromEntries(more.map(({ path }) => [path, 'low']));
    const some = makeRuns(makeStudy([PLACEMENT, RTT, COMPUTES, LOSS], { replications: 1 }));
    const runsOfMany = some.map((run) => ({ ...run, factors: { ...run.factors, ...reference } }));
    const charts = chartsOf(many, runsOfMany);
    expect(charts.length).toBeLessThan(30);
    const chart = charts.find((c) =>
      c.name.startsWith('latency-server-create-active-by-rtt-scale'),
    );
    expect(chart?.svg).toContain('At a low, b low, c low, d low.');
  });

  it('escapes what is special in XML', () => {
    const odd = makeStudy([PLACEMENT, RTT], { question: 'Is A < B & "C"?' });
    const charts = chartsOf(odd, makeRuns(odd));
    expect(charts.every(({ svg }) => svg.includes('Is A &lt; B &amp; &quot;C&quot;?'))).toBe(true);
  });
});
