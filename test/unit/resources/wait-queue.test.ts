import { describe, expect, it } from 'vitest';
import { Simulator } from '../../../src/kernel/simulator.js';
import { WaitQueue } from '../../../src/resources/wait-queue.js';
import { Journal, note } from './journal.js';

describe('WaitQueue', () => {
  it('does not grow while those who leave the middle make room', () => {
    const queue = new WaitQueue();
    const journal = new Journal(new Simulator());
    queue.push(note, journal, 0);
    for (let job = 1; job < 1000; job++) {
      queue.push(note, journal, job);
      expect(queue.abandon(journal, job)).toBe(true);
    }
    expect(queue.length).toBe(1);
    expect(queue.kinds.length).toBe(4);
    expect(queue.numbers[queue.first()]).toBe(0);
  });

  it('keeps nothing of those who have left', () => {
    const queue = new WaitQueue();
    const journal = new Journal(new Simulator());
    for (let job = 0; job < 3; job++) queue.push(note, journal, job, job / 2);
    expect(queue.amounts[queue.first()]).toBe(0);
    queue.dropFirst();
    queue.abandon(journal, 2);
    expect(queue.targets.filter((target) => target !== undefined)).toEqual([journal]);
    expect(queue.amounts[queue.first()]).toBe(0.5);
  });
});
