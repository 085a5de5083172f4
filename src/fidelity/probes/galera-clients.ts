import { RowWrite } from '../../cloud/database/row-write.js';
import { defineEventKind } from '../../kernel/event-kind.js';
import { RandomStream } from '../../random/index.js';
import { GALERA_LAB } from '../galera-lab.js';
import type { GaleraBench } from './galera-bench.js';
import type { ProbeValues } from './probe.js';

/** What a closed-loop client does again and again. */
export interface ClientWork {
  readonly replica: number;
  /** A read, one that sees all that is delivered, or a transaction that writes. */
  readonly kind: 'read' | 'sync-read' | 'write';
  /** Rows among which it draws the one that it writes; 0: nobody else writes its row. */
  readonly hotRows: number;
  /** Times that the server begins a lone statement again by itself. */
  readonly serverRetries: number;
  /** Whether its latencies count. */
  readonly isMeasured: boolean;
  readonly pauseMs: number;
  /** Statements of the bench's kind that one of its own costs; default 1. */
  readonly weight?: number;
}

/** Times that a client begins again after a failure (b_galera_conflicts.csv). */
const CLIENT_TRIES = 50;

/** Processes and threads of a benchmark begin within so long. */
const START_SPAN_MS = 100;

const begun = defineEventKind('galera-client-begin', (client: Client) => client.begin());
const executed = defineEventKind('galera-client-executed', (client: Client) => client.commit());
const ended = defineEventKind('galera-client-ended', (client: Client) => client.end());
const returned = defineEventKind('galera-client-returned', (client: Client) => client.next());

class Client {
  private startMs = 0;
  private tries = 0;
  private readonly write = new RowWrite();
  lastOkMs = 0;
  longestGapMs = 0;

  constructor(
    private readonly clients: GaleraClients,
    readonly work: ClientWork,
    private readonly stream: RandomStream,
    private readonly number: number,
  ) {
    this.write.retries = work.serverRetries;
  }

  begin(): void {
    this.startMs = this.clients.bench.simulator.now;
    this.tries = 0;
    this.try();
  }

  commit(): void {
    const { replica, kind, hotRows } = this.work;
    if (kind !== 'write') {
      this.end();
      return;
    }
    const { database } = this.clients.bench;
    if (hotRows > 0 && this.tries === 0) {
      this.write.row = Math.floor(this.stream.uniform() * hotRows);
    }
    database.commit(replica, 1, ended, this, this.number, undefined, this.write);
  }

  /** The answer is there; the client's own part of the statement follows. */
  end(): void {
    this.clients.bench.cpu.submit(GALERA_LAB.clientMs, returned, this, 0);
  }

  next(): void {
    const { clients, work } = this;
    const { simulator } = clients.bench;
    const refusal = clients.bench.database.takeRefusal(this.number);
    if (refusal && !refusal.isRetried) {
      clients.refused(work.replica);
      return;
    }
    if (refusal) {
      clients.failures++;
      this.tries++;
      if (this.tries <= CLIENT_TRIES) {
        this.try();
        return;
      }
    } else this.succeeded();
    if (work.pauseMs > 0) simulator.schedule(work.pauseMs, begun, this);
    else this.begin();
  }

  private succeeded(): void {
    const { now } = this.clients.bench.simulator;
    this.longestGapMs = Math.max(this.longestGapMs, now - this.lastOkMs);
    this.lastOkMs = now;
    if (this.work.isMeasured) this.clients.record(this.startMs);
  }

  private try(): void {
    const { database } = this.clients.bench;
    const { replica, kind, weight = 1 } = this.work;
    if (kind === 'sync-read')
      database.executeCausally(replica, weight, 0, executed, this, this.number);
    else database.execute(replica, weight, 0, executed, this, this.number);
  }
}

/** Closed-loop clients beside the members, without a pause unless they have one. */
export class GaleraClients {
  failures = 0;
  /** When a commit was first refused, by member. */
  readonly firstRefusedMs = new Map<number, number>();
  readonly clients: Client[];
  private latenciesMs: number[] = [];
  private sinceMs = 0;

  constructor(
    readonly bench: GaleraBench,
    works: readonly ClientWork[],
    seed: string,
  ) {
    this.clients = works.map(
      (work, i) => new Client(this, work, new RandomStream('client', `${seed}/client-${i}`), i),
    );
    const starts = new RandomStream('starts', `${seed}/starts`);
    for (const client of this.clients) {
      bench.simulator.schedule(START_SPAN_MS * starts.uniform(), begun, client);
    }
  }

  /** Forgets what was before. */
  reset(): void {
    this.latenciesMs = [];
    this.failures = 0;
    this.sinceMs = this.bench.simulator.now;
  }

  record(startMs: number): void {
    this.latenciesMs.push(this.bench.simulator.now - startMs);
  }

  refused(member: number): void {
    if (!this.firstRefusedMs.has(member)) {
      this.firstRefusedMs.set(member, this.bench.simulator.now);
    }
  }

  /** `p50` and `mean` of latencies in ms, `rate` in 1/s, `failures per success`. */
  values(): ProbeValues {
    const sorted = Float64Array.from(this.latenciesMs).sort();
    const spanMs = this.bench.simulator.now - this.sinceMs;
    const sum = this.latenciesMs.reduce((total, ms) => total + ms, 0);
    return {
      p50: sorted[Math.floor(sorted.length / 2)],
      mean: sum / sorted.length,
      rate: (1000 * sorted.length) / spanMs,
      'failures per success': this.failures / sorted.length,
      count: sorted.length,
    };
  }
}
