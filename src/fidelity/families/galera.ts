import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
import { GALERA_LAB } from '../galera-lab.js';
import { halfInterval, numberIn, rowId } from '../row-columns.js';
import type { SetUp } from '../set-up.js';
import { readFaultRow } from './galera-faults.js';
import {
  clientsAt,
  type GaleraSetUp,
  isStatement,
  othersShare,
  placedClients,
  type RowReading,
  setUpOf,
  statementMs,
  UnreadableRow,
} from './galera-row.js';

/** Window of the files `_bigwindow`: evs.send_window and evs.user_send_window. */
const BIG_WINDOW = 512;

/** Round trips whose lone updates gave `commit-latency` and the CPU of a message. */
const CALIBRATION_RTTS_MS = [0, 10, 50];

/** As long as it was measured: now and then all members wait for their windows, for a second. */
const CONFLICTS_MS = 4000;

/** CPU of an attempt to commit over the members (b_galera_throughput.csv, few writers at RTT 0). */
const ATTEMPT_MS_PER_MEMBER = 0.25;

/** Failures below which their number is luck: they are judged by whether they are as rare. */
const RARE_FAILURES = 30;

function windowOf(row: FigureRow): { window?: number } {
  return row.source.endsWith('_bigwindow') ? { window: BIG_WINDOW } : {};
}

function windowName(row: FigureRow): string {
  return row.source.endsWith('_bigwindow') ? ', large window' : '';
}

function calibratesAt(row: FigureRow): boolean {
  return CALIBRATION_RTTS_MS.includes(numberIn(row, 'rtt_ms'));
}

function meanSpread(row: FigureRow): number {
  return halfInterval(numberIn(row, 'count'), numberIn(row, 'sd'));
}

/** b_galera_latency: one client beside the member that it uses. */
function readLatency(row: FigureRow, group: GaleraSetUp): RowReading {
  const { op } = row.columns;
  if (!isStatement(op)) throw new UnreadableRow(`no statement is called "${op}"`);
  const kind = op === 'select' ? 'read' : op === 'syncread' ? 'sync-read' : 'write';
  const client = numberIn(row, 'client_node') || 1;
  const clients = numberIn(row, 'clients') || 1;
  const perOpMs =
    numberIn(row, 'writer_cpu_ms_per_op') +
    (group.members - 1) * numberIn(row, 'replica_cpu_ms_per_op');
  const ownCpuS =
    (perOpMs * numberIn(row, 'count')) / 1000 +
    numberIn(row, 'client_cpu') +
    numberIn(row, 'emu_cpu_s');
  const isLoneUpdate = op === 'update' && clients === 1 && calibratesAt(row);
  return {
    scenario: `${group.name}${windowName(row)}: ${op} at ${client}, ${clients}`,
    setUp: {
      probe: 'galera',
      parameters: {
        ...windowOf(row),
        members: group.members,
        rttsMs: group.rttsMs,
        statementMs: statementMs(op),
        // The kernel lets short bursts of a reader run at once.
        othersShare: kind === 'write' ? othersShare(row, ownCpuS) : 0,
        clients: [clientsAt(Math.min(client, group.members) - 1, clients, { kind })],
        spanMs: kind === 'write' ? null : 40,
      },
    },
    figures: [
      {
        metric: `${group.name}${windowName(row)}: ${op}, median`,
        unit: 'ms',
        measured: numberIn(row, 'p50'),
        spread: meanSpread(row),
        role: isLoneUpdate ? 'calibration' : 'judgement',
        alternatives: `galera ${op} by group`,
        read: 'p50',
      },
    ],
  };
}

/** b_galera_throughput: writers of rows of their own. */
function readThroughput(row: FigureRow, group: GaleraSetUp): RowReading {
  const { placement } = row.columns;
  const clients = numberIn(row, 'clients');
  const ownCpuS =
    numberIn(row, 'writer_cpu_s') +
    (group.members - 1) * numberIn(row, 'replica_cpu_s_mean') +
    numberIn(row, 'client_cpu') +
    numberIn(row, 'emu_cpu_s');
  const name = `${group.name}${windowName(row)}: ${clients} writers, ${placement}`;
  return {
    scenario: name,
    setUp: {
      probe: 'galera',
      parameters: {
        ...windowOf(row),
        members: group.members,
        rttsMs: group.rttsMs,
        statementMs: statementMs('update'),
        othersShare: othersShare(row, ownCpuS),
        clients: placedClients(group.members, placement, clients),
        spanMs: null,
      },
    },
    figures: [
      {
        metric: `${name}, median`,
        unit: 'ms',
        measured: numberIn(row, 'p50'),
        spread: meanSpread(row),
        role: clients === 1 && calibratesAt(row) ? 'calibration' : 'judgement',
        alternatives: `galera ${row.columns.nodes} members, RTT ${row.columns.rtt_ms}: ${clients} writers`,
        read: 'p50',
      },
    ],
  };
}

/** b_galera_syncwait: a reader on another member than the writers. */
function readSyncWait(row: FigureRow, group: GaleraSetUp): RowReading {
  const writers = numberIn(row, 'writers_at_node1');
  const reader = numberIn(row, 'reader_node') || 2;
  const waits = row.columns.wsrep_sync_wait === '1';
  const name = `${group.name}: read beside ${writers} writers elsewhere${waits ? ', causal' : ''}`;
  const readMs = statementMs(waits ? 'syncread' : 'select');
  const ownCores =
    0.001 *
    (numberIn(row, 'rate') * (readMs + GALERA_LAB.clientMs) +
      numberIn(row, 'writer_rate') * ATTEMPT_MS_PER_MEMBER * group.members);
  // Causal reads are at once or wait for a message: their median jumps from one to the other.
  const read = waits ? 'mean' : 'p50';
  return {
    scenario: name,
    setUp: {
      probe: 'galera',
      parameters: {
        members: group.members,
        rttsMs: group.rttsMs,
        statementMs: readMs,
        othersShare: othersShare(row, ownCores, 1),
        clients: [
          ...(writers > 0
            ? [clientsAt(0, writers, { isMeasured: false, weight: statementMs('update') / readMs })]
            : []),
          clientsAt(Math.min(reader, group.members) - 1, 1, { kind: waits ? 'sync-read' : 'read' }),
        ],
        spanMs: 200 + 10 * Math.max(...group.rttsMs),
      },
    },
    figures: [
      {
        metric: `${name}, ${waits ? 'mean' : 'median'}`,
        unit: 'ms',
        measured: numberIn(row, read),
        spread: Number.NaN,
        role: 'judgement',
        alternatives: `galera read beside writers, ${row.columns.nodes} members, RTT ${row.columns.rtt_ms}, ${writers} writers`,
        read,
      },
    ],
  };
}

/** b_galera_conflicts: every member's clients write the same few rows. */
function readConflicts(row: FigureRow, group: GaleraSetUp): RowReading {
  const { op } = row.columns;
  if (op !== 'hot' && op !== 'hottxn') throw new UnreadableRow(`no load is called "${op}"`);
  const hotRows = numberIn(row, 'hot_rows');
  const perMember = numberIn(row, 'clients_per_node');
  if (!(hotRows >= 1 && perMember >= 1)) throw new UnreadableRow('it names no rows or clients');
  const name = `${group.name}: ${op}, ${hotRows} rows, ${perMember} clients a member`;
  const changes = { hotRows, serverRetries: op === 'hot' ? 1 : 0 };
  const failures = numberIn(row, 'deadlocks');
  const count = numberIn(row, 'count');
  const perSuccess = numberIn(row, 'failures_per_success');
  // A failure that the server hides is one more attempt for each that the client sees.
  const attempts = count + failures * (op === 'hot' ? 2 : 1);
  const rare = failures < RARE_FAILURES;
  const alternatives = `galera conflicts, ${op}, ${perMember} clients of ${row.columns.nodes} members, RTT ${row.columns.rtt_ms}`;
  return {
    scenario: name,
    setUp: {
      probe: 'galera',
      parameters: {
        members: group.members,
        rttsMs: group.rttsMs,
        statementMs: statementMs(op === 'hot' ? 'update' : 'txn'),
        othersShare: othersShare(row, attempts * ATTEMPT_MS_PER_MEMBER * group.members * 0.001),
        clients: Array.from({ length: group.members }, (_, member) =>
          clientsAt(member, perMember, changes),
        ),
        spanMs: CONFLICTS_MS,
      },
    },
    figures: [
      {
        metric: `${name}: commits`,
        unit: '1/s',
        measured: numberIn(row, 'rate'),
        spread: Number.NaN,
        role: 'judgement',
        alternatives: `${alternatives}: rate`,
        read: 'rate',
      },
      {
        metric: `${name}: failures a success`,
        unit: '1',
        measured: perSuccess,
        spread: (1.96 * Math.sqrt(failures)) / count,
        role: 'judgement',
        alternatives: `${alternatives}: failures`,
        read: 'failures per success',
        ...(rare ? { agrees: (simulated: number) => simulated * count < 2 * RARE_FAILURES } : {}),
      },
    ],
  };
}

const READERS: Readonly<Record<string, (row: FigureRow, group: GaleraSetUp) => RowReading>> = {
  b_galera_latency: readLatency,
  b_galera_latency_bigwindow: readLatency,
  b_galera_throughput: readThroughput,
  b_galera_throughput_bigwindow: readThroughput,
  b_galera_syncwait: readSyncWait,
  b_galera_conflicts: readConflicts,
  b_galera_faults: readFaultRow,
};

function read(rows: readonly FigureRow[]): FamilyReading {
  const figures: Figure[] = [];
  const unread: UnreadRow[] = [];
  const scenarios = new Map<string, SetUp>();
  for (const row of rows) {
    const id = rowId(row);
    try {
      const reading = READERS[row.source](row, setUpOf(row));
      // Rows of one set-up differ in what else the machine had to do.
      const scenario = scenarios.has(reading.scenario)
        ? `${reading.scenario} (${id})`
        : reading.scenario;
      scenarios.set(scenario, reading.setUp);
      for (const figure of reading.figures) {
        if (!Number.isFinite(figure.measured)) continue;
        const suffix = reading.figures.length > 1 ? ` ${String(figure.read)}` : '';
        figures.push({ ...figure, family: 'galera', id: `${id}${suffix}`, scenario, note: '' });
      }
      if (!reading.figures.some(({ measured }) => Number.isFinite(measured))) {
        unread.push({ id, reason: 'it holds no measured value' });
      }
    } catch (error) {
      if (!(error instanceof UnreadableRow)) throw error;
      unread.push({ id, reason: error.message });
    }
  }
  return { figures, unread, scenarios };
}

/** Galera behind a WAN: latencies, many writers, causal reads, conflicts and faults. */
export const galera: FigureFamily = {
  name: 'galera',
  sources: Object.keys(READERS),
  split:
    'Lone updates and lone writers at RTT 0, 10 and 50 ms calibrate; of the faults, graceful stops, and kills and partitions at the smallest and the largest RTT; everything else is judged.',
  read,
};
