import { MariaDb } from '../../cloud/database/mariadb.js';
import type { EventKind } from '../../kernel/event-kind.js';
import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network } from '../../net/network.js';
import { RandomStreams } from '../../random/index.js';
import { CONTENTION, labCores, twoHosts, wakeMs } from '../wan-lab.js';
import { ClosedClients, type Exchange } from './closed-clients.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';
import { withConstants } from './with-constants.js';

const QUERY_BYTES = 100;
const ROW_BYTES = 200;

/**
 * Share of the client's and the server's CPU for an exchange that lies on its way; the rest is done
 * beside it, after the answer left. Medians and rates of 1 client at RTT 0 (scripts/calibrate).
 */
const PATH_SHARE = 0.5;
/** Flush of the log on a server that stays awake, in ms: the same fit. */
const FLUSH_MS = 0.06;
/**
 * What the flush takes longer where the server sleeps between requests: updates and inserts less
 * selects at RTT 150 ms (a_mariadb_latency.csv).
 */
const SLEEPY_FLUSH_MS = 0.35;

/** One statement as a benchmark of one small table makes it; CPU of the server in ms. */
interface Statement {
  readonly serverMs: number;
  readonly commits?: boolean;
}

/**
 * CPU in ms of one core whose neighbour is idle: of the server for each statement and a connection, of
 * the client in C for an exchange, and of the emulator for its frames each way.
 */
export interface LabCosts {
  readonly select: number;
  readonly update: number;
  readonly insert: number;
  /** BEGIN and COMMIT: what a transaction takes beyond its other statements, by halves. */
  readonly begin: number;
  readonly connect: number;
  readonly client: number;
  readonly forward: number;
}

/** a_mariadb_throughput.csv, 1 and 64 clients at RTT 0 (scripts/calibrate/mariadb-lab.ts). */
const COSTS: LabCosts = {
  select: 0.0262,
  update: 0.052,
  insert: 0.062,
  begin: 0.0027,
  connect: 0.0933,
  client: 0.0136,
  forward: 0.0108,
};

interface Operation {
  readonly statements: readonly Statement[];
  readonly clientMs: number;
}

function times<Item>(count: number, item: Item): Item[] {
  return Array.from({ length: count }, () => item);
}

/** Operations of the client in C. */
function statementsOf(op: string, costs: LabCosts): readonly Statement[] | undefined {
  const { begin } = costs;
  if (op === 'connect') return times(3, { serverMs: costs.connect / 3 });
  if (op === 'select') return [{ serverMs: costs.select }];
  if (op === 'update' || op === 'insert') return [{ serverMs: costs[op], commits: true }];
  if (op !== 'txn') return undefined;
  // BEGIN, SELECT, UPDATE, INSERT and COMMIT, each a round trip; only the last waits for the log.
  const before = [begin, costs.select, costs.update, costs.insert].map((serverMs) => ({
    serverMs,
  }));
  return [...before, { serverMs: begin, commits: true }];
}

/**
 * CPU of Python for one exchange, half of it on the way: medians at RTT 0 of
 * a_mariadb_python_clients.csv less wire and server, geometric mean over the operations of a library.
 */
const PYMYSQL_MS = 0.09;
const SQLALCHEMY_MS = 0.25;
const OSLO_DB_MS = 0.7;
/** Round trips of SQLAlchemy's first connection, and of oslo.db's first use: those at RTT 50. */
const SQLALCHEMY_ROUND_TRIPS = 12;
const OSLO_DB_FIRST_ROUND_TRIPS = 21;
/** Pre-ping, BEGIN, and COMMIT or ROLLBACK around the statements of a pooled transaction. */
const OSLO_DB_AROUND = 3;

const BEGIN: Statement = { serverMs: COSTS.begin };

/** What a Python client does, as the measurements name it; undefined for another. */
export function pythonOperation(what: string): Operation | undefined {
  const pooled = /^oslo\.db (reader|writer) transaction, (\d+) /.exec(what);
  if (pooled) {
    const statements: Statement[] = times(Number(pooled[2]) + OSLO_DB_AROUND - 1, BEGIN);
    const last = { ...BEGIN, commits: pooled[1] === 'writer' };
    return { clientMs: OSLO_DB_MS, statements: [...statements, last] };
  }
  if (/^oslo\.db enginefacade first/.test(what)) {
    return { clientMs: OSLO_DB_MS, statements: times(OSLO_DB_FIRST_ROUND_TRIPS, BEGIN) };
  }
  if (/^SQLAlchemy engine first connection/.test(what)) {
    return { clientMs: SQLALCHEMY_MS, statements: times(SQLALCHEMY_ROUND_TRIPS, BEGIN) };
  }
  if (/^pymysql\.connect/.test(what)) {
    return { clientMs: PYMYSQL_MS, statements: times(4, { serverMs: COSTS.connect / 4 }) };
  }
  if (/^pymysql UPDATE/.test(what)) {
    const commit = { serverMs: 0.02, commits: true };
    return { clientMs: PYMYSQL_MS, statements: [{ serverMs: COSTS.update }, commit] };
  }
  return /^pymysql query/.test(what)
    ? { clientMs: PYMYSQL_MS, statements: [{ serverMs: COSTS.select }] }
    : undefined;
}

/** What the client in C does; undefined for another operation. */
export function clientOperation(op: string, costs = COSTS): Operation | undefined {
  const statements = statementsOf(op, costs);
  return statements ? { clientMs: costs.client, statements } : undefined;
}

/** A statement under way at the server: CPU, then the log where it commits. */
class Serving {
  kind: EventKind<unknown> | undefined;
  target: unknown;
  argument = 0;

  constructor(
    readonly database: MariaDb,
    readonly simulator: Simulator,
    readonly sleepyMs: number,
  ) {}
}

const executed = defineEventKind('bench-executed', (serving: Serving) => {
  serving.database.commit(0, 1, logged, serving, serving.argument);
});
const logged = defineEventKind('bench-logged', (serving: Serving) => {
  const { kind, target, argument, simulator, sleepyMs } = serving;
  if (kind) simulator.schedule(sleepyMs, kind, target, argument);
});

/**
 * Clients of one MariaDB server, in a closed loop.
 *
 * Parameters: `rttMs`, `op` (of the client in C) or `what` (of a Python client), `clients`, `loss`,
 * `otherCores` that other programs take; to fit them, `pathShare`, `flushMs`, `contention` and `costs`.
 * Values: `mean` and `p50` in ms, `rate` in 1/s, `serverMs`, `clientMs` and `forwardMs` of CPU an
 * operation.
 */
export function mariaDb(
  parameters: ProbeParameters,
  { seed, backends }: ProbeContext,
): ProbeValues {
  const costs = (parameters.costs as unknown as LabCosts | undefined) ?? COSTS;
  const operation =
    parameters.what === undefined
      ? clientOperation(String(parameters.op), costs)
      : pythonOperation(String(parameters.what));
  if (!operation) throw new Error(`no client does "${parameters.what ?? parameters.op}"`);
  const rttMs = Number(parameters.rttMs);
  const simulator = new Simulator();
  const pipe = { rttMs, rateMbit: 0, queueBytes: 0, loss: Number(parameters.loss ?? 0) };
  const { topology, options } = twoHosts(pipe);
  const streams = new RandomStreams(seed, 1);
  const network = new Network(simulator, topology, options, streams);
  const contention = Number(parameters.contention ?? CONTENTION);
  const cores = labCores(simulator, Number(parameters.otherCores ?? 0), contention);
  // A statement's CPU is given as a number of statements of 1 ms.
  const constants = withConstants(backends.mariadb, {
    'cpu-per-statement': 1,
    'flush-per-commit': Number(parameters.flushMs ?? FLUSH_MS),
  });
  const database = new MariaDb({
    id: 'bench',
    constants,
    simulator,
    wire: network,
    traffic: 0,
    replicas: [{ site: 1, cpu: cores }],
  });
  const share = Number(parameters.pathShare ?? PATH_SHARE);
  const stream = streams.stream('cpu');
  // Assumption: CPU of one exchange is exponential about its mean; caches and the scheduler vary it.
  const draw = () => -Math.log1p(-stream.uniform());
  const exchanges = operation.statements.map(({ serverMs, commits }): Exchange => {
    const leftMs = (1 - share) * (operation.clientMs + serverMs);
    return {
      clientMs: share * operation.clientMs,
      draw,
      besideMs: costs.forward + leftMs / 2,
      wakeMs: wakeMs(rttMs),
      bytesOut: QUERY_BYTES,
      bytesIn: ROW_BYTES,
      serve(kind, target, argument) {
        if (!commits) {
          database.execute(0, share * serverMs * draw(), 0, kind, target, argument);
          return;
        }
        const serving = new Serving(database, simulator, rttMs > 0 ? SLEEPY_FLUSH_MS : 0);
        serving.kind = kind as EventKind<unknown>;
        serving.target = target;
        serving.argument = argument;
        database.execute(0, share * serverMs * draw(), 0, executed, serving, argument);
      },
    };
  });
  const bench = new ClosedClients(
    { simulator, cores, network },
    exchanges,
    Number(parameters.clients),
  );
  const lossy = pipe.loss > 0 ? 10 : 1;
  const durationMs = 300 + 25 * lossy * rttMs * exchanges.length;
  const serverMs = operation.statements.reduce((sum, { serverMs: one }) => sum + one, 0);
  const values = bench.run(durationMs);
  return {
    ...values,
    serverMs: serverMs / cores.meanSpeed,
    clientMs: (operation.clientMs * exchanges.length) / cores.meanSpeed,
    forwardMs: (2 * costs.forward * exchanges.length) / cores.meanSpeed,
  };
}
