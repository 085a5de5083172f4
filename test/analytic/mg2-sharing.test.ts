import { describe, it } from 'vitest';
import { mgcSharing } from './closed-forms.js';
import { expectCoverage } from './coverage.js';
import { timeAverages } from './open-queue.js';
import { fixed, hyperexponential, sharedQueue } from './shared-queue.js';

describe.each([fixed, hyperexponential])('two cores at a load of 1, $name demands', (law) => {
  const queue = sharedQueue(1, 2, law);

  it('have the exact utilisation and number in service', () => {
    const { utilisation, meanQueueLength, meanInSystem } = mgcSharing(1, 1, 2);
    expectCoverage({ utilisation, meanQueueLength, meanInSystem }, (streams) => ({
      ...timeAverages(queue, streams, 1_000),
    }));
  });
});
