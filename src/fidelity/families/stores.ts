import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
import type { ProbeParameters } from '../probes/probe.js';
import { isRedisOperation } from '../probes/redis.js';
import { halfInterval, numberIn, rowId } from '../row-columns.js';
import type { SetUp } from '../set-up.js';

/** What is read of a row, or why nothing is. */
interface Reading {
  readonly parameters: ProbeParameters;
  readonly judged: readonly { column: string; unit: string; read: string }[];
  readonly calibrates: boolean;
}

/** `10` or `10/100`: round trips to two replicas. */
function replicaRtts(text: string | undefined): number[] {
  const parts = (text ?? '').split('/').filter((part) => part.trim() !== '');
  const rtts = parts.map(Number);
  return rtts.length === 1 ? [rtts[0], rtts[0]] : rtts;
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
      parameters: waits ? { op, rttMs, replicaRttsMs } : { op, rttMs },
      judged: [{ column: 'p50', unit: 'ms', read: 'p50' }],
      calibrates: false,
    };
  }
  const connections = numberIn(row, 'connections');
  const pipeline = numberIn(row, 'pipeline');
  if (!(connections >= 1 && pipeline >= 1)) return 'connections or pipeline cannot be read';
  const judged = [{ column: 'rate', unit: '1/s', read: 'commands' }];
  // Below so many commands a second the server's CPU is background work.
  if (rttMs === 0 && numberIn(row, 'requests') >= 100_000) {
    judged.push({ column: 'cpu_us_per_op', unit: 'us', read: 'serverUs' });
  }
  return {
    parameters: { op, rttMs, connections, pipeline },
    judged,
    calibrates: rttMs === 0 && connections === 50,
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
    calibrates: rttMs === 0 || rttMs === 150,
  };
}

/** The mean over the repetitions of one set-up, each a single event. */
function electionRows(rows: readonly FigureRow[]): FigureRow[] {
  const groups = new Map<string, FigureRow[]>();
  for (const row of rows) {
    const { rtt_ms, heartbeat_ms, election_ms, fault } = row.columns;
    const key = `${rtt_ms} ${heartbeat_ms} ${election_ms} ${fault}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((own) => {
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
}

function electionReading(row: FigureRow): Reading | string {
  const rttMs = numberIn(row, 'rtt_ms');
  const heartbeatMs = numberIn(row, 'heartbeat_ms');
  const electionMs = numberIn(row, 'election_ms');
  if (!(rttMs >= 0 && heartbeatMs > 0 && electionMs > heartbeatMs)) return 'timers cannot be read';
  if (numberIn(row, 'unavailable_s') > 0 === false) return 'unavailable_s cannot be read';
  return {
    parameters: { rttMs, heartbeatMs, electionMs },
    judged: [{ column: 'unavailable_s', unit: 's', read: 'unavailable' }],
    calibrates: false,
  };
}

function family(
  name: string,
  sources: readonly string[],
  split: string,
  readingOf: (row: FigureRow) => Reading | string,
): FigureFamily {
  return {
    name,
    sources,
    split,
    read(rows: readonly FigureRow[]): FamilyReading {
      const figures: Figure[] = [];
      const unread: UnreadRow[] = [];
      const scenarios = new Map<string, SetUp>();
      const replications = new Map<string, number>();
      const elections = rows.filter(({ source }) => source === 'e_etcd_election');
      const others = rows.filter(({ source }) => source !== 'e_etcd_election');
      for (const row of [...others, ...electionRows(elections)]) {
        const reading = readingOf(row);
        if (typeof reading === 'string') {
          unread.push({ id: rowId(row), reason: reading });
          continue;
        }
        const words = Object.entries(reading.parameters).map(([key, value]) => `${key} ${value}`);
        const scenario = `${name} ${words.join(', ')}`;
        scenarios.set(scenario, { probe: name, parameters: reading.parameters });
        replications.set(scenario, 1);
        for (const { column, unit, read } of reading.judged) {
          const measured = numberIn(row, column);
          if (Number.isNaN(measured)) continue;
          figures.push({
            family: name,
            id: rowId(row),
            metric: `${words.join(', ')}${row.columns.fault ? `, ${row.columns.fault}` : ''}: ${column}`,
            unit,
            measured,
            spread:
              column === 'rate'
                ? Number.NaN
                : halfInterval(numberIn(row, 'count'), numberIn(row, 'sd')),
            role: reading.calibrates ? 'calibration' : 'judgement',
            alternatives: `${row.source} ${row.columns.client_rtt_ms ?? row.columns.rtt_ms}: ${column}`,
            scenario,
            read,
            note: '',
          });
        }
      }
      return { figures, unread, scenarios, replications };
    },
  };
}

/** A Redis primary and its replicas. */
export const redisPrimitives = family(
  'redis',
  ['e_redis_latency', 'e_redis_throughput'],
  'Throughput over 50 connections at RTT 0 calibrates; all others judge.',
  redisReading,
);

/** A cluster of three etcd members: latencies, and how long it takes to lose a leader. */
export const etcdPrimitives = family(
  'etcd',
  ['e_etcd_latency', 'e_etcd_election'],
  'Latencies at RTT 0 and 150 calibrate; all others judge. Elections are means over the repetitions of a set-up.',
  (row) => (row.source === 'e_etcd_election' ? electionReading(row) : etcdReading(row)),
);
