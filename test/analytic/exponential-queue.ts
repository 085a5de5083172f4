import { exponential } from '../../src/random/index.js';
import { FifoStation } from '../../src/resources/fifo-station.js';
import { drawNumber, type OpenQueue } from './open-queue.js';

/** M/M/c with a mean service of 1 ms. */
export function exponentialQueue(arrivalRate: number, servers: number): OpenQueue {
  const service = exponential(1);
  const number = drawNumber(arrivalRate, servers);
  return {
    arrivalRate,
    makeStation: (simulator) => new FifoStation(simulator, servers),
    drawService: (stream) => service.sample(stream),
    // The exponential has no memory: what is left of a service is as a whole one.
    drawPresent: (stream) => Array.from({ length: number(stream) }, () => service.sample(stream)),
  };
}
