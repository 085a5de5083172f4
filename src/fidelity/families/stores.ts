import type { FigureRow } from '../figure.js';
import { type JudgedColumn, type PrimitiveReading, primitiveFamily } from '../primitive-family.js';
import type { ProbeParameters } from '../probes/probe.js';
import { isRedisOperation, unlistedMs } from '../probes/redis.js';
import { numberIn } from '../row-columns.js';
import { otherCoresOf } from '../wan-lab.js';

/** What is read of a row, or why nothing is. */
interface Reading {
  readonly parameters: ProbeParameters;
  readonly judged: readonly JudgedColumn[];
  readonly calibrates: boolean;
  readonly replications?: number;
  readonly note?: string;
}

/** `10` or `10/100`: round trips to two replicas. */
function replicaRtts(text: string | undefined): number[] {
  const parts = (text ?? '').split('/').filter((part) => part.trim() !== '');
  const rtts = parts.map(Number);
  return rtts.length === 1 ? [rtts[0], rtts[0]] : rtts;
}

/** CPU of a server that is known to a tenth or so. */
const LEAST_CPU_S = 0.08;

/** Cores that other programs took, of the row's CPU and time; where cores are idle they are in nobody's way. */
function otherCoresBeside(
  row: FigureRow,
  { op, pipeline, replicaRttsMs }: { op: string; pipeline: number; replicaRttsMs: number[] },
): number {
  const requests = numberIn(row, 'requests');
  const elapsed = String(requests / numberIn(row, 'rate'));
  const ownMs = unlistedMs(pipeline, op.startsWith('set'), replicaRttsMs.length);
  const unlistedS = ((requests / pipeline) * ownMs) / 1000;
  return otherCoresOf({ ...row, columns: { ...row.columns, elapsed } }, unlistedS);
}

function redisReading(row: FigureRow): Reading | string {
  const op = row.columns.op ?? '';
  const rttMs = numberIn(row, 'client_rtt_ms');
  const replicaRttsMs = replicaRtts(row.columns.replica_rtt_ms);
  if (!isRedisOperation(op)) return `Redis' clients do not do "${op}"`;
  if (!(rttMs >= 0 && replicaRttsMs.every((value) => value >= 0)))
    return 'a round trip cannot be read';
  if (row.source === 'e_redis_latency') {
    const waits = op.includes('wait');
    return {
      parameters: waits || replicaRttsMs.length > 0 ? { op, rttMs, replicaRttsMs } : { op, rttMs },
      judged: [{ column: 'p50', unit: 'ms', read: 'p50' }],
      calibrates: rttMs === 0 && !waits,
    };
  }
  const connections = numberIn(row, 'connections');
  const pipeline = numberIn(row, 'pipeline');
  if (!(connections >= 1 && pipeline >= 1)) return 'connections or pipeline cannot be read';
  const judged = [{ column: 'rate', unit: '1/s', read: 'commands' }];
  const parameters = { op, rttMs, replicaRttsMs, connections, pipeline };
  const otherCores = rttMs === 0 ? otherCoresBeside(row, parameters) : 0;
  // CPU is counted in ticks of 10 ms, and at a distance it is background work.
  if (rttMs === 0 && numberIn(row, 'server_cpu_s') >= LEAST_CPU_S) {
    judged.push({ column: 'cpu_us_per_op', unit: 'us', read: 'serverUs' });
  }
  return {
    parameters: otherCores > 0 ? { ...parameters, otherCores } : parameters,
    judged,
    calibrates: rttMs === 0 && (connections === 50 || (connections === 1 && op === 'get')),
  };
}

function etcdReading(row: FigureRow): Reading | string {
  const { op = '', leader = '' } = row.columns;
  const rttMs = numberIn(row, 'rtt_ms');
  if (!['put', 'get', 'getserial'].includes(op)) return `etcd's clients do not do "${op}"`;
  if (!(rttMs >= 0)) return `rtt_ms is "${row.columns.rtt_ms}"`;
  return {
    parameters: { rttMs, op, leader, heartbeatMs: 500, electionMs: 5000 },
    judged: [{ column: 'p50', unit: 'ms', read: 'p50' }],
    calibrates: isCalibratingRtt(row),
    note: row.columns.note,
  };
}

function isCalibratingRtt(row: FigureRow): boolean {
  return [0, 150].includes(numberIn(row, 'rtt_ms'));
}

/**
 * A serializable get never leaves the member that is asked, wherever the others and the leader are:
 * its rows repeat one measurement. Those that judge are one figure, their median.
 */
function localGets(rows: readonly FigureRow[]): FigureRow[] {
  const repeats = rows
    .filter((row) => row.columns.op === 'getserial' && !isCalibratingRtt(row))
    .filter((row) => numberIn(row, 'p50') > 0 && numberIn(row, 'rtt_ms') >= 0)
    .sort((a, b) => numberIn(a, 'p50') - numberIn(b, 'p50'));
  if (repeats.length < 2) return [...rows];
  const value = (index: number) => numberIn(repeats[Math.floor(index)], 'p50');
  const last = repeats.length - 1;
  const median = (value(last / 2) + value((last + 1) / 2)) / 2;
  const note = `median of ${repeats.length} rows of ${value(0)} to ${value(last)} ms`;
  const [first] = rows.filter((row) => repeats.includes(row));
  const columns = { ...first.columns, p50: String(median), note, count: '', sd: '' };
  return [...rows.filter((row) => !repeats.includes(row)), { ...first, columns }];
}

/** The mean over the repetitions of one set-up, each a single event. */
function electionRows(rows: readonly FigureRow[]): FigureRow[] {
  const groups = new Map<string, FigureRow[]>();
  const unreadable: FigureRow[] = [];
  for (const row of rows) {
    const { rtt_ms, heartbeat_ms, election_ms, fault } = row.columns;
    if (!(numberIn(row, 'unavailable_s') > 0)) {
      unreadable.push(row);
      continue;
    }
    const key = `${rtt_ms} ${heartbeat_ms} ${election_ms} ${fault}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const means = [...groups.values()].map((own) => {
    const values = own.map((row) => numberIn(row, 'unavailable_s'));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const sd = Math.sqrt(squares / Math.max(1, values.length - 1));
    const columns = {
      ...own[0].columns,
      unavailable_s: String(mean),
      count: String(own.length),
      sd: String(sd),
    };
    return { ...own[0], columns };
  });
  return [...means, ...unreadable];
}

/**
 * An election takes its randomized timeout, and one in ten is split and takes twice as long: the 95 %
 * interval of a mean of fewer events is wider than the 20 % that the ledger asks of its 90th percentile.
 */
const EVENTS_OF_A_MEAN = 8;
/** Means of as many simulated events as were measured, to compare with. */
const LOOKS = 121;

function electionReading(row: FigureRow): Reading | string {
  const rttMs = numberIn(row, 'rtt_ms');
  const heartbeatMs = numberIn(row, 'heartbeat_ms');
  const electionMs = numberIn(row, 'election_ms');
  if (!(rttMs >= 0 && heartbeatMs > 0 && electionMs > heartbeatMs)) return 'timers cannot be read';
  if (numberIn(row, 'unavailable_s') > 0 === false) return 'unavailable_s cannot be read';
  const events = numberIn(row, 'count');
  const isFew = events < EVENTS_OF_A_MEAN;
  return {
    parameters: isFew
      ? { rttMs, heartbeatMs, electionMs, events }
      : { rttMs, heartbeatMs, electionMs },
    judged: [{ column: 'unavailable_s', unit: 's', read: 'unavailable', isOneLook: isFew }],
    calibrates: false,
    replications: isFew ? LOOKS : 1,
  };
}

/** Figures of a reading: what is asked is named by its parameters. */
function named(
  probe: string,
  row: FigureRow,
  reading: Reading | string,
): PrimitiveReading | string {
  if (typeof reading === 'string') return reading;
  const words = Object.entries(reading.parameters).map(([key, value]) => `${key} ${value}`);
  if (row.columns.fault) words.push(row.columns.fault);
  const deviation = (column: string) => (column === 'rate' ? undefined : 'sd');
  return {
    probe,
    parameters: reading.parameters,
    name: words.join(', '),
    judged: reading.judged.map((one) => ({
      ...one,
      deviation: deviation(one.column),
      alternatives: row.columns.client_rtt_ms ?? row.columns.rtt_ms,
    })),
    calibrates: reading.calibrates,
    replications: reading.replications ?? 1,
    note: reading.note,
  };
}

/** A Redis primary and its replicas. */
export const redisPrimitives = primitiveFamily({
  name: 'redis',
  sources: ['e_redis_latency', 'e_redis_throughput'],
  split:
    'At RTT 0: latencies but of WAIT, throughput over 50 connections, and of GET over 1, calibrate; all others judge.',
  readingOf: (row) => named('redis', row, redisReading(row)),
});

/** A cluster of three etcd members: latencies, and how long it takes to lose a leader. */
export const etcdPrimitives = primitiveFamily({
  name: 'etcd',
  sources: ['e_etcd_latency', 'e_etcd_election'],
  split:
    'Latencies at RTT 0 and 150 calibrate; all others judge. Elections are means over the repetitions of a set-up, serializable gets that judge are one figure.',
  gather(rows) {
    const elections = rows.filter(({ source }) => source === 'e_etcd_election');
    const latencies = rows.filter((row) => !elections.includes(row));
    return [...localGets(latencies), ...electionRows(elections)];
  },
  readingOf: (row) =>
    named('etcd', row, row.source === 'e_etcd_election' ? electionReading(row) : etcdReading(row)),
});
