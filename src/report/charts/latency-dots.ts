import type { Study } from '../../experiment/study-description.js';
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
import { drawFrame } from './frame.js';
import {
  axisLabel,
  intervalNote,
  isOffScale,
  type LatencyAxis,
  latencyAxis,
  saturatedLabel,
} from './latency-geometry.js';
import {
  belongsTo,
  drawMarker,
  pointState,
  type Series,
  seriesLegend,
  seriesOf,
} from './series.js';
import { AXIS, GRID, INK, MUTED, SIZE, textWidth } from './style.js';
import { group, line, text, translate } from './svg.js';

const ROW_HEIGHT = 24;
const PLOT_WIDTH = 460;
const EDGE_ROOM = 16;

/** Mean latency with its interval, one row a placement: for studies without a numeric factor. */
export interface LatencyDots {
  study: Study;
  /** Rows of one operation and milestone. */
  rows: readonly SummaryRow[];
  facets: Facets;
  page: Levels;
}

function drawDot(row: SummaryRow, series: Series, y: number, axis: LatencyAxis): string {
  const { mean, halfWidth } = row.mean.value;
  if (!Number.isFinite(mean)) {
    return text('no request succeeded', { x: 8, y: y + 4, 'font-size': SIZE.tick, fill: MUTED });
  }
  if (isOffScale(axis, row)) {
    return drawMarker(PLOT_WIDTH - 6, y, series.style, pointState(row));
  }
  const stroke = { stroke: series.style.colour, 'stroke-width': 1.2 };
  const low = axis.scale(Math.max(mean - halfWidth, axis.scale.domain()[0]));
  const high = axis.scale(mean + halfWidth);
  const whisker =
    Number.isFinite(halfWidth) && high - low > 0.5
      ? line(low, y, high, y, stroke) +
        line(low, y - 3, low, y + 3, stroke) +
        line(high, y - 3, high, y + 3, stroke)
      : '';
  return whisker + drawMarker(axis.scale(mean), y, series.style, pointState(row));
}

/** Panels one below the other: every combination of the levels of the other factors. */
function panelsOf({ facets, page }: LatencyDots): { levels: Levels; heading: string }[] {
  return levelsOf(facets.rows).flatMap((row) =>
    levelsOf(facets.columns).map((column) => ({
      levels: panelLevels(facets, page, column, row),
      heading: [
        facets.columns && column !== undefined ? levelLabel(facets.columns, column) : '',
        facets.rows && row !== undefined ? levelLabel(facets.rows, row) : '',
      ]
        .filter((words) => words !== '')
        .join(', '),
    })),
  );
}

/** One panel at its own origin: names at the left of x = 0, dots at the right. */
function drawPanel(rows: readonly SummaryRow[], series: readonly Series[], axis: LatencyAxis) {
  const height = series.length * ROW_HEIGHT;
  const grid = axis.ticks.map((tick) => {
    const x = axis.scale(tick);
    return line(x, 0, x, height, { stroke: GRID });
  });
  const dots = series.map((one, index) => {
    const y = (index + 0.5) * ROW_HEIGHT;
    const label = { x: -8, y: y + 4, 'text-anchor': 'end', 'font-size': SIZE.label, fill: INK };
    const own = rows.filter((row) => belongsTo(row.factors, one));
    return text(one.placement ?? '', label) + own.map((row) => drawDot(row, one, y, axis)).join('');
  });
  const base = line(0, height, PLOT_WIDTH, height, { stroke: AXIS });
  return [...grid, base, ...dots].join('');
}

function drawNumbers(axis: LatencyAxis, y: number): string {
  const centre = { 'text-anchor': 'middle' };
  const numbers = axis.ticks.map((tick) =>
    text(axis.printTick(tick), {
      x: axis.scale(tick),
      y,
      ...centre,
      'font-size': SIZE.tick,
      fill: MUTED,
    }),
  );
  const title = { x: PLOT_WIDTH / 2, y: y + 18, ...centre, 'font-size': SIZE.label, fill: INK };
  return [...numbers, text(axisLabel(axis), title)].join('');
}

/** The SVG; undefined where it would have no point. */
export function drawLatencyDots(dots: LatencyDots): string | undefined {
  const rows = dots.rows.filter((row) => matches(row.factors, dots.page));
  if (!rows.some((row) => Number.isFinite(row.mean.value.mean))) return undefined;
  const series = seriesOf(dots.study);
  const names = series.map((one) => textWidth(one.placement ?? '', SIZE.label));
  const left = Math.max(8, ...names.map((width) => width + 12));
  const axis = latencyAxis(rows, [0, PLOT_WIDTH], EDGE_ROOM);
  const parts: string[] = [];
  let y = 0;
  for (const { levels, heading } of panelsOf(dots)) {
    if (heading !== '') {
      y += 16;
      parts.push(text(heading, { x: 0, y: y - 5, 'font-size': SIZE.label, fill: INK }));
    }
    const here = rows.filter((row) => matches(row.factors, levels));
    parts.push(group({ transform: translate(0, y) }, drawPanel(here, series, axis)));
    y += series.length * ROW_HEIGHT + 10;
  }
  const { operation, milestone } = rows[0];
  const fixed = fixedLabel(dots.study, dots.page);
  return drawFrame({
    title: `Latency of ${operation} (${milestone})`,
    subtitles: [dots.study.question, fixed === '' ? '' : `At ${fixed}.`],
    legend: seriesLegend([], rows.map(pointState), {
      saturatedLabel: saturatedLabel(axis, rows),
    }),
    note: intervalNote(rows),
    width: left + PLOT_WIDTH + 14,
    height: y + 30,
    body: group({ transform: translate(left, 0) }, ...parts, drawNumbers(axis, y + 6)),
  });
}
