import {
  type SymbolType,
  symbolCircle,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';
import type { TimeCategory } from '../../operations/time-split.js';

export const FONT = 'Helvetica, Arial, sans-serif';
export const INK = '#222222';
export const MUTED = '#5f5f5f';
export const GRID = '#e4e4e4';
export const AXIS = '#8a8a8a';

export const SIZE = { title: 15, subtitle: 11.5, label: 11, tick: 10, note: 10 } as const;

/**
 * M. Okabe and K. Ito, "Color Universal Design" (2008): told apart with every common colour vision.
 * Without its yellow, which is too light for a thin line on white.
 */
const LINE_COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000'];
const MARKERS: SymbolType[] = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolStar,
  symbolWye,
];

/** Look of the line number `index`: colour, marker and dash differ, so that print in grey works. */
export interface LineStyle {
  colour: string;
  marker: SymbolType;
  dash: string | undefined;
}

export function lineStyle(index: number): LineStyle {
  const rounds = Math.floor(index / LINE_COLOURS.length);
  return {
    colour: LINE_COLOURS[index % LINE_COLOURS.length],
    marker: MARKERS[index % MARKERS.length],
    dash: rounds === 0 ? undefined : `${2 + 3 * rounds} 3`,
  };
}

/** From few to many: shades of one hue, light to dark. */
export function sequentialColour(index: number, count: number): string {
  const shades = ['#9ecae1', '#4a98c9', '#1764ab', '#08306b'];
  if (count <= 1) return shades[2];
  return shades[Math.floor((index / (count - 1)) * (shades.length - 1))];
}

/**
 * Stacking order and colours of the time categories. One hue a family: wires blue, waiting orange
 * to brown, computing green, image purple, waiting by design grey; shades within it.
 */
export const CATEGORY_STYLES: readonly {
  readonly category: TimeCategory;
  readonly label: string;
  readonly colour: string;
}[] = [
  { category: 'client_api', label: 'client–API wire', colour: '#c6dbef' },
  { category: 'rest_wire', label: 'REST wire', colour: '#8dbfe0' },
  { category: 'rpc_wire', label: 'RPC wire', colour: '#3f8fc5' },
  { category: 'sql_wire', label: 'SQL wire', colour: '#08458a' },
  { category: 'broker', label: 'broker', colour: '#fee391' },
  { category: 'service_queue', label: 'service queue', colour: '#E69F00' },
  { category: 'lock_wait', label: 'lock wait', colour: '#D55E00' },
  { category: 'retries', label: 'retries', colour: '#7f2704' },
  { category: 'cpu', label: 'CPU', colour: '#8fd3bb' },
  { category: 'database', label: 'database', colour: '#009E73' },
  { category: 'commit', label: 'commit', colour: '#00573f' },
  { category: 'image_transfer', label: 'image transfer', colour: '#CC79A7' },
  { category: 'idle_wait', label: 'idle wait', colour: '#c4c4c4' },
];

const NARROW = new Set("iljtfrI.,:;|'!()[]-/ ");
const WIDE = new Set('mwMW%@');

/**
 * Rough width of a line of Helvetica in px: what is drawn must not depend on the fonts of the
 * machine that draws it. On the large side, since DejaVu, its usual stand-in, is wider.
 */
export function textWidth(words: string, fontSize: number): number {
  let em = 0;
  for (const letter of words) {
    if (NARROW.has(letter)) em += 0.3;
    else if (WIDE.has(letter)) em += 0.86;
    else if (letter >= 'A' && letter <= 'Z') em += 0.69;
    else em += 0.556;
  }
  return em * 1.08 * fontSize;
}

/** Words in lines no wider than `width` px; a single longer word stays whole. */
export function wrapText(words: string, fontSize: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, fontSize) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/** With an ellipsis in the middle where it is too wide: the ends of an id tell the most. */
export function shortenText(words: string, fontSize: number, width: number): string {
  if (textWidth(words, fontSize) <= width) return words;
  for (let kept = words.length - 1; kept > 2; kept--) {
    const head = Math.ceil(kept / 2);
    const short = `${words.slice(0, head)}…${words.slice(words.length - (kept - head))}`;
    if (textWidth(short, fontSize) <= width) return short;
  }
  return words.slice(0, 1);
}
