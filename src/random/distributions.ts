import { randomGamma, randomLogNormal, randomWeibull } from 'd3-random';
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

export function deterministic(value: number): Distribution {
  return { name: 'deterministic', mean: value, sample: () => value };
}

/** Uniform in [low, high). */
export function uniform(low: number, high: number): Distribution {
  if (!(high >= low)) throw new RangeError(`uniform needs low <= high, not ${low} and ${high}`);
  return {
    name: 'uniform',
    mean: (low + high) / 2,
    sample: (stream) => low + (high - low) * stream.uniform(),
  };
}

/** By inversion: -mean ln(1 - U). */
export function exponential(mean: number): Distribution {
  requirePositive('mean', mean);
  return { name: 'exponential', mean, sample: (stream) => -mean * Math.log1p(-stream.uniform()) };
}

/**
 * d3-random binds a sampler to its source of numbers; one sampler is kept for each stream.
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

/** By its mean and coefficient of variation (standard deviation over mean). */
export function lognormal(mean: number, coefficientOfVariation: number): Distribution {
  requirePositive('mean', mean);
  requirePositive('coefficient of variation', coefficientOfVariation);
  const variance = Math.log1p(coefficientOfVariation ** 2);
  const mu = Math.log(mean) - variance / 2;
  const sample = bound((source) => randomLogNormal.source(source)(mu, Math.sqrt(variance)));
  return { name: 'lognormal', mean, sample };
}

/** By its mean and shape; shape 1 is the exponential. */
export function gamma(mean: number, shape: number): Distribution {
  requirePositive('mean', mean);
  requirePositive('shape', shape);
  return {
    name: 'gamma',
    mean,
    sample: bound((source) => randomGamma.source(source)(shape, mean / shape)),
  };
}

/** Lanczos approximation of the gamma function (g = 7, n = 9), relative error below 1e-13 for x > 0.5. */
function gammaFunction(x: number): number {
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
    1.5056327351493116e-7,
  ];
  const z = x - 1;
  let sum = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) sum += coefficients[i] / (z + i);
  const t = z + 7.5;
  return Math.sqrt(2 * Math.PI) * t ** (z + 0.5) * Math.exp(-t) * sum;
}

/** By its scale and shape; shape 1 is the exponential. */
export function weibull(scale: number, shape: number): Distribution {
  requirePositive('scale', scale);
  requirePositive('shape', shape);
  const sample = bound((source) => randomWeibull.source(source)(shape, 0, scale));
  return { name: 'weibull', mean: scale * gammaFunction(1 + 1 / shape), sample };
}

/** Pareto of the first kind: P(X > x) = (scale/x)^shape for x >= scale. Mean infinite for shape <= 1. */
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

/** Each of the observed values with the same chance. */
export function empirical(values: readonly number[]): Distribution {
  if (values.length === 0)
    throw new RangeError('an empirical distribution needs at least one value');
  const copy = Float64Array.from(values);
  const mean = copy.reduce((sum, value) => sum + value, 0) / copy.length;
  return {
    name: 'empirical',
    mean,
    sample: (stream) => copy[Math.floor(stream.uniform() * copy.length)],
  };
}
