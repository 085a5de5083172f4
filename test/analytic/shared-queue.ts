import type { RandomStream } from '../../src/random/index.js';
import { ProcessorSharing } from '../../src/resources/processor-sharing.js';
import { drawNumber, type OpenQueue } from './open-queue.js';

/** A law of service times of mean 1 ms, and of what is left of one that is under way. */
export interface ServiceLaw {
  name: string;
  draw(stream: RandomStream): number;
  drawRest(stream: RandomStream): number;
}

export const fixed: ServiceLaw = {
  name: 'deterministic',
  draw: () => 1,
  drawRest: (stream) => stream.uniform(),
};

function exponential(meanMs: number, stream: RandomStream): number {
  return -meanMs * Math.log1p(-stream.uniform());
}

/** Two exponentials that bring half of the work each; the squared coefficient of variation is 2. */
export const hyperexponential: ServiceLaw = (() => {
  const probability = (1 + Math.sqrt((2 - 1) / (2 + 1))) / 2;
  const shortMs = 1 / (2 * probability);
  const longMs = 1 / (2 * (1 - probability));
  return {
    name: 'hyperexponential',
    draw: (stream) => exponential(stream.uniform() < probability ? shortMs : longMs, stream),
    drawRest: (stream) => exponential(stream.uniform() < 0.5 ? shortMs : longMs, stream),
  };
})();

/** In the steady state, the rests of the jobs present are independent (Kelly 1979, section 3.3). */
export function sharedQueue(load: number, cores: number, law: ServiceLaw): OpenQueue {
  const number = drawNumber(load, cores);
  return {
    arrivalRate: load,
    makeStation: (simulator) => new ProcessorSharing(simulator, cores),
    drawService: law.draw,
    drawPresent: (stream) => Array.from({ length: number(stream) }, () => law.drawRest(stream)),
  };
}
