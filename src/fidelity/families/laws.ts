import { studentQuantile } from '../../stats/index.js';
import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
import { GALERA_LAB } from '../galera-lab.js';
import type { ProbeParameters } from '../probes/probe.js';
import { numberIn, rowId } from '../row-columns.js';
import type { SetUp } from '../set-up.js';
import { clientsAt, isStatement, statementMs } from './galera-row.js';
import { CLUSTER_MEMBERS, CLUSTER_TESTS, isPersistent } from './rabbitmq-cluster.js';
import { parseBytes } from './tcp.js';

/** Round trips of the campaign, in ms; fetches and fits of fewer points were made without 2. */
const RTTS_MS = [0, 2, 10, 20, 50, 100, 150];
const FETCH_RTTS_MS = RTTS_MS.filter((ms) => ms !== 2);
/** Where clients and what is behind the server are far: round trips of the clients. */
const CLIENT_RTTS_MS = [0, 50];
const QUEUE_BYTES = 256_000;

/** The replicas of Redis, both as far. */
const REPLICAS = { parameter: 'replicaRttsMs', copies: 2 };

/** Below this a coefficient, in round trips or ms, is a zero that a fit did not quite meet. */
const ZERO = 0.0105;
/** A simulated coefficient that says zero too. */
const NEAR_ZERO = 0.05;
/**
 * A coefficient whose 95 % interval is wider than this share of it, each way (the ledger's bar for the
 * 90th percentile), is judged by whether the simulated one lies in that interval.
 */
const LARGEST_UNCERTAINTY = 0.2;

/** A coefficient of a law: `1.008*RTT_client`, or the intercept. */
interface Term {
  readonly name: string;
  readonly value: number;
}

/** What is simulated for a law, and which axis each of its slopes belongs to. */
interface Simulated {
  readonly of: string;
  readonly fixed: ProbeParameters;
  readonly read: string;
  /** Parameter of the first axis; default: `rttMs`. */
  readonly first?: string;
  /** The second axis, where there are two. */
  readonly second?: { readonly parameter: string; readonly copies?: number };
  /** Its round trips are a list, of one for all pairs. */
  readonly inList?: boolean;
}

/** `1.008*RTT_client + 1.001*RTT_replica + 0.36 ms`; undefined for a text that is no such sum. */
export function parseLaw(formula: string | undefined): readonly Term[] | undefined {
  const terms = [...(formula ?? '').matchAll(/([+-]?)\s*(\d+(?:\.\d+)?)\s*(?:\*\s*(\w+)|ms)/g)];
  const read = terms.map(([, sign, digits, name]) => {
    return { name: name ?? 'intercept', value: Number(digits) * (sign === '-' ? -1 : 1) };
  });
  const intercepts = read.filter(({ name }) => name === 'intercept').length;
  return intercepts === 1 && read.length > 1 ? read : undefined;
}

/** Laws of RabbitMQ's clients in C and of oslo.messaging, as their rows are read in the family `rabbitmq`. */
function rabbitMqLaw(law: string): Simulated | undefined {
  const caller = { of: 'rabbitmq', first: 'callerRttMs' };
  const both = { ...caller, second: { parameter: 'serverRttMs' } };
  if (/^AMQP connect/.test(law)) {
    return { ...caller, fixed: { test: 'connect', queue: 'classic' }, read: 'p50' };
  }
  const [, confirmed] = /^publish\+confirm (\w+)/.exec(law) ?? [];
  if (confirmed) return { ...caller, fixed: { test: 'confirm', queue: confirmed }, read: 'p50' };
  if (/^raw AMQP RPC/.test(law)) {
    const fixed = { test: 'rpc', queue: 'classic_transient', confirms: false };
    return { ...both, fixed, read: 'p50' };
  }
  const [, kind, until] =
    /^oslo (call|cast): (time in the caller|until the server)/.exec(law) ?? [];
  if (kind) {
    const test = kind === 'call' ? 'rpc' : 'cast';
    const read = until.startsWith('until') ? 'toServer' : 'p50';
    return { ...both, fixed: { test, queue: 'classic', oslo: true }, read };
  }
  if (/^oslo first call/.test(law)) {
    return { ...both, fixed: { test: 'first-call', queue: 'classic', oslo: true }, read: 'p50' };
  }
  return clusterLaw(law);
}

function clusterLaw(law: string): Simulated | undefined {
  const [, name, queue, leader, server] =
    /^cluster (\S+(?: [^)]*\))?) (\w+) master@(\d) server@(\d?)$/.exec(law) ?? [];
  const test = CLUSTER_TESTS[name];
  if (!test) return undefined;
  const fixed = {
    test,
    queue,
    members: CLUSTER_MEMBERS,
    leader: Number(leader) - 1,
    serverMember: (Number(server) || 1) - 1,
    concurrency: 1,
    confirms: false,
    durable: isPersistent(name),
  };
  return { of: 'rabbitmq', fixed, read: 'p50', first: 'interRttMs' };
}

function simulatedOf(law: string): Simulated | undefined {
  const mariadb = /^MariaDB (connect|select|update|insert|txn)$/.exec(law);
  if (mariadb) {
    const fixed = { op: mariadb[1], clients: 1, loss: 0, otherCores: 0 };
    return { of: 'mariadb', fixed, read: 'p50' };
  }
  const redis = /^Redis (connect|get|set)$/i.exec(law);
  if (redis) return { of: 'redis', fixed: { op: redis[1].toLowerCase() }, read: 'p50' };
  if (/^Redis SET\+WAIT 2/.test(law)) {
    return { of: 'redis', fixed: { op: 'set+wait2' }, read: 'p50', second: REPLICAS };
  }
  const rabbitmq = rabbitMqLaw(law);
  if (rabbitmq) return rabbitmq;
  const etcd = /^etcd (put|get|getserial) leader (local|remote)/.exec(law);
  if (etcd) {
    const fixed = { op: etcd[1], leader: etcd[2], heartbeatMs: 500, electionMs: 5000 };
    return { of: 'etcd', fixed, read: 'p50' };
  }
  const galera = /^Galera n=(\d+) (\w+)/.exec(law);
  if (galera && isStatement(galera[2]) && Number(galera[1]) > 1) {
    const [, members, op] = galera;
    const fixed = {
      members: Number(members),
      statementMs: statementMs(op),
      othersShare: GALERA_LAB.usualOthersShare,
      clients: [clientsAt(0, 1, { kind: 'write' })],
    };
    return { of: 'galera', fixed, read: 'p50', inList: true };
  }
  const fetch = /^fetch (\S+) tls=(no|1\.2|1\.3) rate=([\d.]+) Mbit/.exec(law);
  const bytes = parseBytes(fetch?.[1]);
  if (!fetch || !(bytes > 0)) return undefined;
  const [, , tls, rate] = fetch;
  const pipe = { rateMbit: Number(rate), queueBytes: QUEUE_BYTES, loss: 0 };
  return { of: 'tcp-fetch', fixed: { ...pipe, tls, bytes, flows: 1, repeats: 1 }, read: 'total' };
}

function axesOf(
  { of, first = 'rttMs', second, inList }: Simulated,
  points: number,
): ProbeParameters[] {
  const rttsMs = of === 'tcp-fetch' || points <= 6 ? FETCH_RTTS_MS : RTTS_MS;
  if (inList) return [{ parameter: 'rttsMs', valuesMs: rttsMs, copies: 1 }];
  if (!second) return [{ parameter: first, valuesMs: rttsMs }];
  return [
    { parameter: first, valuesMs: CLIENT_RTTS_MS },
    { ...second, valuesMs: rttsMs },
  ];
}

/**
 * Half of the 95 % interval of a fitted coefficient: the residuals' variance, of what r² leaves of the
 * points' own (but at least that of the largest residual alone, as printed), times what the points'
 * round trips let each coefficient vary. NaN where a row does not say.
 */
function halfIntervals(
  row: FigureRow,
  slopes: readonly Term[],
  axes: readonly ProbeParameters[],
): number[] {
  const points = numberIn(row, 'n');
  const largestMs = numberIn(row, 'max_abs_residual_ms');
  const unexplained = 1 - numberIn(row, 'r2');
  const freedom = points - slopes.length - 1;
  // The axes are crossed, so slopes do not depend on each other.
  const means = axes.map(({ valuesMs }) => meanOf(valuesMs as readonly number[]));
  const squares = axes.map(({ valuesMs }, axis) => {
    return points * meanOf((valuesMs as readonly number[]).map((ms) => (ms - means[axis]) ** 2));
  });
  const explained = slopes.reduce((sum, { value }, axis) => sum + value ** 2 * squares[axis], 0);
  const leastResiduals = largestMs ** 2;
  const residuals = Math.min(
    points * leastResiduals,
    Math.max(leastResiduals, (explained * unexplained) / (1 - unexplained)),
  );
  if (!(freedom >= 1 && residuals >= 0)) return axes.map(() => Number.NaN).concat(Number.NaN);
  const factor = studentQuantile(0.975, freedom) * Math.sqrt(residuals / freedom);
  const ofIntercept = means.reduce(
    (sum, mean, axis) => sum + mean ** 2 / squares[axis],
    1 / points,
  );
  return [...squares.map((one) => factor / Math.sqrt(one)), factor * Math.sqrt(ofIntercept)];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Why no law of the row is simulated here. */
function reasonOf(row: FigureRow): string {
  const { law = '' } = row.columns;
  if (/process start/i.test(law)) return 'starts of processes are not modelled';
  return `no probe has points of the law "${law}"`;
}

/** How a coefficient is judged that is no relative error: a zero, or one that its fit hardly knows. */
function agreementOf(value: number, spread: number): Figure['agrees'] {
  if (Math.abs(value) < ZERO) return (simulated) => Math.abs(simulated) < NEAR_ZERO;
  const isUncertain = spread > LARGEST_UNCERTAINTY * Math.abs(value);
  return isUncertain ? (simulated) => Math.abs(simulated - value) <= spread : undefined;
}

function figuresOf(
  row: FigureRow,
  terms: readonly Term[],
  axes: readonly ProbeParameters[],
  scenario: string,
): Figure[] {
  const slopes = terms.filter(({ name }) => name !== 'intercept');
  const spreads = halfIntervals(row, slopes, axes);
  return terms.map((term) => {
    const { name, value } = term;
    const isIntercept = name === 'intercept';
    const spread = isIntercept ? spreads[slopes.length] : spreads[slopes.indexOf(term)];
    return {
      family: 'laws',
      id: rowId(row),
      metric: `${row.columns.law}: ${isIntercept ? 'intercept' : `slope of ${name}`}`,
      unit: isIntercept ? 'ms' : 'round trips',
      measured: value,
      spread,
      role: 'judgement',
      alternatives: `${row.columns.law?.split(' ')[0]}: ${name}`,
      scenario,
      read: isIntercept ? 'intercept' : `slope${slopes.findIndex((slope) => slope.name === name)}`,
      agrees: agreementOf(value, spread),
      note: '',
    };
  });
}

/** Laws of latency over round trips (least squares over medians), of simulated points in the same way. */
export const laws: FigureFamily = {
  name: 'laws',
  sources: ['fits'],
  split:
    'None calibrates; but some of the points under them calibrate the constants of mariadb, redis, etcd, rabbitmq and tcp.',
  read(rows: readonly FigureRow[]): FamilyReading {
    const figures: Figure[] = [];
    const unread: UnreadRow[] = [];
    const scenarios = new Map<string, SetUp>();
    const replications = new Map<string, number>();
    for (const row of rows) {
      const terms = parseLaw(row.columns.formula);
      const simulated = simulatedOf(row.columns.law ?? '');
      if (!terms || !simulated) {
        const reason = simulated ? `no law: "${row.columns.formula}"` : reasonOf(row);
        unread.push({ id: rowId(row), reason });
        continue;
      }
      const axes = axesOf(simulated, numberIn(row, 'n'));
      if (axes.length !== terms.length - 1) {
        unread.push({ id: rowId(row), reason: `not in ${axes.length} round trips` });
        continue;
      }
      const scenario = `law ${row.columns.law}, ${row.columns.n} points`;
      const { of, fixed, read } = simulated;
      scenarios.set(scenario, { probe: 'law', parameters: { of, fixed, read, axes } });
      replications.set(scenario, 1);
      figures.push(...figuresOf(row, terms, axes, scenario));
    }
    return { figures, unread, scenarios, replications };
  },
};
