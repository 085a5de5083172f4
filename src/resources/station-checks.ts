/** @throws RangeError unless `value` is an integer from `least` on, or Infinity. */
export function checkCount(name: string, value: number, least: number): void {
  if (value === Infinity || (Number.isInteger(value) && value >= least)) return;
  throw new RangeError(`${name} is ${value}; an integer from ${least} on is needed`);
}

/** @throws RangeError if `valueMs` is negative, NaN or infinite. */
export function checkDuration(name: string, valueMs: number): void {
  if (valueMs >= 0 && valueMs < Infinity) return;
  throw new RangeError(`${name} is ${valueMs}; a finite time of 0 or more is needed`);
}
