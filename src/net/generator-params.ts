import { z } from 'zod';
import { parseDuration, parseRate } from '../units/index.js';

/** A quantity with its unit, as users write it; a bare number is refused. */
function quantity(parse: (text: string) => number, example: string) {
  return z
    .string({ error: `expected a quantity with its unit such as "${example}"` })
    .transform((text, context) => {
      try {
        return parse(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
        return z.NEVER;
      }
    });
}

/** One-way propagation, jitter. */
export const duration = quantity(parseDuration, '5 ms');

export const rate = quantity(parseRate, '10 Gbit/s').refine((bps) => bps > 0, {
  error: 'must be above 0',
});

export const lossRate = z.number().min(0).lt(1);

export const count = z.number().int().min(1).max(100_000);

/** Compute nodes of a site; where it is absent the experiment says. */
export const computes = z.number().int().min(0).max(10_000).optional();
