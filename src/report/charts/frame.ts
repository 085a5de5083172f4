import type { StudyFactor } from '../../experiment/study-description.js';
import { levelLabel } from './facets.js';
import { FONT, INK, MUTED, SIZE, textWidth, wrapText } from './style.js';
import { element, escapeXml, group, text, translate } from './svg.js';

/** One entry of a legend; `draw` makes a swatch of `width` px around y = 0. */
export interface LegendItem {
  label: string;
  width: number;
  draw: string;
}

/** What stands around the panels of a chart. */
export interface Frame {
  title: string;
  /** Each wraps where it is too long. */
  subtitles: string[];
  legend: LegendItem[];
  /** Below the panels, in small letters. */
  note: string;
  /** Size of the panels with their axes, in px. */
  width: number;
  height: number;
  body: string;
}

const MARGIN = 16;
const LEGEND_LINE = 18;

/** Legend items from left to right, in as many lines as they need. */
function drawLegend(items: readonly LegendItem[], width: number): { svg: string; height: number } {
  if (items.length === 0) return { svg: '', height: 0 };
  let x = 0;
  let y = 0;
  const drawn = items.map((item) => {
    const itemWidth = item.width + 6 + textWidth(item.label, SIZE.label);
    if (x > 0 && x + itemWidth > width) {
      x = 0;
      y += LEGEND_LINE;
    }
    const svg = group(
      { transform: translate(x, y) },
      item.draw,
      text(item.label, { x: item.width + 6, y: 4, 'font-size': SIZE.label, fill: INK }),
    );
    x += itemWidth + 18;
    return svg;
  });
  return { svg: drawn.join(''), height: y + LEGEND_LINE };
}

/** A whole SVG file: white ground, title, subtitles, legend, panels, note. */
export function drawFrame(frame: Frame): string {
  const width = frame.width + 2 * MARGIN;
  const titles = wrapText(frame.title, SIZE.title * 1.06, frame.width);
  const subtitles = frame.subtitles
    .filter((words) => words !== '')
    .flatMap((words) => wrapText(words, SIZE.subtitle, frame.width));
  let y = MARGIN + 4;
  const heading: string[] = [];
  for (const words of titles) {
    y += 15;
    heading.push(
      text(words, { x: MARGIN, y, 'font-size': SIZE.title, 'font-weight': 'bold', fill: INK }),
    );
    y += 4;
  }
  for (const words of subtitles) {
    y += 14;
    heading.push(text(words, { x: MARGIN, y, 'font-size': SIZE.subtitle, fill: MUTED }));
  }
  const legend = drawLegend(frame.legend, frame.width);
  y += 22;
  heading.push(group({ transform: translate(MARGIN, y) }, legend.svg));
  y += legend.height;
  const body = group({ transform: translate(MARGIN, y) }, frame.body);
  y += frame.height + 6;
  const notes = frame.note === '' ? [] : wrapText(frame.note, SIZE.note, frame.width);
  const foot = notes.map((words, index) =>
    text(words, { x: MARGIN, y: y + 12 + index * 13, 'font-size': SIZE.note, fill: MUTED }),
  );
  const height = Math.ceil(y + notes.length * 13 + MARGIN);
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: Math.ceil(width),
      height,
      viewBox: `0 0 ${Math.ceil(width)} ${height}`,
      'font-family': FONT,
      role: 'img',
    },
    '\n',
    `<title>${escapeXml(frame.title)}</title>\n`,
    `<desc>${escapeXml([...frame.subtitles, frame.note].filter((s) => s !== '').join(' '))}</desc>\n`,
    element('rect', { width: '100%', height: '100%', fill: '#ffffff' }),
    ...heading,
    body,
    ...foot,
  );
}

/** What a column of panels shows, centred above a panel at its origin. */
export function columnHeading(
  factor: StudyFactor | undefined,
  level: string | undefined,
  width: number,
): string {
  if (factor === undefined || level === undefined) return '';
  const place = { x: width / 2, y: -7, 'text-anchor': 'middle' };
  return text(levelLabel(factor, level), { ...place, 'font-size': SIZE.label, fill: INK });
}

/** Words along an upright axis, centred at (x, y). */
export function rotatedText(words: string, x: number, y: number, angle: 90 | -90): string {
  return text(words, {
    transform: `${translate(x, y)} rotate(${angle})`,
    'text-anchor': 'middle',
    'font-size': SIZE.label,
    fill: INK,
  });
}
