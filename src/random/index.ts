export {
  type Distribution,
  deterministic,
  empirical,
  exponential,
  gamma,
  lognormal,
  pareto,
  uniform,
  weibull,
} from './distributions.js';
export { RandomStream, RandomStreams } from './streams.js';
