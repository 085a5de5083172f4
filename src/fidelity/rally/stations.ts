import type { EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import type { RandomStream } from '../../random/index.js';
import { FifoStation } from '../../resources/fifo-station.js';
import { ProcessorSharing } from '../../resources/processor-sharing.js';
import type { Laboratory, RallyModel } from './laboratories.js';

/** One station of a laboratory with what a request does there. */
export class LaboratoryStation {
  readonly bursts: number;
  readonly busyShare: number;
  /** A connection stays with the process that took it; a burst on a core does not. */
  readonly isSticky: boolean;
  private readonly servers: readonly (ProcessorSharing | FifoStation)[];

  constructor(
    simulator: Simulator,
    { kind, servers, bursts = 1, busy = 1 }: RallyModel['stations'][string],
    own: NonNullable<Laboratory['stations']>[string] | undefined,
  ) {
    const count = own?.servers ?? servers;
    this.bursts = bursts;
    this.busyShare = busy;
    this.isSticky = kind !== 'spread';
    if (kind === 'line') {
      this.servers = [new FifoStation(simulator, count)];
      return;
    }
    this.servers = Array.from({ length: count }, () =>
      kind === 'spread' ? new ProcessorSharing(simulator, 1) : new FifoStation(simulator, 1),
    );
  }

  /** A server for a request, by chance. */
  choose(stream: RandomStream): number {
    const { length } = this.servers;
    return length === 1 ? 0 : Math.floor(stream.uniform() * length);
  }

  serve<Target>(server: number, demandMs: number, over: EventKind<Target>, target: Target): void {
    this.servers[server].submit(demandMs, over, target, 0);
  }
}
