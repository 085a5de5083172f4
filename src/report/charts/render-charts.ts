import type { RunResult } from '../../experiment/results.js';
import type { Study } from '../../experiment/study-description.js';
import { compareText } from '../factor-columns.js';
import { loadFactor } from '../key-operation.js';
import { numericFactors } from '../quantity.js';
import type { SummaryRow } from '../summary.js';
import { pageSlug, planFacets, slug } from './facets.js';
import { drawLatencyChart } from './latency-chart.js';
import { drawLatencyDots } from './latency-dots.js';
import { drawTimeSplitChart } from './time-split-chart.js';
import { drawUtilisationChart } from './utilisation-chart.js';

/** A chart; its file is `<name>.svg`. */
export interface Chart {
  name: string;
  svg: string;
}

function latencyCharts(study: Study, rows: readonly SummaryRow[], base: string): Chart[] {
  const charts: Chart[] = [];
  const add = (name: string, svg: string | undefined) => {
    if (svg !== undefined) charts.push({ name, svg });
  };
  const numeric = numericFactors(study.factors);
  for (const factor of numeric) {
    const facets = planFacets(study, [factor]);
    const axis = slug(factor.path.split('.').at(-1) ?? '');
    for (const page of facets.pages) {
      const svg = drawLatencyChart({ study, rows, factor, facets, page });
      add(`latency-${base}-by-${axis}${pageSlug(study, page)}`, svg);
    }
  }
  if (numeric.length === 0) {
    const facets = planFacets(study, []);
    for (const page of facets.pages) {
      const svg = drawLatencyDots({ study, rows, facets, page });
      add(`latency-${base}${pageSlug(study, page)}`, svg);
    }
  }
  return charts;
}

function timeSplitCharts(study: Study, runs: readonly RunResult[], row: SummaryRow): Chart[] {
  const { operation, milestone } = row;
  const facets = planFacets(study, []);
  return facets.pages.flatMap((page) => {
    const svg = drawTimeSplitChart({ study, runs, operation, milestone, facets, page });
    const name = `time-split-${slug(operation)}-${slug(milestone)}${pageSlug(study, page)}`;
    return svg === undefined ? [] : [{ name, svg }];
  });
}

function utilisationCharts(study: Study, runs: readonly RunResult[]): Chart[] {
  const load = loadFactor(study);
  const { columns, rows, pages } = planFacets(study, [load]);
  const allPages = pages.flatMap((page) =>
    rows === undefined ? [page] : rows.levels.map((level) => ({ ...page, [rows.path]: level })),
  );
  const facets = { columns, rows: undefined, pages: allPages };
  return allPages.flatMap((page) => {
    const svg = drawUtilisationChart({ study, runs, load, facets, page });
    return svg === undefined ? [] : [{ name: `utilisation${pageSlug(study, page)}`, svg }];
  });
}

/**
 * Every chart of an experiment, sorted by name: the latency of each operation and milestone against
 * each numeric factor (or by placement where there is none), where its time goes, and the busiest
 * components. A chart that would be empty is left out.
 */
export function renderCharts(
  study: Study,
  runs: readonly RunResult[],
  summary: readonly SummaryRow[],
): Chart[] {
  const byOperation = new Map<string, SummaryRow[]>();
  for (const row of summary) {
    const name = `${slug(row.operation)}-${slug(row.milestone)}`;
    const rows = byOperation.get(name) ?? [];
    rows.push(row);
    byOperation.set(name, rows);
  }
  const charts = [...byOperation].flatMap(([name, rows]) => [
    ...latencyCharts(study, rows, name),
    ...timeSplitCharts(study, runs, rows[0]),
  ]);
  return [...charts, ...utilisationCharts(study, runs)].sort((a, b) => compareText(a.name, b.name));
}
