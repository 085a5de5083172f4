import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale';

export type NumberScale = ScaleContinuousNumeric<number, number>;

/** A span of more than this asks for a logarithmic scale. */
const LOG_SPAN = 50;

/** A scale for latencies with the unit that keeps its numbers short. */
export interface LatencyScale {
  /** Maps ms to px. */
  scale: NumberScale;
  /** In ms. */
  ticks: number[];
  printTick(valueMs: number): string;
  unit: 'ms' | 's';
  isLog: boolean;
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** Ticks of a logarithmic scale at 1, 2, 5 times powers of ten, or at the powers where many. */
function logTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const steps = decades > 3 ? [1] : decades > 2.2 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of steps) {
      const tick = Number(`${step}e${power}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}

/**
 * Scale over latencies in ms: from zero, or logarithmic where they span more than 50 times.
 *
 * @param range Px of the low and the high end.
 */
export function latencyScale(
  valuesMs: readonly number[],
  range: [number, number],
  tickCount = 5,
): LatencyScale {
  const finite = valuesMs.filter(Number.isFinite);
  const positive = finite.filter((value) => value > 0);
  const high = Math.max(0, ...finite);
  const low = Math.min(...positive);
  const unit = high >= 10_000 ? 's' : 'ms';
  const isLog = positive.length > 0 && high / low > LOG_SPAN;
  const printTick = (valueMs: number) => trimmed(unit === 's' ? valueMs / 1000 : valueMs);
  if (isLog) {
    const scale = scaleLog()
      .domain([low * 0.85, high * 1.15])
      .range(range)
      .clamp(true);
    return { scale, ticks: logTicks(low * 0.85, high * 1.15), printTick, unit, isLog };
  }
  const scale = scaleLinear()
    .domain([0, high > 0 ? high * 1.04 : 1])
    .range(range);
  return { scale, ticks: scale.ticks(tickCount), printTick, unit, isLog };
}

/**
 * Scale over the levels of a factor with room at both ends: logarithmic where they are positive and
 * span more than 50 times.
 */
export function levelScale(values: readonly number[], width: number): NumberScale {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const range: [number, number] = [24, width - 24];
  if (low > 0 && high / low > LOG_SPAN) return scaleLog().domain([low, high]).range(range);
  return scaleLinear()
    .domain(low === high ? [low - 1, high + 1] : [low, high])
    .range(range);
}
