import { z } from 'zod';
import { parseDuration, parseFrequency, parseRate, parseSize } from '../units/index.js';
import { firstLine } from './user-error.js';

/** The kinds of quantities that an experiment is written in, with what a message suggests. */
const KINDS = {
  duration: { parse: parseDuration, examples: ['25 ms', '5 min', '2 h'] },
  size: { parse: parseSize, examples: ['64 MiB', '2 GB'] },
  rate: { parse: parseRate, examples: ['100 Mbit/s', '10 Gbit/s'] },
  frequency: { parse: parseFrequency, examples: ['2 per min', '0.5 per s'] },
} as const;
export type QuantityKind = keyof typeof KINDS;

/** A text with a unit that has been checked, in ms, bytes, bit/s or per ms. */
export function quantityValue(kind: QuantityKind, text: string): number {
  return KINDS[kind].parse(text);
}

/** What is wrong with a quantity; undefined where nothing is. */
function quantityProblem(kind: QuantityKind, text: string, isZeroAllowed: boolean) {
  try {
    const value = KINDS[kind].parse(text);
    return value === 0 && !isZeroAllowed ? `"${text}" must be more than 0` : undefined;
  } catch (error) {
    return firstLine(error);
  }
}

/**
 * Schema of a text with a unit, such as "25 ms". A bare number is refused with the units to write.
 *
 * @param also Words that stand for something else than a quantity, such as `auto`.
 */
export function quantity(
  kind: QuantityKind,
  options: { isZeroAllowed?: boolean; also?: readonly string[] } = {},
) {
  const { isZeroAllowed = true, also = [] } = options;
  const examples = [...also, ...KINDS[kind].examples].map((text) => `"${text}"`).join(', ');
  return z
    .string({
      error: ({ input }) =>
        typeof input === 'number'
          ? `${input} has no unit; write for instance ${examples}`
          : undefined,
    })
    .check((context) => {
      const text = context.value;
      if (also.includes(text)) return;
      const message = quantityProblem(kind, text, isZeroAllowed);
      if (message) context.issues.push({ code: 'custom', message, input: text });
    })
    .meta({ examples: [...also, ...KINDS[kind].examples] });
}
