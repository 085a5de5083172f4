import type { FigureRow } from '../figure.js';
import { type JudgedColumn, primitiveFamily } from '../primitive-family.js';
import type { ProbeParameters } from '../probes/probe.js';
import { numberIn } from '../row-columns.js';

/** Queue of the emulated pipes where a file does not say: README of the campaign. */
const QUEUE_BYTES: Readonly<Record<string, number>> = {
  f_tcp_fetch: 256_000,
  f_tcp_loss: 1_000_000,
};
const DEFAULT_QUEUE_BYTES = 256_000;

/** Repeats of a fetch whose packets are lost at random. */
const LOSSY_REPEATS = 40;
/**
 * When a loss comes decides how long a fetch takes: a mean of fewer fetches is judged by whether means
 * of as many simulated ones may come out so.
 */
const FETCHES_OF_A_MEAN = 8;
/** Means of as many simulated fetches as were measured, to compare with. */
const LOOKS = 121;

/** How a source is read: what is simulated for a row and what is judged in it. */
interface Source {
  readonly probe: string;
  readonly judged: readonly JudgedColumn[];
  /** Undefined for a row that cannot be read. */
  parameters(row: FigureRow): ProbeParameters | undefined;
  calibrates(row: FigureRow): boolean;
}

/** Values of a whole fetch. */
const WHOLE = new Set(['total', 'aggregate']);

/** `1k`, `64M` in bytes, powers of 1024. */
export function parseBytes(text: string | undefined): number {
  const found = /^(\d+(?:\.\d+)?)([kM]?)$/.exec(text ?? '');
  return found ? Number(found[1]) * ({ k: 1024, M: 1024 ** 2 }[found[2]] ?? 1) : Number.NaN;
}

/** Whether a row is a mean of a few fetches with random losses. */
function isFew(row: FigureRow): boolean {
  return numberIn(row, 'loss') > 0 && numberIn(row, 'count') < FETCHES_OF_A_MEAN;
}

function fetchOf(row: FigureRow): ProbeParameters | undefined {
  const bytes = numberIn(row, 'bytes') || parseBytes(row.columns.size);
  const rttMs = numberIn(row, 'rtt_ms');
  const loss = numberIn(row, 'loss') || 0;
  const flows = numberIn(row, 'flows') || 1;
  const rateMbit = numberIn(row, 'rate_mbit') || 0;
  if (!(bytes > 0 && rttMs >= 0 && loss >= 0 && loss < 1 && Number.isInteger(flows)))
    return undefined;
  return {
    rttMs,
    rateMbit,
    tls: row.columns.tls ?? 'no',
    bytes,
    flows,
    queueBytes: 1000 * numberIn(row, 'queue_kb') || QUEUE_BYTES[row.source] || DEFAULT_QUEUE_BYTES,
    loss,
    repeats: loss > 0 ? (isFew(row) ? numberIn(row, 'count') : LOSSY_REPEATS) : 1,
  };
}

/** Rules of the emulator: `rtt * * 50;rate * * 100;loss 1 2 0.01;up 1 100`. */
function streamOf(row: FigureRow): ProbeParameters | undefined {
  const rules = new Map<string, number[]>();
  for (const rule of (row.columns.matrix ?? '').split(';')) {
    const words = rule.trim().split(/\s+/);
    const value = Number(words.at(-1));
    if (words.length < 2 || Number.isNaN(value)) return undefined;
    rules.set(words[0], [...(rules.get(words[0]) ?? []), value]);
  }
  const rates = ['rate', 'up', 'down'].flatMap((name) => rules.get(name) ?? []);
  return {
    rttMs: rules.get('rtt')?.at(-1) ?? 0,
    rateMbit: rates.length > 0 ? Math.min(...rates) : 0,
    queueBytes: 1000 * (rules.get('queue')?.at(-1) ?? DEFAULT_QUEUE_BYTES / 1000),
    loss: rules.get('loss')?.at(-1) ?? 0,
    seconds: numberIn(row, 'seconds') || 6,
  };
}

function pingOf(row: FigureRow): ProbeParameters | undefined {
  const rttMs = numberIn(row, 'rtt_set_ms');
  if (!(rttMs >= 0)) return undefined;
  return { rttMs, rateMbit: 0, queueBytes: DEFAULT_QUEUE_BYTES, loss: 0, seconds: 0.001 };
}

function isAtZero(column: string): (row: FigureRow) => boolean {
  return (row) => numberIn(row, column) === 0;
}

const SOURCES: Readonly<Record<string, Source>> = {
  f_tcp_fetch: {
    probe: 'tcp-fetch',
    judged: [
      { column: 'connect_ms', unit: 'ms', read: 'connect' },
      { column: 'handshake_done_ms', unit: 'ms', read: 'handshake' },
      { column: 'first_byte_ms', unit: 'ms', read: 'firstByte' },
      { column: 'total_p50_ms', unit: 'ms', read: 'total' },
    ],
    parameters: fetchOf,
    calibrates: isAtZero('rtt_ms'),
  },
  f_tcp_parallel: {
    probe: 'tcp-fetch',
    judged: [
      { column: 'mean_goodput_mbit_per_flow', unit: 'Mbit/s', read: 'goodput' },
      { column: 'aggregate_mbit', unit: 'Mbit/s', read: 'aggregate' },
    ],
    parameters: fetchOf,
    calibrates: () => false,
  },
  f_tcp_loss: {
    probe: 'tcp-fetch',
    judged: [
      { column: 'total_mean_ms', unit: 'ms', read: 'total' },
      { column: 'goodput_mbit_mean', unit: 'Mbit/s', read: 'goodput' },
    ],
    parameters: fetchOf,
    calibrates: () => false,
  },
  emulator_iperf3: {
    probe: 'tcp-stream',
    judged: [{ column: 'receiver_mbit', unit: 'Mbit/s', read: 'received' }],
    parameters: streamOf,
    calibrates: (row) => row.columns.matrix === 'rtt * * 0',
  },
  emulator_ping: {
    probe: 'tcp-stream',
    judged: [{ column: 'rtt_avg_ms', unit: 'ms', read: 'ping' }],
    parameters: pingOf,
    calibrates: isAtZero('rtt_set_ms'),
  },
};

/** Whether so many fetches stand for a mean of any number; a mean of a few is a set-up of its own. */
function isUsual(repeats: unknown): boolean {
  return repeats === 1 || repeats === LOSSY_REPEATS;
}

/** What distinguishes a row's set-up, for people. */
function nameOf(source: string, parameters: ProbeParameters): string {
  const parts = Object.entries(parameters)
    .filter(([name, value]) => name !== 'seconds' && !(name === 'repeats' && isUsual(value)))
    .map(([name, value]) => `${name} ${value}`);
  return `${source}: ${parts.join(', ')}`;
}

function judgedOf(row: FigureRow, { judged }: Source): JudgedColumn[] {
  return judged
    .filter(({ read }) => read !== 'handshake' || row.columns.tls !== 'no')
    .map((one) => ({
      ...one,
      isOneLook: isFew(row),
      deviation: one.column === 'total_p50_ms' ? 'total_sd_ms' : undefined,
      // Rates, handshakes, queues and losses are alternatives for a whole fetch; its parts are not.
      alternatives: WHOLE.has(one.read) ? `${row.columns.rtt_ms} ${row.columns.size}` : undefined,
    }));
}

/** TCP through an emulated pipe: fetches, streams and pings between two hosts. */
export const tcp = primitiveFamily({
  name: 'tcp',
  sources: Object.keys(SOURCES),
  split:
    "Rows at RTT 0 calibrate (hosts' and the emulator's own time and rate); all constants of TCP are of standards.",
  readingOf(row) {
    const source = SOURCES[row.source];
    const parameters = source.parameters(row);
    if (!parameters) return 'round trip, size or rule of the pipe cannot be read';
    return {
      probe: source.probe,
      parameters,
      name: nameOf(row.source, parameters),
      judged: judgedOf(row, source),
      calibrates: source.calibrates(row),
      replications: isFew(row) ? LOOKS : parameters.loss === 0 ? 1 : 3,
    };
  },
});
