import { describe, expect, it } from 'vitest';
import { TimeWeighted } from '../../../src/stats/index.js';

describe('TimeWeighted', () => {
  it('weighs each value by how long it lasted', () => {
    const queue = new TimeWeighted();
    queue.update(10, 2); // 0 for 10 ms
    queue.update(30, 5); // 2 for 20 ms
    expect(queue.mean(40)).toBe((0 * 10 + 2 * 20 + 5 * 10) / 40);
    expect(queue.mean(80)).toBe((2 * 20 + 5 * 50) / 80);
  });

  it('takes the last of several values at one time', () => {
    const queue = new TimeWeighted();
    queue.update(0, 9);
    queue.update(0, 4);
    expect(queue.mean(5)).toBe(4);
  });

  it('has no mean over no time', () => {
    const queue = new TimeWeighted();
    expect(queue.mean(0)).toBeNaN();
    queue.update(5, 1);
    queue.reset(5);
    expect(queue.mean(5)).toBeNaN();
  });

  it('keeps the present value when it forgets the past', () => {
    const queue = new TimeWeighted();
    queue.update(0, 100);
    queue.update(50, 3);
    queue.reset(60);
    expect(queue.mean(70)).toBe(3);
    queue.update(80, 0);
    expect(queue.mean(100)).toBe((3 * 20) / 40);
  });
});
