import { randomGamma, randomLogNormal, randomWeibull } from 'd3-random';
import jstat from 'jstat';
import type { RandomStream } from './streams.js';

/** What a stream is drawn into. Samples have the unit of the parameters. */
export interface Distribution {
  readonly name: string;
  readonly mean: number;
  sample(stream: RandomStream): number;
}

function requirePositive(name: string, value: number): void {
  if (!(value > 0) || !Number.isFinite(value))
    throw new RangeError(`${name} is ${value}; a finite number above 0 is needed`);
}

function requireFinite(name: string, value: number): void {
  if (!Number.isFinite(value))
    throw new RangeError(`${name} is ${value}; a finite number is needed`);
}

/** Always the same value; draws nothing. @throws RangeError for a value that is not finite. */
export function deterministic(value: number): Distribution {
  requireFinite('value', value);
  return { name: 'deterministic', mean: value, sample: () => value };
}

/** Uniform in [low, high). @throws RangeError for bounds that are not finite or not in order. */
export function uniform(low: number, high: number): Distribution {
  requireFinite('low', low);
  requireFinite('high', high);
  if (!(high >= low)) throw new RangeError(`uniform needs low <= high, not ${low} and ${high}`);
  return {
    name: 'uniform',
    mean: (low + high) / 2,
    sample: (stream) => low + (high - low) * stream.uniform(),
  };
}

/** By inversion: -mean ln(1 - U). @throws RangeError for a mean that is not above 0. */
export function exponential(mean: number): Distribution {
  requirePositive('mean', mean);
  return { name: 'exponential', mean, sample: (stream) => -mean * Math.log1p(-stream.uniform()) };
}

/**
 * d3-random binds a sampler to its source of numbers, and the normal keeps every second draw for the
 * next call, so one sampler is kept for each stream: a draw from one stream never reaches another.
 */
function bound(make: (source: () => number) => () => number): (stream: RandomStream) => number {
  const samplers = new WeakMap<RandomStream, () => number>();
  return (stream) => {
    let sampler = samplers.get(stream);
    if (!sampler) {
      sampler = make(() => stream.uniform());
      samplers.set(stream, sampler);
    }
    return sampler();
  };
}

/**
 * By its mean and coefficient of variation (standard deviation over mean): the logarithm has
 * variance ln(1 + cv^2) and mean ln(mean) less half of that.
 * @throws RangeError for a parameter that is not above 0.
 */
export function lognormal(mean: number, coefficientOfVariation: number): Distribution {
  requirePositive('mean', mean);
  requirePositive('coefficient of variation', coefficientOfVariation);
  const variance = Math.log1p(coefficientOfVariation ** 2);
  const mu = Math.log(mean) - variance / 2;
  const sample = bound((source) => randomLogNormal.source(source)(mu, Math.sqrt(variance)));
  return { name: 'lognormal', mean, sample };
}

/**
 * By its mean and shape; shape 1 is the exponential, and the coefficient of variation is
 * 1 / sqrt(shape). Sampled by d3-random (Marsaglia and Tsang 2000).
 * @throws RangeError for a parameter that is not above 0.
 */
export function gamma(mean: number, shape: number): Distribution {
  requirePositive('mean', mean);
  requirePositive('shape', shape);
  return {
    name: 'gamma',
    mean,
    sample: bound((source) => randomGamma.source(source)(shape, mean / shape)),
  };
}

/**
 * By its scale and shape, P(X > x) = exp(-(x/scale)^shape); shape 1 is the exponential.
 * @throws RangeError for a parameter that is not above 0.
 */
export function weibull(scale: number, shape: number): Distribution {
  requirePositive('scale', scale);
  requirePositive('shape', shape);
  const sample = bound((source) => randomWeibull.source(source)(shape, 0, scale));
  return { name: 'weibull', mean: scale * jstat.gammafn(1 + 1 / shape), sample };
}

/**
 * Pareto of the first kind, by inversion: P(X > x) = (scale/x)^shape for x >= scale. The mean is
 * infinite for shape <= 1.
 * @throws RangeError for a parameter that is not above 0.
 */
export function pareto(scale: number, shape: number): Distribution {
  requirePositive('scale', scale);
  requirePositive('shape', shape);
  const mean = shape > 1 ? (shape * scale) / (shape - 1) : Number.POSITIVE_INFINITY;
  return {
    name: 'pareto',
    mean,
    sample: (stream) => scale * (1 - stream.uniform()) ** (-1 / shape),
  };
}

/**
 * Each of the observed values with the same chance.
 * @throws RangeError for an empty list or a value that is not finite.
 */
export function empirical(values: readonly number[]): Distribution {
  if (values.length === 0)
    throw new RangeError('an empirical distribution needs at least one value');
  for (const value of values) requireFinite('an observed value', value);
  const copy = Float64Array.from(values);
  const mean = copy.reduce((sum, value) => sum + value, 0) / copy.length;
  return {
    name: 'empirical',
    mean,
    sample: (stream) => copy[Math.floor(stream.uniform() * copy.length)],
  };
}
