export {
  type ConfidenceInterval,
  confidenceInterval,
  pairedDifference,
  studentQuantile,
} from './confidence.js';
export { mser5 } from './mser.js';
export { QuantileSketch, SKETCH_RELATIVE_ERROR } from './quantile-sketch.js';
export { Tally } from './tally.js';
export { TimeWeighted } from './time-weighted.js';
