import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import type { Processor } from '../../resources/processor.js';
import { type BackendConstants, constantOf } from '../backend-constants.js';
import type { Wire } from '../wire.js';

/** Of one write as it goes to a replica. */
const COMMAND_BYTES = 40;
/** REPLCONF GETACK and its answer. */
const ACKNOWLEDGEMENT_BYTES = 40;

/** What Redis is made of: the primary first, then its replicas. */
export interface RedisOptions {
  readonly constants: BackendConstants;
  readonly simulator: Simulator;
  readonly wire: Wire;
  /** Kind of traffic between primary and replicas. */
  readonly traffic: number;
  readonly members: readonly { readonly site: number; readonly cpu: Processor }[];
}

/** A batch of commands that came in one read. */
interface Batch {
  readonly kind: EventKind<unknown>;
  readonly target: unknown;
  readonly argument: number;
}

/** A WAIT in progress: the acknowledgements that it still needs. */
interface Waiting extends Batch {
  left: number;
}

/** What one turn of the event loop sends to a replica. */
class Replication {
  constructor(
    readonly redis: Redis,
    readonly replica: number,
    readonly writes: number,
    readonly waiting: readonly Waiting[],
  ) {}
}

const turnOver = defineEventKind('redis-turn-over', (redis: Redis) => redis.endTurn());
const atReplica = defineEventKind('redis-at-replica', (replication: Replication) =>
  replication.redis.apply(replication),
);
const applied = defineEventKind('redis-applied', (replication: Replication) =>
  replication.redis.acknowledge(replication),
);
const acknowledged = defineEventKind('redis-acknowledged', (replication: Replication) =>
  replication.redis.count(replication),
);

/**
 * A Redis primary with replicas: one thread runs an event loop. A turn of it reads all batches of
 * commands that have come meanwhile, executes them, writes once to each replica (if there were
 * writes) and then answers. Nobody waits for replicas unless by WAIT.
 * Constants: models/backends/redis.yaml; equations: docs/models/redis.md.
 */
export class Redis {
  /** CPU of the primary since the start, in ms, and the commands that it was for. */
  cpuMs = 0;
  commands = 0;
  private readonly perTurnMs: number;
  private readonly perBatchMs: number;
  private readonly perReadMs: number;
  private readonly perWriteMs: number;
  private readonly perReplicaMs: number;
  private isTurning = false;
  private turn: Batch[] = [];
  private arrived: Batch[] = [];
  private arrivedMs = 0;
  private arrivedWrites = 0;
  private turnWrites = 0;
  private waiting: Waiting[] = [];

  constructor(private readonly options: RedisOptions) {
    const { constants } = options;
    this.perTurnMs = constantOf(constants, 'cpu-per-turn');
    this.perBatchMs = constantOf(constants, 'cpu-per-batch');
    this.perReadMs = constantOf(constants, 'cpu-per-read');
    this.perWriteMs = constantOf(constants, 'cpu-per-write');
    this.perReplicaMs = constantOf(constants, 'cpu-per-replica');
  }

  /** CPU of a batch of commands that has a turn of its own, in ms. */
  demandMs(commands: number, writes: boolean): number {
    const replicas = writes ? this.options.members.length - 1 : 0;
    return this.perTurnMs + this.batchMs(commands, writes) + replicas * this.perReplicaMs;
  }

  /** Serves a batch; the continuation runs when the answers leave. */
  serve<Target>(
    commands: number,
    writes: boolean,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    this.arrived.push({ kind: kind as EventKind<unknown>, target, argument });
    this.arrivedMs += this.batchMs(commands, writes);
    this.commands += commands;
    if (writes) this.arrivedWrites += commands;
    if (!this.isTurning) this.beginTurn();
  }

  /**
   * WAIT: the continuation runs when so many replicas have acknowledged what was written. Asked for
   * in the continuation of a batch it goes to the replicas with that batch.
   * @throws RangeError for more replicas than there are
   */
  wait<Target>(replicas: number, kind: EventKind<Target>, target: Target, argument: number): void {
    const { members } = this.options;
    if (!(replicas >= 1 && replicas < members.length)) {
      throw new RangeError(`WAIT ${replicas}: there are ${members.length - 1} replicas`);
    }
    this.waiting.push({ left: replicas, kind: kind as EventKind<unknown>, target, argument });
    if (!this.isTurning) this.replicate();
  }

  /** For its own events, as are the next ones. */
  endTurn(): void {
    const { turn } = this;
    this.turn = [];
    for (const { kind, target, argument } of turn) kind.run(target, argument);
    this.replicate();
    if (this.arrived.length > 0) this.beginTurn();
    else this.isTurning = false;
  }

  /** A replica does with the stream what the primary did with the clients' commands. */
  apply(replication: Replication): void {
    const demandMs = this.perTurnMs + this.batchMs(replication.writes, true);
    const { cpu } = this.options.members[replication.replica];
    cpu.submit(demandMs, applied, replication, replication.replica);
  }

  acknowledge(replication: Replication): void {
    if (replication.waiting.length === 0) return;
    const { wire, members, simulator, traffic } = this.options;
    const { site } = members[replication.replica];
    const backMs = wire.transitMs(site, members[0].site, ACKNOWLEDGEMENT_BYTES, traffic);
    if (backMs === Infinity) return;
    simulator.schedule(backMs, acknowledged, replication, replication.replica);
  }

  count({ waiting }: Replication): void {
    for (const one of waiting) {
      // The primary reads the acknowledgement in a turn of its loop, and answers in it.
      if (--one.left === 0) this.serve(0, false, one.kind, one.target, one.argument);
    }
  }

  private batchMs(commands: number, writes: boolean): number {
    return this.perBatchMs + commands * (writes ? this.perWriteMs : this.perReadMs);
  }

  private beginTurn(): void {
    const { members } = this.options;
    const replicaMs = this.arrivedWrites > 0 ? (members.length - 1) * this.perReplicaMs : 0;
    const demandMs = this.perTurnMs + this.arrivedMs + replicaMs;
    this.cpuMs += demandMs;
    this.isTurning = true;
    this.turn = this.arrived;
    this.turnWrites = this.arrivedWrites;
    this.arrived = [];
    this.arrivedMs = 0;
    this.arrivedWrites = 0;
    members[0].cpu.submit(demandMs, turnOver, this, 0);
  }

  private replicate(): void {
    const { waiting, turnWrites } = this;
    if (turnWrites === 0 && waiting.length === 0) return;
    const { wire, members, simulator, traffic } = this.options;
    this.waiting = [];
    this.turnWrites = 0;
    for (let replica = 1; replica < members.length; replica++) {
      const bytes = COMMAND_BYTES * turnWrites + (waiting.length > 0 ? ACKNOWLEDGEMENT_BYTES : 0);
      const thereMs = wire.transitMs(members[0].site, members[replica].site, bytes, traffic);
      if (thereMs === Infinity) continue;
      const replication = new Replication(this, replica, turnWrites, waiting);
      simulator.schedule(thereMs, atReplica, replication, replica);
    }
  }
}
