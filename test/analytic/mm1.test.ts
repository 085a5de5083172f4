import { describe, it } from 'vitest';
import { mmc } from './closed-forms.js';
import { expectCoverage } from './coverage.js';
import { exponentialQueue } from './exponential-queue.js';
import { meanResponseMs, timeAverages } from './open-queue.js';

describe('M/M/1 at a load of 0.5', () => {
  const queue = exponentialQueue(0.5, 1);
  const { utilisation, meanQueueLength, meanInSystem, meanResponseMs: response } = mmc(0.5, 1, 1);

  it('has the exact mean response', () => {
    expectCoverage({ response }, (streams) => ({
      response: meanResponseMs(queue, streams, 1_000),
    }));
  });

  it('has the exact utilisation and queue', () => {
    expectCoverage({ utilisation, meanQueueLength, meanInSystem }, (streams) => ({
      ...timeAverages(queue, streams, 2_500),
    }));
  });
});
