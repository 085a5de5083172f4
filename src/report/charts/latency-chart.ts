import { line as lineShape } from 'd3-shape';
import type { Study } from '../../experiment/study-description.js';
import { axisTitle, type NumericFactor } from '../quantity.js';
import type { SummaryRow } from '../summary.js';
import {
  type Facets,
  fixedLabel,
  type Levels,
  levelLabel,
  levelsOf,
  matches,
  panelLevels,
} from './facets.js';
import { columnHeading, drawFrame, rotatedText } from './frame.js';
import {
  axisLabel,
  intervalNote,
  isOffScale,
  type LatencyAxis,
  latencyAxis,
  saturatedLabel,
} from './latency-geometry.js';
import { levelScale, type NumberScale } from './scales.js';
import {
  belongsTo,
  drawMarker,
  pointState,
  type Series,
  seriesLegend,
  seriesOf,
} from './series.js';
import { AXIS, GRID, INK, MUTED, SIZE, textWidth } from './style.js';
import { element, group, line, roundPath, text, translate } from './svg.js';

const PANEL_HEIGHT = 220;
const GAP = 16;
/** Room at the left for the title and the numbers of the y axis. */
const LEFT = 58;
/** Px between the points of two lines at the same level, so that their whiskers stay apart. */
const DODGE = 5;
/** Where points off the scale stand, and the room kept for them. */
const EDGE = 7;
const EDGE_ROOM = 16;

/** Mean latency with its interval at the levels of a numeric factor, one line a placement. */
export interface LatencyChart {
  study: Study;
  /** Rows of one operation and milestone. */
  rows: readonly SummaryRow[];
  factor: NumericFactor;
  facets: Facets;
  page: Levels;
}

interface PanelGeometry {
  width: number;
  x: NumberScale;
  y: LatencyAxis;
}

interface LinePoint {
  x: number;
  y: number;
  /** Px of the ends of the interval. */
  low: number;
  high: number;
  row: SummaryRow;
}

function linePoint(row: SummaryRow, x: number, axis: LatencyAxis): LinePoint {
  const { mean, halfWidth } = row.mean.value;
  const spread = Number.isFinite(halfWidth) ? halfWidth : 0;
  const [bottom] = axis.scale.domain();
  return {
    x,
    y: axis.scale(mean),
    low: axis.scale(Math.max(mean - spread, bottom)),
    high: axis.scale(mean + spread),
    row,
  };
}

/** Points from the lowest to the highest level; a gap where no request succeeded. */
function linePoints(
  rows: readonly SummaryRow[],
  factor: NumericFactor,
  geometry: PanelGeometry,
  offset: number,
): (LinePoint | undefined)[] {
  const order = factor.values
    .map((value, index) => ({ value, level: factor.levels[index] }))
    .sort((a, b) => a.value - b.value);
  return order.map(({ value, level }) => {
    const row = rows.find((candidate) => candidate.factors[factor.path] === level);
    if (row === undefined || !Number.isFinite(row.mean.value.mean)) return undefined;
    const x = geometry.x(value);
    if (isOffScale(geometry.y, row)) {
      return { x: x + 2 * offset, y: EDGE, low: EDGE, high: EDGE, row };
    }
    return linePoint(row, x + offset, geometry.y);
  });
}

function drawWhisker({ x, low, high }: LinePoint, colour: string): string {
  if (low - high <= 0.5) return '';
  const stroke = { stroke: colour, 'stroke-width': 1.2 };
  return (
    line(x, low, x, high, stroke) +
    line(x - 3, low, x + 3, low, stroke) +
    line(x - 3, high, x + 3, high, stroke)
  );
}

/** One placement: whiskers below, then the line, then the marks. */
function drawSeries(points: readonly (LinePoint | undefined)[], { style }: Series): string {
  const present = points.filter((point) => point !== undefined);
  const path = lineShape<LinePoint | undefined>()
    .defined((point) => point !== undefined)
    .x((point) => point!.x)
    .y((point) => point!.y)(points);
  return group(
    {},
    ...present.map((point) => drawWhisker(point, style.colour)),
    element('path', {
      d: roundPath(path),
      fill: 'none',
      stroke: style.colour,
      'stroke-width': 1.8,
      'stroke-dasharray': style.dash,
    }),
    ...present.map((point) => drawMarker(point.x, point.y, style, pointState(point.row))),
  );
}

function drawLatencyTicks({ width, y }: PanelGeometry, withNumbers: boolean): string {
  const ticks = y.ticks.map((tick) => {
    const at = y.scale(tick);
    const label = { x: -7, y: at + 3.5, 'text-anchor': 'end', 'font-size': SIZE.tick, fill: MUTED };
    return (
      line(0, at, width, at, { stroke: GRID }) + (withNumbers ? text(y.printTick(tick), label) : '')
    );
  });
  return ticks.join('');
}

/** A tick at each level; a number that would touch the one before is left out. */
function drawLevelTicks(factor: NumericFactor, { width, x }: PanelGeometry, withNumbers: boolean) {
  const parts = [line(0, PANEL_HEIGHT, width, PANEL_HEIGHT, { stroke: AXIS })];
  let lastEnd = Number.NEGATIVE_INFINITY;
  for (const value of [...factor.values].sort((a, b) => a - b)) {
    const at = x(value);
    parts.push(line(at, PANEL_HEIGHT, at, PANEL_HEIGHT + 4, { stroke: AXIS }));
    const half = textWidth(String(value), SIZE.tick) / 2;
    if (!withNumbers || at - half < lastEnd + 4) continue;
    lastEnd = at + half;
    const place = { x: at, y: PANEL_HEIGHT + 16, 'text-anchor': 'middle' };
    parts.push(text(String(value), { ...place, 'font-size': SIZE.tick, fill: MUTED }));
  }
  return parts.join('');
}

function geometryOf(chart: LatencyChart, rows: readonly SummaryRow[]): PanelGeometry {
  const columns = levelsOf(chart.facets.columns).length;
  const width = columns === 1 ? 520 : columns === 2 ? 320 : columns === 3 ? 236 : 190;
  return {
    width,
    x: levelScale(chart.factor.values, width),
    y: latencyAxis(rows, [PANEL_HEIGHT, 8], EDGE_ROOM),
  };
}

/** One panel at its own origin, without its headings. */
function drawPanel(
  chart: LatencyChart,
  rows: readonly SummaryRow[],
  geometry: PanelGeometry,
  edges: { isLeft: boolean; isBottom: boolean },
): string {
  const series = seriesOf(chart.study);
  const lines = series.map((one, index) => {
    const own = rows.filter((row) => belongsTo(row.factors, one));
    const offset = (index - (series.length - 1) / 2) * DODGE;
    return drawSeries(linePoints(own, chart.factor, geometry, offset), one);
  });
  return (
    drawLatencyTicks(geometry, edges.isLeft) +
    drawLevelTicks(chart.factor, geometry, edges.isBottom) +
    lines.join('')
  );
}

/** The grid of panels with the titles of its axes. */
function drawGrid(chart: LatencyChart, rows: readonly SummaryRow[], geometry: PanelGeometry) {
  const { facets } = chart;
  const columns = levelsOf(facets.columns);
  const gridRows = levelsOf(facets.rows);
  const top = facets.columns === undefined ? 4 : 20;
  const right = LEFT + columns.length * (geometry.width + GAP) - GAP;
  const bottom = top + gridRows.length * (PANEL_HEIGHT + GAP) - GAP;
  const panels = gridRows.flatMap((rowLevel, rowIndex) =>
    columns.map((columnLevel, columnIndex) => {
      const levels = panelLevels(facets, chart.page, columnLevel, rowLevel);
      const here = rows.filter((row) => matches(row.factors, levels));
      const edges = { isLeft: columnIndex === 0, isBottom: rowIndex === gridRows.length - 1 };
      const x = LEFT + columnIndex * (geometry.width + GAP);
      return group(
        { transform: translate(x, top + rowIndex * (PANEL_HEIGHT + GAP)) },
        drawPanel(chart, here, geometry, edges),
        rowIndex === 0 ? columnHeading(facets.columns, columnLevel, geometry.width) : '',
      );
    }),
  );
  const rowHeadings = gridRows.map((level, index) => {
    if (facets.rows === undefined || level === undefined) return '';
    const y = top + index * (PANEL_HEIGHT + GAP) + PANEL_HEIGHT / 2;
    return rotatedText(levelLabel(facets.rows, level), right + 14, y, 90);
  });
  const centre = { 'text-anchor': 'middle', 'font-size': SIZE.label, fill: INK };
  const titles = [
    rotatedText(axisLabel(geometry.y), 11, (top + bottom) / 2, -90),
    text(axisTitle(chart.factor), { x: (LEFT + right) / 2, y: bottom + 34, ...centre }),
  ];
  return {
    body: [...panels, ...rowHeadings, ...titles].join(''),
    width: right + (facets.rows === undefined ? 0 : 20),
    height: bottom + 40,
  };
}

/** The SVG; undefined where no panel would have a point. */
export function drawLatencyChart(chart: LatencyChart): string | undefined {
  const rows = chart.rows.filter((row) => matches(row.factors, chart.page));
  if (!rows.some((row) => Number.isFinite(row.mean.value.mean))) return undefined;
  const geometry = geometryOf(chart, rows);
  const { operation, milestone } = rows[0];
  const fixed = fixedLabel(chart.study, chart.page);
  return drawFrame({
    title: `Latency of ${operation} (${milestone}) against ${chart.factor.label}`,
    subtitles: [chart.study.question, fixed === '' ? '' : `At ${fixed}.`],
    legend: seriesLegend(seriesOf(chart.study), rows.map(pointState), {
      saturatedLabel: saturatedLabel(geometry.y, rows),
    }),
    note: intervalNote(rows),
    ...drawGrid(chart, rows, geometry),
  });
}
