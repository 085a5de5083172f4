export {
  formatDuration,
  formatFrequency,
  formatRate,
  formatSize,
  parseDuration,
  parseFrequency,
  parseRate,
  parseSize,
  UnitError,
} from './units.js';
