import { describe, it } from 'vitest';
import { mgcSharing } from './closed-forms.js';
import { expectCoverage } from './coverage.js';
import { meanResponseMs } from './open-queue.js';
import { fixed, hyperexponential, sharedQueue } from './shared-queue.js';

describe.each([fixed, hyperexponential])('one core at a load of 0.4, $name demands', (law) => {
  const queue = sharedQueue(0.4, 1, law);

  it('has the exact mean response', () => {
    expectCoverage({ response: mgcSharing(0.4, 1, 1).meanResponseMs }, (streams) => ({
      response: meanResponseMs(queue, streams, 1_000),
    }));
  });
});
