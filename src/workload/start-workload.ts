import type { Simulator } from '../kernel/simulator.js';
import type { RandomStreams } from '../random/index.js';
import { ClosedRunner } from './closed-runner.js';
import { OpenSource } from './open-source.js';
import { OperationPicker, type OperationStarter } from './operation-picker.js';
import { TraceSource } from './trace-source.js';
import type { WorkloadEntry } from './workload-types.js';

/**
 * Schedules what begins every entry of a workload at each of its sites. Lazy: an arrival schedules
 * the next one. Streams: `arrivals/<entry>/<site>`, `mix/<entry>/<site>`, `think/<entry>/<site>`, so
 * that an entry or a site more changes nothing for the others.
 *
 * @param siteIndexOf index of a site by its id
 * @param starter runs an operation and, when it has ended (ok or failed), the continuation
 */
export function startWorkload(
  simulator: Simulator,
  entries: readonly WorkloadEntry[],
  streams: RandomStreams,
  siteIndexOf: (siteId: string) => number,
  starter: OperationStarter,
): void {
  for (const entry of entries) {
    for (const siteId of entry.sites) {
      const picker = new OperationPicker(
        entry.mix,
        streams.stream(`mix/${entry.name}/${siteId}`),
        entry.inTurn,
      );
      const place = { simulator, starter, picker, site: siteIndexOf(siteId) };
      const { arrivals } = entry;
      switch (arrivals.type) {
        case 'poisson':
        case 'constant-rate': {
          const stream = streams.stream(`arrivals/${entry.name}/${siteId}`);
          const random = arrivals.type === 'poisson';
          new OpenSource(place, arrivals.ratePerMs, random, stream).begin(entry.startMs);
          break;
        }
        case 'times':
          new TraceSource(place, arrivals.timesMs).begin();
          break;
        case 'closed': {
          const stream = streams.stream(`think/${entry.name}/${siteId}`);
          new ClosedRunner(place, arrivals, stream).begin(entry.startMs);
          break;
        }
        case 'burst': {
          const closed = {
            concurrency: arrivals.count,
            times: arrivals.count,
            thinkTimeMs: 0,
            thinkTimeDistribution: 'constant' as const,
          };
          const stream = streams.stream(`think/${entry.name}/${siteId}`);
          new ClosedRunner(place, closed, stream).begin(entry.startMs);
          break;
        }
      }
    }
  }
}
