import { parseDuration, parseSize } from '../units/index.js';
import {
  type Count,
  type Quantity,
  STATE_VARIABLES,
  type StateVariable,
} from './procedure-schema.js';

/** `base + each x variable`, with the variable read when the step runs; variable -1: constant. */
export interface Amount {
  readonly base: number;
  readonly each: number;
  /** Index in STATE_VARIABLES, or -1. */
  readonly variable: number;
}

export const ZERO: Amount = { base: 0, each: 0, variable: -1 };

export function constantAmount(base: number): Amount {
  return { base, each: 0, variable: -1 };
}

function variableIndex(name: StateVariable): number {
  return STATE_VARIABLES.indexOf(name);
}

export function countAmount(count: Count): Amount {
  if (typeof count === 'number') return constantAmount(count);
  if (typeof count === 'string') return { base: 0, each: 1, variable: variableIndex(count) };
  return { base: count.base, each: count.each, variable: variableIndex(count.per) };
}

function quantityAmount(quantity: Quantity | undefined, parse: (text: string) => number): Amount {
  if (quantity === undefined) return ZERO;
  if (typeof quantity === 'string') return constantAmount(parse(quantity));
  return {
    base: parse(quantity.base),
    each: parse(quantity.each),
    variable: variableIndex(quantity.per),
  };
}

/** In ms. Throws UnitError for text without a unit of time. */
export function durationAmount(quantity: Quantity | undefined): Amount {
  return quantityAmount(quantity, parseDuration);
}

/** In bytes. Throws UnitError for text without a unit of size. */
export function sizeAmount(quantity: Quantity | undefined): Amount {
  return quantityAmount(quantity, parseSize);
}

/** The amount times a constant. */
export function scaled(amount: Amount, factor: number): Amount {
  return { base: amount.base * factor, each: amount.each * factor, variable: amount.variable };
}

/** Sum of two amounts; undefined where they grow with different variables. */
export function sumOf(a: Amount, b: Amount): Amount | undefined {
  if (a.variable >= 0 && b.variable >= 0 && a.variable !== b.variable) return undefined;
  return {
    base: a.base + b.base,
    each: a.each + b.each,
    variable: a.variable >= 0 ? a.variable : b.variable,
  };
}

export function isZero(amount: Amount): boolean {
  return amount.base === 0 && amount.each === 0;
}
