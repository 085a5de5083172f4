import { type ScaleLinear, scaleLinear } from 'd3-scale';
import type { RunResult } from '../../experiment/results.js';
import type { Study } from '../../experiment/study-description.js';
import { TIME_CATEGORIES, type TimeCategory } from '../../operations/time-split.js';
import {
  type Facets,
  fixedLabel,
  type Levels,
  levelLabel,
  levelsOf,
  matches,
  panelLevels,
} from './facets.js';
import { columnHeading, drawFrame, type LegendItem } from './frame.js';
import { belongsTo, type Series, seriesOf } from './series.js';
import { AXIS, CATEGORY_STYLES, GRID, INK, MUTED, SIZE, textWidth } from './style.js';
import { element, group, line, text, translate } from './svg.js';

const BAR = 17;
const STEP = 24;
const GAP = 18;
/** Room after the longest bar for its total. */
const TOTAL_ROOM = 54;

/** Where the time of an operation goes: stacked bars by category, one a placement. */
export interface TimeSplitChart {
  study: Study;
  runs: readonly RunResult[];
  operation: string;
  milestone: string;
  facets: Facets;
  page: Levels;
}

/** Mean over replications of the mean split; `total` is their sum. */
interface Split {
  parts: Record<TimeCategory, number>;
  total: number;
  saturated: boolean;
}

function splitOf(chart: TimeSplitChart, series: Series, levels: Levels): Split | undefined {
  const runs = chart.runs.filter(
    (run) => matches(run.factors, levels) && belongsTo(run.factors, series),
  );
  const found = runs
    .flatMap((run) => run.operations)
    .filter((o) => o.operation === chart.operation && o.milestone === chart.milestone)
    .filter((o) => o.ok > 0 && TIME_CATEGORIES.every((name) => Number.isFinite(o.split[name])));
  if (found.length === 0) return undefined;
  const parts = Object.fromEntries(
    TIME_CATEGORIES.map((name) => [
      name,
      found.reduce((sum, o) => sum + o.split[name], 0) / found.length,
    ]),
  ) as Record<TimeCategory, number>;
  const total = TIME_CATEGORIES.reduce((sum, name) => sum + parts[name], 0);
  return { parts, total, saturated: runs.some((run) => run.saturated) };
}

function printMs(valueMs: number): string {
  if (valueMs >= 10_000) return `${(valueMs / 1000).toFixed(1)} s`;
  return `${valueMs.toFixed(valueMs < 10 ? 1 : 0)} ms`;
}

/** A mark across the end of a bar that is not to scale. */
function breakMark(x: number, y: number): string {
  const slash = (at: number) =>
    line(at - 3, y + BAR + 2, at + 3, y - 2, { stroke: '#ffffff', 'stroke-width': 2 });
  return slash(x - 10) + slash(x - 5);
}

/** A bar longer than the scale (saturated) keeps its proportions, not its length. */
function drawBar(split: Split | undefined, y: number, scale: ScaleLinear<number, number>): string {
  if (split === undefined) {
    return text('none succeeded', { x: 4, y: y + BAR - 4, 'font-size': SIZE.tick, fill: MUTED });
  }
  const longest = scale.domain()[1];
  const shrink = Math.min(1, longest / split.total);
  let from = 0;
  const parts = CATEGORY_STYLES.map(({ category, colour }) => {
    const start = scale(from);
    from += split.parts[category] * shrink;
    const width = scale(from) - start;
    if (width < 0.05) return '';
    return element('rect', { x: start, y, width, height: BAR, fill: colour });
  });
  const end = scale(from);
  const total = `${printMs(split.total)}${split.saturated ? ' *' : ''}`;
  const label = { x: end + 4, y: y + BAR - 4.5, 'font-size': SIZE.tick, fill: INK };
  return parts.join('') + (shrink < 1 ? breakMark(end, y) : '') + text(total, label);
}

/** End of the scale of a row of panels: the longest bar that is not saturated, if there is one. */
function longestBar(splits: readonly (Split | undefined)[]): number {
  const known = splits.filter((split) => split !== undefined);
  const steady = known.filter((split) => !split.saturated);
  return Math.max(0, ...(steady.length > 0 ? steady : known).map((split) => split.total));
}

function drawPanel(splits: readonly (Split | undefined)[], width: number, largest: number): string {
  const height = splits.length * STEP;
  const scale = scaleLinear()
    .domain([0, largest > 0 ? largest : 1])
    .range([0, width - TOTAL_ROOM]);
  const ticks = scale.ticks(width > 300 ? 5 : 3);
  const inSeconds = largest >= 10_000;
  return group(
    {},
    ...ticks.map((tick) => line(scale(tick), 0, scale(tick), height, { stroke: GRID })),
    ...splits.map((split, index) => drawBar(split, index * STEP + (STEP - BAR) / 2, scale)),
    line(0, 0, 0, height, { stroke: AXIS }),
    ...ticks.map((tick) =>
      text(String(inSeconds ? tick / 1000 : tick), {
        x: scale(tick),
        y: height + 12,
        'text-anchor': 'middle',
        'font-size': SIZE.tick,
        fill: MUTED,
      }),
    ),
    text(inSeconds ? 's' : 'ms', {
      x: width - TOTAL_ROOM + 18,
      y: height + 12,
      'font-size': SIZE.tick,
      fill: MUTED,
    }),
  );
}

function drawRow(
  chart: TimeSplitChart,
  series: readonly Series[],
  rowLevel: string | undefined,
  geometry: { left: number; width: number; top: boolean },
): { svg: string; splits: (Split | undefined)[] } {
  const columns = levelsOf(chart.facets.columns);
  const grid = columns.map((column) => {
    const levels = panelLevels(chart.facets, chart.page, column, rowLevel);
    return series.map((one) => splitOf(chart, one, levels));
  });
  const largest = longestBar(grid.flat());
  const names = series.map((one, index) =>
    text(one.placement ?? '', {
      x: geometry.left - 8,
      y: (index + 0.5) * STEP + 4,
      'text-anchor': 'end',
      'font-size': SIZE.label,
      fill: INK,
    }),
  );
  const panels = grid.map((splits, index) =>
    group(
      { transform: translate(geometry.left + index * (geometry.width + GAP), 0) },
      geometry.top ? columnHeading(chart.facets.columns, columns[index], geometry.width) : '',
      drawPanel(splits, geometry.width, largest),
    ),
  );
  return { svg: names.join('') + panels.join(''), splits: grid.flat() };
}

function categoryLegend(splits: readonly (Split | undefined)[]): LegendItem[] {
  return CATEGORY_STYLES.filter(({ category }) =>
    splits.some((split) => split !== undefined && split.parts[category] > 0),
  ).map(({ label, colour }) => ({
    label,
    width: 12,
    draw: element('rect', { x: 0, y: -6, width: 12, height: 12, fill: colour }),
  }));
}

/** The SVG; undefined where no request of the operation succeeded. */
export function drawTimeSplitChart(chart: TimeSplitChart): string | undefined {
  const series = seriesOf(chart.study);
  const { facets } = chart;
  const columns = levelsOf(facets.columns).length;
  const names = series.map((one) => textWidth(one.placement ?? '', SIZE.label) + 14);
  const left = Math.max(8, ...names);
  const width = columns === 1 ? 520 : columns === 2 ? 330 : 250;
  const all: (Split | undefined)[] = [];
  const parts: string[] = [];
  let y = facets.columns === undefined ? 2 : 20;
  levelsOf(facets.rows).forEach((rowLevel, index) => {
    if (facets.rows !== undefined && rowLevel !== undefined) {
      const label = { x: 0, y: index === 0 ? y - 7 : y - 6, 'font-size': SIZE.label };
      const words = levelLabel(facets.rows, rowLevel);
      parts.push(text(words, { ...label, 'font-weight': 'bold', fill: INK }));
    }
    const row = drawRow(chart, series, rowLevel, { left, width, top: index === 0 });
    parts.push(group({ transform: translate(0, y) }, row.svg));
    all.push(...row.splits);
    y += series.length * STEP + 42;
  });
  if (all.every((split) => split === undefined)) return undefined;
  const fixed = fixedLabel(chart.study, chart.page);
  const notes = [
    'Mean time of the requests that succeeded, by category.',
    facets.rows === undefined ? '' : 'Each row of panels has its own scale.',
    all.some((split) => split?.saturated)
      ? '* saturated: the total depends on the length of the run; a bar with a break is not to scale.'
      : '',
  ];
  return drawFrame({
    title: `Where the time of ${chart.operation} (${chart.milestone}) goes`,
    subtitles: [chart.study.question, fixed === '' ? '' : `At ${fixed}.`],
    legend: categoryLegend(all),
    note: notes.filter((words) => words !== '').join(' '),
    width: left + columns * width + (columns - 1) * GAP,
    height: y - 22,
    body: parts.join(''),
  });
}
