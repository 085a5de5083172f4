import type { Figure, FigureFamily, FigureRow } from '../figure.js';
import type { ProbeParameters } from '../probes/probe.js';
import { type RowReading, readRows } from '../read-rows.js';
import { numberIn, rowId } from '../row-columns.js';

/** Values of the probe by the end of a metric. */
const READS: readonly (readonly [RegExp, string])[] = [
  [/steady single-thread rate|throughput/i, 'rate'],
  [/round-trip latency/i, 'latency'],
  [/request latency/i, 'requestLatency'],
  [/sent|received/i, 'sent'],
  [/transfer/i, 'transfer'],
  [/bandwidth/i, 'bandwidth'],
  [/duration/i, 'duration'],
  [/errors|loss/i, 'errors'],
];
const CALIBRATING = ['rate', 'latency', 'requestLatency', 'transfer'];

/** `cs1ss2-ks2-ha`: client on slave 1, server on slave 2, slave 2 killed, mirrored queues. */
function scenarioOf(row: FigureRow): { parameters: ProbeParameters; code: string } | undefined {
  const { system = '', setup = '', metric = '' } = row.columns;
  const code = /\bc(m|s\d)s(m|s\d)-k(m|s\d)(-ha)?\b/.exec(system);
  const kind = /\b(call|cast|notify)\b/i.exec(metric)?.[1].toLowerCase();
  if (!code || kind === undefined) return undefined;
  return {
    code: code[0],
    parameters: {
      kind: kind === 'call' ? 'call' : 'cast',
      isMirrored: code[4] !== undefined,
      losesClientBroker: code[1] === code[3],
      seconds: Number(/\b(\d+) s\b/.exec(setup)?.[1] ?? 120),
    },
  };
}

function unreadReason(metric: string): string | undefined {
  if (/outage|max/i.test(metric))
    return 'one outage of one run: how long a client takes to find another broker (1 to 62 s) is not modelled';
  if (/^(?!call).*latency/i.test(metric))
    return 'latency of a cast is the backlog of its target’s queue: not modelled';
  return READS.some(([pattern]) => pattern.test(metric)) ? undefined : `"${metric}" has no model`;
}

function readingOf(row: FigureRow): RowReading | string {
  const { metric = '', unit = '' } = row.columns;
  const measured = numberIn(row, 'value');
  const found = scenarioOf(row);
  if (!found || Number.isNaN(measured)) return 'scenario, kind of message or value cannot be read';
  const reason = unreadReason(metric);
  if (reason !== undefined) return reason;
  const { parameters, code } = found;
  const read = READS.find(([pattern]) => pattern.test(metric))?.[1] as string;
  const calibrates =
    (code === 'cs1ss1-ks1' || code === 'cs1ss2-ks2-ha') &&
    !/notify/i.test(metric) &&
    !/throughput/i.test(metric) &&
    CALIBRATING.includes(read);
  const figure: Figure = {
    family: 'message-bus-failures',
    id: rowId(row),
    metric: `${code}: ${metric}`,
    unit,
    measured,
    spread: Number.NaN,
    role: calibrates ? 'calibration' : 'judgement',
    // Plain or mirrored queues is a choice; where clients are and what dies is none.
    alternatives: `message-bus-failures ${code.replace('-ha', '')} ${metric}`,
    scenario: `bus-failover: ${JSON.stringify(parameters)}`,
    read,
    ...(read === 'errors' ? { agrees: (simulated: number) => simulated > 0 === measured > 0 } : {}),
    note: '',
  };
  return { figures: [figure], setUp: { probe: 'bus-failover', parameters }, replications: 1 };
}

/** One thread of oslo.messaging's simulator on three RabbitMQ nodes, of which one is killed. */
export const messageBusFailures: FigureFamily = {
  name: 'message-bus-failures',
  sources: ['figures'],
  idPrefixes: ['MQHA-'],
  split:
    'Of calls and casts of cs1ss1-ks1 (plain) and cs1ss2-ks2-ha (mirrored), the steady rate, mean latencies and bytes calibrate.',
  read: (rows) => readRows(rows, readingOf),
};
