import { createDatabase } from '../../cloud/database/create-database.js';
import type { Database, TableAccess } from '../../cloud/database/database.js';
import type { Wire } from '../../cloud/wire.js';
import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { ProcessorSharing } from '../../resources/processor-sharing.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

/** Cores of each node: a statement alone needs one. */
const CORES = 4;
/** Ping-free statement in a transaction of its own: what the gateway parses. */
const STATEMENTS = 1;

/** Sites with given round trips, nothing else. */
class ProbeWire implements Wire {
  constructor(private readonly roundTripsMs: readonly (readonly number[])[]) {}

  transitMs(from: number, to: number): number {
    return this.roundTripMs(from, to) / 2;
  }

  roundTripMs(a: number, b: number): number {
    return this.roundTripsMs[a][b];
  }
}

interface Statement {
  readonly simulator: Simulator;
  readonly database: Database;
  readonly access: TableAccess;
  readonly gateway: number;
  doneMs: number;
}

const executed = defineEventKind('range-statement-executed', (statement: Statement) => {
  if (statement.access.writes === 0) statement.doneMs = statement.simulator.now;
  else statement.database.commit(statement.gateway, 1, ended, statement, 0, statement.access);
});
const ended = defineEventKind('range-statement-ended', (statement: Statement) => {
  statement.doneMs = statement.simulator.now;
});

/**
 * One statement on one key of a database that keeps tables in ranges, a replica at each site, the
 * range led from one of them. Parameters: `roundTripsMs` (a row a site), `client`, `leader`
 * (positions from 0), `writes`. Gives `latency` in ms.
 */
export function rangeStatement(
  { roundTripsMs, client, leader, writes }: ProbeParameters,
  { backends }: ProbeContext,
): ProbeValues {
  const simulator = new Simulator();
  const matrix = roundTripsMs as number[][];
  const gateway = client as number;
  const others = matrix.map((_, site) => site).filter((site) => site !== leader);
  const database = createDatabase({
    id: 'probe',
    constants: backends.cockroachdb,
    simulator,
    wire: new ProbeWire(matrix),
    traffic: 0,
    settings: {
      leases: 'first',
      'range-replicas': [leader as number, ...others].map((site) => site + 1).join(','),
    },
    replicas: matrix.map((_, site) => ({ site, cpu: new ProcessorSharing(simulator, CORES) })),
  });
  const write = writes === true;
  const access = {
    table: 0,
    reads: write ? 0 : 1,
    writes: write ? 1 : 0,
    contended: false,
    scan: false,
  };
  const statement: Statement = { simulator, database, access, gateway, doneMs: Number.NaN };
  database.execute(gateway, STATEMENTS, 0, executed, statement, 0, access);
  simulator.run();
  return { latency: statement.doneMs };
}
