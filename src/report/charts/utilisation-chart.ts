import { scaleLinear } from 'd3-scale';
import type { RunResult } from '../../experiment/results.js';
import type { Study } from '../../experiment/study-description.js';
import type { NumericFactor } from '../quantity.js';
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
import { type Series, seriesOf } from './series.js';
import { AXIS, GRID, INK, MUTED, SIZE, sequentialColour, shortenText } from './style.js';
import { element, group, line, text, translate } from './svg.js';
import { busiestGroups, type ComponentGroup, groupUtilisation } from './utilisation-data.js';

const STEP = 19;
const LEFT = 190;
const GAP = 30;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Utilisation of the busiest components of each placement, a dot for each level of the load. */
export interface UtilisationChart {
  study: Study;
  runs: readonly RunResult[];
  /** Gives the dots; undefined: one dot. */
  load: NumericFactor | undefined;
  facets: Facets;
  page: Levels;
}

function groupLabel({ name, members }: ComponentGroup): string {
  return members > 1 ? `${name} (busiest of ${members})` : name;
}

/** A row of dots joined by a line: one component in one panel. */
function drawDots(
  chart: UtilisationChart,
  series: Series,
  component: ComponentGroup,
  levels: Levels,
  place: { y: number; scale: (share: number) => number },
): string {
  const { load } = chart;
  const dots = levelsOf(load)
    .map((level, index) => ({
      share: groupUtilisation(chart.runs, series, component, {
        ...levels,
        ...(load !== undefined && level !== undefined && { [load.path]: level }),
      }),
      fill: sequentialColour(index, load?.levels.length ?? 1),
    }))
    .filter((dot) => Number.isFinite(dot.share));
  if (dots.length === 0) return '';
  const xs = dots.map((dot) => place.scale(dot.share));
  const { y } = place;
  return (
    line(Math.min(...xs), y, Math.max(...xs), y, { stroke: '#b5b5b5', 'stroke-width': 1.5 }) +
    dots
      .map(({ fill }, index) =>
        element('circle', {
          cx: xs[index],
          cy: y,
          r: 4.2,
          fill,
          stroke: '#ffffff',
          'stroke-width': 0.8,
        }),
      )
      .join('')
  );
}

/** All panels of one placement, side by side, with the names of its components at the left. */
function drawBlock(
  chart: UtilisationChart,
  series: Series,
  geometry: { width: number; most: number; isFirst: boolean; isLast: boolean },
): { svg: string; height: number } {
  const components = busiestGroups(
    chart.runs.filter((run) => matches(run.factors, chart.page)),
    series,
  );
  const height = components.length * STEP;
  const scale = scaleLinear().domain([0, geometry.most]).range([0, geometry.width]);
  const ticks = geometry.most > 1 ? [...TICKS, geometry.most] : TICKS;
  const names = components.map((component, index) =>
    text(shortenText(groupLabel(component), SIZE.tick, LEFT - 12), {
      x: LEFT - 8,
      y: (index + 0.5) * STEP + 3.5,
      'text-anchor': 'end',
      'font-size': SIZE.tick,
      fill: INK,
    }),
  );
  const panels = levelsOf(chart.facets.columns).map((column, columnIndex) => {
    const levels = panelLevels(chart.facets, chart.page, column, undefined);
    return group(
      { transform: translate(LEFT + columnIndex * (geometry.width + GAP), 0) },
      ...ticks.map((tick) => line(scale(tick), 0, scale(tick), height, { stroke: GRID })),
      line(0, 0, 0, height, { stroke: AXIS }),
      geometry.isFirst ? headingAbove(chart, column, geometry.width) : '',
      ...components.map((component, index) =>
        drawDots(chart, series, component, levels, { y: (index + 0.5) * STEP, scale }),
      ),
      ...(geometry.isLast ? tickLabels(ticks, scale, height) : []),
    );
  });
  return { svg: names.join('') + panels.join(''), height };
}

function headingAbove(chart: UtilisationChart, column: string | undefined, width: number): string {
  return group(
    { transform: translate(0, -16) },
    columnHeading(chart.facets.columns, column, width),
  );
}

function tickLabels(
  ticks: readonly number[],
  scale: (share: number) => number,
  y: number,
): string[] {
  return ticks.map((tick) =>
    text(`${Math.round(tick * 100)}`, {
      x: scale(tick),
      y: y + 13,
      'text-anchor': 'middle',
      'font-size': SIZE.tick,
      fill: MUTED,
    }),
  );
}

function loadLegend(load: NumericFactor | undefined): LegendItem[] {
  return (load?.levels ?? []).map((level, index) => ({
    label: index === 0 ? levelLabel(load!, level) : level,
    width: 10,
    draw: element('circle', {
      cx: 5,
      cy: 0,
      r: 4.5,
      fill: sequentialColour(index, load!.levels.length),
    }),
  }));
}

/** The SVG; undefined where no run of the page has components. */
export function drawUtilisationChart(chart: UtilisationChart): string | undefined {
  const runs = chart.runs.filter((run) => matches(run.factors, chart.page));
  const shares = runs
    .flatMap((run) => run.components.map((c) => c.utilisation))
    .filter(Number.isFinite);
  if (shares.length === 0) return undefined;
  const columns = levelsOf(chart.facets.columns).length;
  const width = columns === 1 ? 420 : columns === 2 ? 280 : 200;
  const most = Math.max(1, Math.ceil(Math.max(...shares) * 10 - 1e-9) / 10);
  const blocks = seriesOf(chart.study).filter((series) => busiestGroups(runs, series).length > 0);
  const parts: string[] = [];
  let y = chart.facets.columns === undefined ? 0 : 18;
  blocks.forEach((series, index) => {
    y += series.placement === undefined ? 4 : 18;
    const words = series.placement ?? '';
    parts.push(
      text(words, { x: 0, y: y - 6, 'font-size': SIZE.label, 'font-weight': 'bold', fill: INK }),
    );
    const edges = { isFirst: index === 0, isLast: index === blocks.length - 1 };
    const block = drawBlock(chart, series, { width, most, ...edges });
    parts.push(group({ transform: translate(0, y) }, block.svg));
    y += block.height + 8;
  });
  const plotWidth = columns * width + (columns - 1) * GAP;
  parts.push(
    text('utilisation (%)', {
      x: LEFT + plotWidth / 2,
      y: y + 24,
      'text-anchor': 'middle',
      'font-size': SIZE.label,
      fill: INK,
    }),
  );
  const fixed = fixedLabel(chart.study, chart.page);
  return drawFrame({
    title: 'Busiest components of each placement',
    subtitles: [chart.study.question, fixed === '' ? '' : `At ${fixed}.`],
    legend: loadLegend(chart.load),
    note: 'Mean over replications of the busy share: request slots or processes of a service, cores of a broker, database or node. The busiest six of each placement.',
    width: LEFT + plotWidth + 10,
    height: y + 30,
    body: parts.join(''),
  });
}
