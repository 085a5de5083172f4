import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import { SerialProcessor } from '../../resources/serial-processor.js';
import { type BackendConstants, constantOf } from '../backend-constants.js';
import type { Member, Wire } from '../wire.js';

const REPLICATION_BYTES = 100;

/** What Redis is made of: the primary first, then its replicas. */
export interface RedisOptions {
  readonly constants: BackendConstants;
  readonly simulator: Simulator;
  readonly wire: Wire;
  /** Kind of traffic between primary and replicas. */
  readonly traffic: number;
  readonly members: readonly Member[];
}

/** A WAIT in progress: the acknowledgements that it still needs. */
class Waiting {
  constructor(
    public left: number,
    readonly kind: EventKind<unknown>,
    readonly target: unknown,
    readonly argument: number,
  ) {}
}

const acknowledged = defineEventKind('redis-acknowledged', (waiting: Waiting) => {
  if (--waiting.left === 0) waiting.kind.run(waiting.target, waiting.argument);
});

/**
 * A Redis primary with replicas: one thread serves commands one after the other, whole batches of a
 * pipeline at a time; a write goes to the replicas at once and nobody waits for them unless by WAIT.
 * Constants: models/backends/redis.yaml; equations: docs/models/redis.md.
 */
export class Redis {
  private readonly thread: SerialProcessor;
  private readonly perBatchMs: number;
  private readonly perReadMs: number;
  private readonly perWriteMs: number;

  constructor(private readonly options: RedisOptions) {
    const { simulator, constants, members } = options;
    this.thread = new SerialProcessor(simulator, members[0].cpu, false);
    this.perBatchMs = constantOf(constants, 'cpu-per-batch');
    this.perReadMs = constantOf(constants, 'cpu-per-read');
    this.perWriteMs = constantOf(constants, 'cpu-per-write');
  }

  /** CPU of a batch of commands that came in one read, in ms. */
  demandMs(commands: number, writes: boolean): number {
    return this.perBatchMs + commands * (writes ? this.perWriteMs : this.perReadMs);
  }

  /** Serves a batch; the continuation runs when the answers leave. */
  serve<Target>(
    commands: number,
    writes: boolean,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    this.thread.compute(this.demandMs(commands, writes), kind, target, argument);
  }

  /**
   * WAIT: the continuation runs when so many replicas have acknowledged what was written.
   * @throws RangeError for more replicas than there are
   */
  wait<Target>(replicas: number, kind: EventKind<Target>, target: Target, argument: number): void {
    const { wire, members, simulator, traffic } = this.options;
    if (!(replicas >= 1 && replicas < members.length)) {
      throw new RangeError(`WAIT ${replicas}: there are ${members.length - 1} replicas`);
    }
    const waiting = new Waiting(replicas, kind as EventKind<unknown>, target, argument);
    for (let replica = 1; replica < members.length; replica++) {
      const [from, to] = [members[0].site, members[replica].site];
      const thereMs = wire.transitMs(from, to, REPLICATION_BYTES, traffic);
      const backMs = wire.roundTripMs(from, to) / 2;
      if (thereMs < Infinity) {
        simulator.schedule(thereMs + backMs, acknowledged, waiting, replica);
      }
    }
  }
}
