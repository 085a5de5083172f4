import { TIME_CATEGORIES } from './time-split.js';

/** Doubles of one account; a power of two of them are two lines of the cache. */
const SHIFT = 4;
/** Place of the mark in an account: until when it is up to date. The categories follow it. */
const MARK = 0;
const FIRST_CATEGORY = 1;
const END = FIRST_CATEGORY + TIME_CATEGORIES.length;

/**
 * Where the time of activities went, by category, in ms: one array for all, because an array for
 * each is two more records to wait for whenever an activity goes on. An account is a number from 0.
 */
export class TimeAccounts {
  private times = new Float64Array(64 << SHIFT);

  /** Begins an account at `nowMs`, with nothing in it. */
  begin(account: number, nowMs: number): void {
    const start = account << SHIFT;
    if (start + END > this.times.length) this.grow(start + END);
    const { times } = this;
    for (let place = FIRST_CATEGORY; place < END; place++) times[start + place] = 0;
    times[start + MARK] = nowMs;
  }

  /** Begins an account at `nowMs` with what is in another, which may lie behind with its mark. */
  beginAs(account: number, other: number, nowMs: number): void {
    const { times } = this;
    const start = account << SHIFT;
    const from = other << SHIFT;
    for (let place = FIRST_CATEGORY; place < END; place++)
      times[start + place] = times[from + place];
    times[start + MARK] = nowMs;
  }

  /** Charges the time since the last charge to a category. */
  charge(account: number, category: number, nowMs: number): void {
    const { times } = this;
    const start = account << SHIFT;
    times[start + FIRST_CATEGORY + category] += nowMs - times[start + MARK];
    times[start + MARK] = nowMs;
  }

  /** Adds what is in an account to sums by category. */
  addTo(sums: Float64Array | number[], account: number): void {
    const start = (account << SHIFT) + FIRST_CATEGORY;
    for (let i = 0; i < sums.length; i++) sums[i] += this.times[start + i];
  }

  private grow(least: number): void {
    const times = new Float64Array(Math.max(least, this.times.length * 2));
    times.set(this.times);
    this.times = times;
  }
}
