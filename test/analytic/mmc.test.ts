import { describe, it } from 'vitest';
import { mmc } from './closed-forms.js';
import { expectCoverage } from './coverage.js';
import { exponentialQueue } from './exponential-queue.js';
import { timeAverages } from './open-queue.js';

describe('M/M/3 at a load of 1.8', () => {
  it('has the exact utilisation and queue', () => {
    const { utilisation, meanQueueLength, meanInSystem } = mmc(1.8, 1, 3);
    const queue = exponentialQueue(1.8, 3);
    expectCoverage({ utilisation, meanQueueLength, meanInSystem }, (streams) => ({
      ...timeAverages(queue, streams, 1_000),
    }));
  });
});
