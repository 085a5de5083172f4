import { symbol, symbolStar } from 'd3-shape';
import type { Study } from '../../experiment/study-description.js';
import { PLACEMENT_PATH } from '../factor-columns.js';
import type { SummaryRow } from '../summary.js';
import type { LegendItem } from './frame.js';
import { type LineStyle, lineStyle } from './style.js';
import { element, line, roundPath } from './svg.js';

/** A requests' mean says little where more than this share of them failed. */
export const FAILED_SHARE_MARKED = 0.01;

/** The lines of a chart: one a placement, or a single one where the study has no such factor. */
export interface Series {
  /** Level of the placement; undefined: the study does not vary it. */
  placement: string | undefined;
  style: LineStyle;
}

export function seriesOf(study: Study): Series[] {
  const placements = study.factors.find((factor) => factor.path === PLACEMENT_PATH)?.levels;
  return (placements ?? [undefined]).map((placement, index) => ({
    placement,
    style: lineStyle(index),
  }));
}

export function belongsTo(factors: Record<string, string>, series: Series): boolean {
  return series.placement === undefined || factors[PLACEMENT_PATH] === series.placement;
}

/** What a point's mark says besides its place. */
export interface PointState {
  saturated: boolean;
  manyFailed: boolean;
}

export function pointState(row: SummaryRow): PointState {
  return {
    saturated: row.saturatedShare > 0,
    manyFailed: row.started > 0 && row.failed / row.started > FAILED_SHARE_MARKED,
  };
}

function cross(x: number, y: number, size: number, colour: string): string {
  const stroke = { stroke: colour, 'stroke-width': 1.2 };
  return (
    line(x - size, y - size, x + size, y + size, stroke) +
    line(x - size, y + size, x + size, y - size, stroke)
  );
}

/** Filled; hollow where saturated; crossed out where many requests failed. */
export function drawMarker(x: number, y: number, style: LineStyle, state: PointState): string {
  const shape = element('path', {
    d: roundPath(symbol(style.marker, style.marker === symbolStar ? 26 : 34)()),
    transform: `translate(${Math.round(x * 100) / 100},${Math.round(y * 100) / 100})`,
    fill: state.saturated ? '#ffffff' : style.colour,
    stroke: style.colour,
    'stroke-width': 1.5,
  });
  return state.manyFailed ? shape + cross(x, y, 4.5, '#000000') : shape;
}

/** Names of the lines, and what special marks mean where the chart has them. */
export function seriesLegend(
  series: readonly Series[],
  states: readonly PointState[],
  { withLine = true, saturatedLabel = 'hollow: saturated' } = {},
): LegendItem[] {
  const plain = { saturated: false, manyFailed: false };
  const width = withLine ? 26 : 12;
  const items: LegendItem[] = series
    .filter((one) => one.placement !== undefined)
    .map(({ placement, style }) => ({
      label: placement ?? '',
      width,
      draw:
        (withLine
          ? line(0, 0, width, 0, {
              stroke: style.colour,
              'stroke-width': 1.8,
              'stroke-dasharray': style.dash,
            })
          : '') + drawMarker(width / 2, 0, style, plain),
    }));
  const grey: LineStyle = { ...lineStyle(0), colour: '#555555' };
  if (states.some((state) => state.saturated)) {
    const draw = drawMarker(6, 0, grey, { saturated: true, manyFailed: false });
    items.push({ label: saturatedLabel, width: 12, draw });
  }
  if (states.some((state) => state.manyFailed)) {
    const label = `crossed: over ${FAILED_SHARE_MARKED * 100} % of the requests failed`;
    items.push({ label, width: 12, draw: cross(6, 0, 5, '#000000') });
  }
  return items;
}
