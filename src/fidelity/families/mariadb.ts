import type { FigureRow } from '../figure.js';
import { type JudgedColumn, primitiveFamily } from '../primitive-family.js';
import { clientOperation, pythonOperation } from '../probes/mariadb.js';
import type { ProbeParameters } from '../probes/probe.js';
import { numberIn } from '../row-columns.js';
import { otherCoresOf } from '../wan-lab.js';

const P50: JudgedColumn = { column: 'p50', unit: 'ms', read: 'p50', deviation: 'sd' };
const RATE: JudgedColumn = { column: 'rate', unit: '1/s', read: 'rate' };
const SERVER_CPU: JudgedColumn = { column: 'cpu_ms_per_op', unit: 'ms', read: 'serverMs' };

/** Below so many operations a server's CPU is background work and rounding. */
const CPU_FROM = 2000;

/** Ends of the axis of a_mariadb_throughput.csv. */
const LEAST_CLIENTS = 1;
const MOST_CLIENTS = 64;

/** Calls over RabbitMQ beside the statements, so many under way. */
function callsOf(callerRttMs: number, concurrency: number, loss: number): ProbeParameters {
  return {
    test: 'rpc',
    queue: 'classic_transient',
    confirms: false,
    callerRttMs,
    concurrency,
    loss,
  };
}

/** What a row asks for, or why nothing answers it. */
function parametersOf(row: FigureRow): ProbeParameters | string {
  const { op, what } = row.columns;
  const rttMs = numberIn(row, 'rtt_ms');
  if (!(rttMs >= 0)) return `rtt_ms is "${row.columns.rtt_ms}"`;
  const clients = numberIn(row, 'clients') || numberIn(row, 'connections') || 1;
  if (row.source === 'a_mariadb_python_clients') {
    return pythonOperation(what ?? '') ? { rttMs, what, clients: 1 } : `no client does "${what}"`;
  }
  const loss = numberIn(row, 'loss') || 0;
  if (row.source === 'c_loss' && what === 'amqp_rpc')
    return { what, ...callsOf(rttMs, clients, loss) };
  const name =
    row.source === 'c_loss' ? (/^mariadb_(.*)$/.exec(what ?? '')?.[1] ?? '') : (op ?? '');
  if (!clientOperation(name)) return `no client does "${op ?? what}"`;
  return {
    rttMs,
    op: name,
    clients,
    loss,
    otherCores: otherCoresOf(row),
  };
}

/** The C client, not the server, is what limits a crowd of connects without distance. */
function judgedOf(row: FigureRow): readonly JudgedColumn[] {
  if (row.source === 'c_loss') return [P50, { column: 'mean', unit: 'ms', read: 'mean' }];
  if (row.source !== 'a_mariadb_throughput') return [P50];
  const isBusy = numberIn(row, 'count') >= CPU_FROM && numberIn(row, 'rtt_ms') === 0;
  const clientBound = row.columns.op === 'connect' && numberIn(row, 'clients') > 1;
  if (clientBound && isBusy) return [SERVER_CPU];
  return isBusy ? [P50, RATE, SERVER_CPU] : [P50, RATE];
}

function calibrates(row: FigureRow): boolean {
  const rttMs = numberIn(row, 'rtt_ms');
  if (row.source === 'a_mariadb_latency') return rttMs === 0 || rttMs === 150;
  if (row.source === 'a_mariadb_python_clients') return rttMs === 0;
  if (row.source !== 'a_mariadb_throughput' || rttMs !== 0) return false;
  return [LEAST_CLIENTS, MOST_CLIENTS].includes(numberIn(row, 'clients'));
}

function nameOf(parameters: ProbeParameters): string {
  const { op, what, loss, otherCores } = parameters;
  const rttMs = parameters.rttMs ?? parameters.callerRttMs;
  const clients = parameters.clients ?? parameters.concurrency;
  const busy = Number(otherCores) > 0 ? `, others ${otherCores} cores` : '';
  const lossy = Number(loss) > 0 ? `, loss ${loss}` : '';
  return `${op ?? what}, RTT ${rttMs}, clients ${clients}${lossy}${busy}`;
}

/** Statements, transactions and connections of one MariaDB server, from C and from Python. */
export const mariaDbPrimitives = primitiveFamily({
  name: 'mariadb',
  sources: ['a_mariadb_latency', 'a_mariadb_python_clients', 'a_mariadb_throughput', 'c_loss'],
  split:
    'Latencies of the C client at RTT 0 and 150, of Python at RTT 0, and 1 and 64 clients at RTT 0 calibrate (the ends of each axis); all others judge.',
  readingOf(row) {
    const parameters = parametersOf(row);
    if (typeof parameters === 'string') return parameters;
    return {
      probe: parameters.what === 'amqp_rpc' ? 'rabbitmq' : 'mariadb',
      parameters,
      name: nameOf(parameters),
      judged: judgedOf(row).map((one) => ({
        ...one,
        // Of a rate the crowd is what one may choose; of a latency, what is asked for.
        alternatives: `${row.columns.rtt_ms} ${(one === RATE ? row.columns.op : row.columns.clients) ?? ''}`,
      })),
      calibrates: calibrates(row),
      replications: Number(parameters.loss) > 0 ? 3 : 1,
    };
  },
});
