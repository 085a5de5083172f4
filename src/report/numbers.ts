import type { Interval } from './intervals.js';

/** Decimals that leave three or four digits. */
function decimalsFor(value: number): number {
  const size = Math.abs(value);
  return size >= 100 ? 0 : size >= 10 ? 1 : 2;
}

/** From here on a latency is printed in seconds. */
const SECONDS_FROM_MS = 9_999.5;

/** Seconds with a precision that fits their size. */
function printSeconds(valueMs: number, likeMs: number): string {
  return (valueMs / 1000).toFixed(Math.abs(likeMs) >= 100_000 ? 1 : 2);
}

/**
 * `2683`, `12.3`, `105.6s`: ms, or seconds where that is said; `-` where there is none.
 *
 * @param likeMs Value whose unit and decimals are taken over: the mean for its half-width.
 */
export function shortMs(valueMs: number, likeMs = valueMs): string {
  if (!Number.isFinite(valueMs)) return '-';
  if (Math.abs(likeMs) >= SECONDS_FROM_MS) return `${printSeconds(valueMs, likeMs)}s`;
  return valueMs.toFixed(decimalsFor(likeMs));
}

/** `412 ms ± 31`; without the interval where there is none. */
export function wordsMs({ mean, halfWidth }: Interval): string {
  const seconds = Math.abs(mean) >= SECONDS_FROM_MS;
  const unit = seconds ? 's' : 'ms';
  const print = (valueMs: number) =>
    seconds ? printSeconds(valueMs, mean) : valueMs.toFixed(decimalsFor(mean));
  const spread = Number.isFinite(halfWidth) ? ` ± ${print(halfWidth)}` : '';
  return `${print(mean)} ${unit}${spread}`;
}

/** `-16%`, `+4.2%`. */
export function shortPercent(value: number): string {
  const text = Math.abs(value).toFixed(Math.abs(value) >= 9.95 ? 0 : 1);
  return `${value < 0 ? '-' : '+'}${text}%`;
}

/** Whether the interval leaves out zero; undefined where there is no interval. */
export function isClear({ mean, halfWidth }: Interval): boolean | undefined {
  return Number.isFinite(halfWidth) ? Math.abs(mean) > halfWidth : undefined;
}
