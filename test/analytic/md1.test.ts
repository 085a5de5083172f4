import { describe, it } from 'vitest';
import { FifoStation } from '../../src/resources/fifo-station.js';
import { mg1 } from './closed-forms.js';
import { expectCoverage } from './coverage.js';
import { drawNumber, meanResponseMs, type OpenQueue } from './open-queue.js';

/**
 * M/D/1 with a service of 1 ms. The work in the station is a geometric sum of services in part done,
 * each uniform (V. E. Benes, 1957); to those who come later it is all the same who brought it.
 */
function fixedQueue(arrivalRate: number): OpenQueue {
  const number = drawNumber(arrivalRate, 1);
  return {
    arrivalRate,
    makeStation: (simulator) => new FifoStation(simulator, 1),
    drawService: () => 1,
    drawPresent: (stream) => Array.from({ length: number(stream) }, () => stream.uniform()),
  };
}

describe('M/D/1 at a load of 0.6', () => {
  it('has the exact mean response', () => {
    const queue = fixedQueue(0.6);
    expectCoverage({ response: mg1(0.6, 1, 0).meanResponseMs }, (streams) => ({
      response: meanResponseMs(queue, streams, 1_000),
    }));
  });
});
