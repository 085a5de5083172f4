import { describe, expect, it } from 'vitest';
import { defineEventKind } from '../../src/kernel/event-kind.js';
import { Simulator } from '../../src/kernel/simulator.js';
import type { RandomStream, RandomStreams } from '../../src/random/index.js';
import { FifoStation } from '../../src/resources/fifo-station.js';
import { jackson, type OpenNetwork, trafficRates } from './closed-forms.js';
import { expectCoverage } from './coverage.js';
import { drawNumber } from './open-queue.js';

/** With a way back from the last station to the first, and one from the second to itself. */
const network: OpenNetwork = {
  arrivalRates: [0.3, 0.1, 0],
  meanServicesMs: [1, 2, 0.8],
  servers: [1, 2, 1],
  routing: [
    [0, 0.6, 0.4],
    [0, 0.2, 0.5],
    [0.3, 0, 0],
  ],
};
const drawNumbers = trafficRates(network).map((rate, i) =>
  drawNumber(rate * network.meanServicesMs[i], network.servers[i]),
);

const entry = defineEventKind('jackson-entry', (run: Run, station: number) => run.enter(station));
const departure = defineEventKind('jackson-departure', (run: Run, station: number) =>
  run.leave(station),
);

class Run {
  readonly simulator = new Simulator({ fingerprint: false });
  readonly stations = network.servers.map((servers) => new FifoStation(this.simulator, servers));
  private readonly services: RandomStream;
  private readonly gaps: RandomStream;
  private readonly routes: RandomStream;

  constructor(streams: RandomStreams) {
    this.services = streams.stream('services');
    this.gaps = streams.stream('gaps');
    this.routes = streams.stream('routes');
    const present = streams.stream('present');
    drawNumbers.forEach((drawNumberAt, station) => {
      for (let n = drawNumberAt(present); n > 0; n--) this.serve(station);
    });
    network.arrivalRates.forEach((rate, station) => {
      if (rate > 0) this.scheduleEntry(station);
    });
  }

  enter(station: number): void {
    this.serve(station);
    this.scheduleEntry(station);
  }

  leave(station: number): void {
    let uniform = this.routes.uniform();
    for (let next = 0; next < this.stations.length; next++) {
      uniform -= network.routing[station][next];
      if (uniform < 0) {
        this.serve(next);
        return;
      }
    }
  }

  private serve(station: number): void {
    const serviceMs = -network.meanServicesMs[station] * Math.log1p(-this.services.uniform());
    this.stations[station].submit(serviceMs, departure, this, station);
  }

  private scheduleEntry(station: number): void {
    const gapMs = -Math.log1p(-this.gaps.uniform()) / network.arrivalRates[station];
    this.simulator.schedule(gapMs, entry, this, station);
  }
}

describe('an open Jackson network of three stations', () => {
  it('has the exact number at each station and in all', () => {
    const exact = jackson(network);
    for (const { utilisation } of exact) expect(utilisation).toBeGreaterThan(0.3);
    const total = exact.reduce((sum, { meanInSystem }) => sum + meanInSystem, 0);
    expectCoverage(
      {
        'in the first': exact[0].meanInSystem,
        'in the second': exact[1].meanInSystem,
        'in the third': exact[2].meanInSystem,
        'in all': total,
        'busy share of the second': exact[1].utilisation,
      },
      (streams) => {
        const run = new Run(streams);
        run.simulator.runUntil(1_000);
        const [first, second, third] = run.stations.map((station) => station.statistics());
        return {
          'in the first': first.meanInSystem,
          'in the second': second.meanInSystem,
          'in the third': third.meanInSystem,
          'in all': first.meanInSystem + second.meanInSystem + third.meanInSystem,
          'busy share of the second': second.utilisation,
        };
      },
    );
  });
});
