import type { FigureRow } from '../figure.js';
import { type JudgedColumn, type PrimitiveReading, primitiveFamily } from '../primitive-family.js';
import type { ProbeParameters } from '../probes/probe.js';
import { isQueueType } from '../probes/rabbitmq.js';
import { numberIn } from '../row-columns.js';
import { otherCoresOf } from '../wan-lab.js';
import { clusterOf } from './rabbitmq-cluster.js';
import { gatherFaults, readFault } from './rabbitmq-faults.js';
import { gatherCasts, gatherLocalRows } from './rabbitmq-repeats.js';

const P50: JudgedColumn = { column: 'p50', unit: 'ms', read: 'p50', deviation: 'sd' };
const RATE: JudgedColumn = { column: 'rate', unit: '1/s', read: 'rate' };
const BROKER_CPU: JudgedColumn = { column: 'broker_cpu_us_per_msg', unit: 'us', read: 'brokerUs' };

/** What a source says of a row: the probe's parameters, what is judged, whether it calibrates. */
interface Source {
  readonly probe: string;
  read(row: FigureRow): {
    readonly parameters: ProbeParameters;
    readonly judged: readonly JudgedColumn[];
    readonly calibrates: boolean;
  };
}

const at = numberIn;

const DELIVERIES: readonly JudgedColumn[] = [
  { column: 'p50_ms', unit: 'ms', read: 'p50' },
  { column: 'last_mean_ms', unit: 'ms', read: 'last' },
];

/** Whether most copies of a fanout arrived before they could have: the row was measured at another distance. */
function isFasterThanWire(row: FigureRow): boolean {
  return at(row, 'p50_ms') < at(row, 'rtt_ms') / 2;
}

/** Callers and their server at their round trips from one broker. */
function rtts(row: FigureRow): ProbeParameters {
  return { callerRttMs: at(row, 'caller_rtt_ms'), serverRttMs: at(row, 'server_rtt_ms') };
}

/** Concurrency that the throughput rows of one broker and one cluster are calibrated at. */
const CALIBRATION_CONCURRENCY = 32;

const SOURCES: Readonly<Record<string, Source>> = {
  c_confirm: {
    probe: 'rabbitmq',
    read: (row) => ({
      parameters: {
        test: 'confirm',
        queue: row.columns.queue ?? '',
        callerRttMs: at(row, 'rtt_ms'),
      },
      judged: [P50],
      calibrates: at(row, 'rtt_ms') === 0,
    }),
  },
  c_connect: {
    probe: 'rabbitmq',
    read: (row) => ({
      parameters: { test: 'connect', queue: 'classic', callerRttMs: at(row, 'rtt_ms') },
      judged: [P50],
      calibrates: at(row, 'rtt_ms') === 0,
    }),
  },
  c_raw_rpc_latency: {
    probe: 'rabbitmq',
    read: (row) => ({
      parameters: { test: 'rpc', queue: row.columns.queue ?? '', confirms: false, ...rtts(row) },
      judged: [P50],
      calibrates: false,
    }),
  },
  c_rpc_throughput: {
    probe: 'rabbitmq',
    read: (row) => throughput(row),
  },
  c_rpc_cpu_per_message: {
    probe: 'rabbitmq',
    read: (row) => throughput(row),
  },
  c_oslo_rpc: {
    probe: 'rabbitmq',
    read: (row) => ({
      parameters: {
        test: row.columns.op === 'call' ? 'rpc' : (row.columns.op ?? ''),
        queue: 'classic',
        oslo: true,
        ...rtts(row),
      },
      judged: [P50, { column: 'to_server_p50_ms', unit: 'ms', read: 'toServer' }],
      calibrates: at(row, 'caller_rtt_ms') === 0 && at(row, 'server_rtt_ms') === 0,
    }),
  },
  c_oslo_first_call: {
    probe: 'rabbitmq',
    read: (row) => ({
      parameters: { test: 'first-call', queue: 'classic', oslo: true, ...rtts(row) },
      judged: [{ column: 'first_call_ms', unit: 'ms', read: 'p50' }],
      calibrates: at(row, 'caller_rtt_ms') === 0 && at(row, 'server_rtt_ms') === 0,
    }),
  },
  c_oslo_throughput: {
    probe: 'rabbitmq',
    read: (row) => ({
      parameters: {
        test: 'rpc',
        queue: 'classic',
        oslo: true,
        concurrency: at(row, 'caller_threads'),
        payload: at(row, 'payload'),
        otherCores: besideThreads(row),
      },
      judged: [P50, RATE],
      calibrates: [1, 32].includes(at(row, 'caller_threads')) && at(row, 'payload') === 0,
    }),
  },
  c_fanout: {
    probe: 'rabbitmq-fanout',
    read: (row) => ({
      parameters: {
        client: row.columns.client ?? '',
        consumers: at(row, 'consumers'),
        rttMs: at(row, 'rtt_ms'),
      },
      judged: [
        ...(isFasterThanWire(row) ? [] : DELIVERIES),
        { column: 'broker_cpu_us_per_delivery', unit: 'us', read: 'copyUs' },
      ],
      calibrates: at(row, 'rtt_ms') === 0 && at(row, 'consumers') >= 50,
    }),
  },
  c_idle_connections: {
    probe: 'rabbitmq-idle',
    read: (row) => ({
      parameters: { connections: at(row, 'connections') },
      judged: [
        { column: 'rss_after_kib', unit: 'KiB', read: 'rssKib' },
        { column: 'idle_cpu_pct', unit: '%', read: 'idlePercent' },
        { column: 'setup_cpu_s', unit: 's', read: 'setUpS' },
      ],
      calibrates: [0, 2000].includes(at(row, 'connections')),
    }),
  },
  c_oneway: { probe: 'rabbitmq-oneway', read: oneWay },
  d_cluster_rpc: { probe: 'rabbitmq', read: clusterOf },
};

/** Cores that other programs took beside callers and server in Python, of which CPU is listed by call. */
function besideThreads(row: FigureRow): number {
  const calls = at(row, 'calls');
  const parts = ['caller', 'server', 'broker'].map((part) => at(row, `${part}_cpu_ms_per_call`));
  const ownS = (parts.reduce((sum, ms) => sum + (ms || 0), 0) / 1000) * calls;
  const columns = { ...row.columns, elapsed: String(calls / at(row, 'rate')) };
  return otherCoresOf({ ...row, columns }, ownS);
}

/** Least and most calls at once over one broker. */
const CALIBRATION_CROWDS = [1, 256];

/** CPU of the emulator for a message, in ms, which one-way rows have no column for: of a leg, twice. */
const ONE_WAY_EMULATOR_MS = 0.0424;

/** Publications under a window of unconfirmed ones, or at a pace: `paced 2x1000/s`. */
function oneWay(row: FigureRow): ReturnType<Source['read']> {
  const { queue = '', window = '' } = row.columns;
  const pace = /^paced \d+x([\d.]+)\/s$/.exec(window)?.[1];
  const sent = at(row, 'sent');
  const client = (at(row, 'pub_cpu') || 0) + (at(row, 'sub_cpu') || 0);
  const columns = { ...row.columns, elapsed: String(sent / at(row, 'send_rate')) };
  return {
    parameters: {
      queue,
      payload: at(row, 'payload'),
      // A window of nothing sends nothing.
      window: pace === undefined ? Number(window) || Number.NaN : 0,
      rate: Number(pace ?? 0),
      otherCores: otherCoresOf({ ...row, columns }, client + (ONE_WAY_EMULATOR_MS / 1000) * sent),
    },
    judged: [
      { column: 'send_rate', unit: '1/s', read: 'rate' },
      { column: 'delivery_p50_ms', unit: 'ms', read: 'p50' },
      BROKER_CPU,
    ],
    calibrates: at(row, 'payload') === 1024,
  };
}

/** Payloads that CPU for each kB is a line through: their CPU is no independent check. */
const CALIBRATION_PAYLOADS = [1024, 10_240];

function throughput(row: FigureRow): ReturnType<Source['read']> {
  const { queue = '' } = row.columns;
  const isCpuFitted =
    row.source === 'c_rpc_cpu_per_message' && CALIBRATION_PAYLOADS.includes(at(row, 'payload'));
  return {
    parameters: {
      test: 'rpc',
      queue,
      concurrency: at(row, 'concurrency'),
      payload: at(row, 'payload'),
      confirms: at(row, 'confirm') === 1,
      ...(at(row, 'connections') > 0 ? { connections: at(row, 'connections') } : {}),
      otherCores: otherCoresOf(row),
    },
    judged: [P50, RATE, isCpuFitted ? { ...BROKER_CPU, calibrates: true } : BROKER_CPU],
    calibrates:
      row.source === 'c_rpc_cpu_per_message'
        ? at(row, 'payload') === 1024 && at(row, 'concurrency') === CALIBRATION_CONCURRENCY
        : CALIBRATION_CROWDS.includes(at(row, 'concurrency')),
  };
}

/** Why a row cannot be simulated; undefined for one that can. */
function problemOf(parameters: ProbeParameters): string | undefined {
  const bad = Object.entries(parameters).find(
    ([, value]) => typeof value === 'number' && !(value >= 0),
  );
  if (bad) return `${bad[0]} cannot be read`;
  if ('queue' in parameters && !isQueueType(String(parameters.queue))) {
    return `no queue type is called "${parameters.queue}"`;
  }
  const tests = ['rpc', 'cast', 'confirm', 'connect', 'declare', 'first-call'];
  if ('test' in parameters && !tests.includes(String(parameters.test))) {
    return `no client of RabbitMQ does "${parameters.test}"`;
  }
  if ('client' in parameters && !['C', 'oslo'].includes(String(parameters.client))) {
    return `no client is called "${parameters.client}"`;
  }
  return undefined;
}

function noteOf(row: FigureRow): string {
  if (row.source !== 'c_fanout' || !isFasterThanWire(row)) return row.columns.note ?? '';
  return `deliveries of ${row.columns.p50_ms} ms are faster than this distance and not judged`;
}

function readingOf(row: FigureRow): PrimitiveReading | string {
  if (row.source === 'd_cluster_faults') return readFault(row);
  const source = SOURCES[row.source];
  if (!source) return `${row.source}: publications as fast as can be are not simulated`;
  const { parameters, judged, calibrates } = source.read(row);
  const problem = problemOf(parameters);
  if (problem) return problem;
  const words = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  const { caller_rtt_ms, rtt_ms, inter_rtt_ms, payload, test } = row.columns;
  return {
    probe: source.probe,
    parameters,
    name: `${row.source} ${words.join(', ')}`,
    judged: judged.map((one) => ({
      ...one,
      alternatives: `${caller_rtt_ms ?? rtt_ms ?? inter_rtt_ms ?? payload ?? ''} ${test ?? ''}`,
    })),
    calibrates,
    replications: 1,
    note: noteOf(row),
  };
}

/** RabbitMQ and oslo.messaging: one broker and clusters of three, every queue type. */
export const rabbitMqPrimitives = primitiveFamily({
  name: 'rabbitmq',
  sources: [...Object.keys(SOURCES), 'd_cluster_faults'],
  split:
    'Rows at RTT 0 calibrate confirms, connections, oslo.messaging with one thread and with 32 without payload, calls of C one at a time and 256 at once, fanouts to 50 and more and clusters; messages of 1024 B, and of 10240 B their CPU; those of 1024 B sent one way; 0 and 2000 idle connections; of the faults of a cluster, the client on node 2, and the plain queue of node 1 after a kill. All others judge.',
  gather: (rows) => gatherFaults(gatherLocalRows(gatherCasts(rows))),
  readingOf,
});
