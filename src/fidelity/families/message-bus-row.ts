import {
  CYCLES,
  demandAt,
  IDLE_CORES,
  IDLE_SYSTEM_SHARE,
  type MessageKind,
  rabbitThreads,
  SYSTEM_SHARE,
  zeroMqThreads,
} from '../bus-lab.js';
import type { FigureRow } from '../figure.js';
import type { ProbeParameters } from '../probes/probe.js';
import { numberIn } from '../row-columns.js';

/** A row understood. */
export interface BusReading {
  readonly probe: string;
  readonly parameters: ProbeParameters;
  readonly read: string;
  readonly isCalibration: boolean;
}

/** A row understood, or why not. */
export type BusRow = BusReading | string;

function kindOf(metric: string): MessageKind | undefined {
  const found = /\b(call|cast|notify)\b/i.exec(metric)?.[1].toLowerCase();
  if (found === undefined) return undefined;
  return found === 'call' ? 'call' : 'cast';
}

/** Nodes of client and server: `client on slave-1, server on slave-2`, `Client->Master`. */
function placesOf(text: string): { client: string; server: string } | undefined {
  const plain = text
    .toLowerCase()
    .replace(/[-‐](?=\d)/g, ' ')
    .replace(/->/g, ' on ');
  const node = '(master|slave \\d)';
  const both = new RegExp(`client (?:&|and|\\+) ?server on ${node}`).exec(plain);
  if (both) return { client: both[1], server: both[1] };
  const two = new RegExp(`client on ${node}, server on ${node}`).exec(plain);
  return two ? { client: two[1], server: two[2] } : undefined;
}

/** ombt: clients at an offered rate. */
export function ombtRow(row: FigureRow): BusRow {
  const { system = '', setup = '', metric = '', x_name: axis } = row.columns;
  const clients = numberIn(row, 'x_value');
  const kind = kindOf(metric);
  const bus = /qpid/i.test(system) ? 'qpid-dispatch' : /rabbit/i.test(system) ? 'rabbitmq' : '';
  if (axis !== 'n_clients' || !(clients > 0) || kind === undefined || bus === '')
    return 'bus, kind of message or number of clients cannot be read';
  if (/latency/.test(metric))
    return 'quantiles of ombt’s histogram are not modelled: one target of Python servers in bins of 1 to 10 ms';
  const brokers = Number(/(\d+) (?:broker|router)/.exec(system)?.[1] ?? 1);
  const offered = Number(/([\d,]+) calls\/s offered/.exec(setup)?.[1].replace(/,/g, '') ?? 10_000);
  const reads: [RegExp, string][] = [
    [/message rate/, 'rate'],
    [/connections/, 'connections'],
    [/RAM/, 'memory'],
    [/CPU/, 'cores'],
    [/data sent/, 'bytes'],
  ];
  const read = reads.find(([pattern]) => pattern.test(metric))?.[1];
  if (read === undefined) return `what "${metric}" is has no model`;
  const isOne = brokers === 1;
  const few = clients === 1000;
  const isCalibration =
    (read === 'rate' && few && (isOne || kind === 'cast')) ||
    ((read === 'memory' || read === 'connections') &&
      isOne &&
      (few || clients === (bus === 'rabbitmq' ? 4000 : 8000))) ||
    (read === 'cores' && (few || (brokers === 3 && clients === 8000))) ||
    (read === 'bytes' && few && bus === 'rabbitmq' && isOne);
  return {
    probe: 'ombt',
    parameters: { bus, kind, clients, brokers, offered },
    read,
    isCalibration,
  };
}

/** CPU of one node: `Slave 1 total`; cores by the role that the node plays. */
function nodeRead(
  metric: string,
  kind: MessageKind,
  places: { client: string; server: string },
  threads: number,
): { read: string; extra: ProbeParameters } | undefined {
  const found = /(master|slave \d) (total|sys)$/i.exec(metric);
  const isAll = /RabbitMQ CPU/.test(metric);
  if (!found && !isAll) return undefined;
  const isTogether = places.client === places.server;
  const { demandMs } = CYCLES[isTogether ? 'together' : 'apart'][kind];
  const demandOf = (node: string): number => {
    const isClient = node === places.client;
    const role = isTogether
      ? 'both'
      : isClient
        ? 'client'
        : node === places.server
          ? 'server'
          : 'other';
    const demand = demandMs[role];
    return demand && (!isTogether || isClient) ? demandAt(threads, demand) : 0;
  };
  const nodes = found ? [found[1].toLowerCase()] : Object.keys(IDLE_CORES);
  const demand = nodes.reduce((sum, node) => sum + demandOf(node), 0);
  const idle = nodes.reduce(
    (sum, node) => sum + (demandOf(node) > 0 ? 0 : (IDLE_CORES[node] ?? 0)),
    0,
  );
  const isSystem = found?.[2].toLowerCase() === 'sys';
  const nodeDemandMs = demand * (isSystem ? SYSTEM_SHARE : 1);
  return {
    read: 'percent',
    extra: { nodeDemandMs, idleCores: idle * (isSystem ? IDLE_SYSTEM_SHARE : 1) },
  };
}

/** Threads in a closed loop, on RabbitMQ or ZeroMQ. */
export function threadsRow(row: FigureRow): BusRow {
  const { system = '', metric = '', x_name: axis = '', x_value: value = '' } = row.columns;
  const kind = kindOf(metric);
  if (kind === undefined) return 'kind of message cannot be read';
  if (/latency/.test(metric) && kind === 'cast')
    return 'latency of a cast is the backlog of the target’s queue at its servers’ own pace: not modelled';
  const isTop = /top throughput/.test(metric);
  const threads = isTop ? 500 : numberIn(row, 'x_value');
  if (!(threads > 0) || (!isTop && axis !== 'threads')) return 'number of threads cannot be read';
  const read = /latency/.test(metric) ? 'latency' : /throughput/.test(metric) ? 'rate' : undefined;
  if (/zeromq/i.test(system)) {
    if (read === undefined) return `what "${metric}" is has no model`;
    const isCalibration = threads === 10 || threads >= 170;
    return { probe: 'bus-threads', parameters: zeroMqThreads(kind, threads), read, isCalibration };
  }
  const where = isTop ? value : system;
  const places = placesOf(where);
  if (!/rabbit/i.test(system) || !places) return 'bus or nodes of client and server cannot be read';
  const isMirrored = /\bHA\b|mirror/i.test(`${system} ${where}`);
  const isTogether = places.client === places.server;
  const isNotify = /notify/i.test(metric);
  if (isTop) {
    const best = [50, 100, 250, 500].map((n) => rabbitThreads(kind, isTogether, isMirrored, n));
    return {
      probe: 'bus-threads-best',
      parameters: { of: best },
      read: 'rate',
      isCalibration: isMirrored && !isNotify,
    };
  }
  const parameters = rabbitThreads(kind, isTogether, isMirrored, threads);
  const isCalibration =
    !isMirrored &&
    !isNotify &&
    (threads === 50 || threads === 500) &&
    (read !== undefined ||
      /total$/.test(metric) ||
      (/sys$/.test(metric) && isTogether && kind === 'call'));
  if (read !== undefined) return { probe: 'bus-threads', parameters, read, isCalibration };
  const node = nodeRead(metric, kind, places, threads);
  if (!node) return `what "${metric}" is has no model`;
  if (isMirrored) return 'CPU of nodes that keep mirrors is not modelled: nothing calibrates it';
  return {
    probe: 'bus-threads',
    parameters: { ...parameters, ...node.extra },
    read: node.read,
    isCalibration,
  };
}
