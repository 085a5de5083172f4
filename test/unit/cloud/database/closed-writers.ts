import type { Database } from '../../../../src/cloud/database/database.js';
import { defineEventKind } from '../../../../src/kernel/event-kind.js';
import type { Simulator } from '../../../../src/kernel/simulator.js';

const updated = defineEventKind('test-updated', (writers: ClosedWriters, client: number) =>
  writers.commit(client),
);
const committed = defineEventKind('test-committed', (writers: ClosedWriters, client: number) =>
  writers.next(client),
);

/** Clients on the replicas' own hosts, each of which updates and commits without a pause. */
export class ClosedWriters {
  readonly latenciesMs: number[] = [];
  private readonly startsMs: Float64Array;

  /** @param replicas of each client. */
  constructor(
    private readonly simulator: Simulator,
    private readonly database: Database,
    private readonly replicas: readonly number[],
  ) {
    this.startsMs = new Float64Array(replicas.length);
  }

  run(durationMs: number): void {
    this.replicas.forEach((_, client) => {
      this.begin(client);
    });
    this.simulator.runFor(durationMs);
  }

  get meanMs(): number {
    return this.latenciesMs.reduce((total, ms) => total + ms, 0) / this.latenciesMs.length;
  }

  commit(client: number): void {
    this.database.commit(this.replicas[client], 1, committed, this, client);
  }

  next(client: number): void {
    this.latenciesMs.push(this.simulator.now - this.startsMs[client]);
    this.begin(client);
  }

  private begin(client: number): void {
    this.startsMs[client] = this.simulator.now;
    this.database.execute(this.replicas[client], 1, 0, updated, this, client);
  }
}
