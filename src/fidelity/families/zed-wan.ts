import type { OperationResult, RunResult } from '../../experiment/results.js';
import type { PlannedScenario } from '../../experiment/study.js';
import type { WorkloadEntry } from '../../workload/workload-types.js';
import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
import { numberIn } from '../row-columns.js';
import { clientSite, LAB_PLACEMENTS, labScenario } from '../zed-lab.js';
import { bytesAgreement, bytesScenario, bytesSpread, readBytes } from './zed-wan-bytes.js';

/** Operation and milestone behind each name of the column `op`. */
const LATENCIES: Readonly<Record<string, readonly [operation: string, milestone: string]>> = {
  token_issue: ['token-issue', 'done'],
  image_list: ['image-list', 'done'],
  server_list_10: ['server-list', 'done'],
  server_create_202: ['CREATE', 'accepted'],
  server_create_active: ['CREATE', 'active'],
  server_delete_202: ['server-delete', 'accepted'],
  server_delete_gone: ['server-delete', 'gone'],
};
const BURSTS = new Set(['burst20_each_active', 'burst20_all_active']);
const IDLE = 'idle_bytes_per_min';

const HOUR_MS = 3_600_000;
/** What was looked at, some minutes after the start. */
const IDLE_MS = 12_000;
const IDLE_AFTER_MS = 180_000;
const IDLE_LOOKS = 61;

function createOf(placement: string): string {
  return placement === 'P2_labdriver' ? 'server-boot' : 'server-create';
}

/** How often each operation is repeated; the first opens connections and fills caches. */
const REPETITIONS = 12;

/** Computes of a placement and the idle servers on each. */
function hostsOf(placement: string): { computes: number; servers: number } {
  if (placement === 'P2_10computes') return { computes: 10, servers: 1 };
  const isEmpty = placement === 'P2_N0' || placement === 'P2_labdriver';
  return { computes: 1, servers: isEmpty ? 0 : 10 };
}

/** One user, one operation after the other as the rows of a set-up stand; each server goes again. */
function serial(placement: string): WorkloadEntry {
  const blocks = [
    ['token-issue'],
    ['image-list'],
    ['server-list'],
    [createOf(placement), 'server-delete'],
  ];
  const operations = blocks.flatMap((block) =>
    Array.from({ length: REPETITIONS }, () => block).flat(),
  );
  return {
    name: 'serial',
    inTurn: true,
    mix: operations.map((operation) => ({ operation, weight: 1 })),
    sites: [clientSite(placement)],
    arrivals: {
      type: 'closed',
      concurrency: 1,
      times: operations.length,
      // The script slept between operations; long enough for background work to end.
      thinkTimeMs: 4_000,
      thinkTimeDistribution: 'constant',
    },
    startMs: 10_000,
  };
}

function burst(placement: string): WorkloadEntry {
  return {
    name: 'burst',
    mix: [{ operation: createOf(placement), weight: 1 }],
    sites: [clientSite(placement)],
    arrivals: { type: 'burst', count: 20 },
    startMs: 60_000,
  };
}

function find(
  result: RunResult,
  operation: string,
  milestone: string,
): OperationResult | undefined {
  return result.operations.find(
    (row) => row.operation === operation && row.milestone === milestone,
  );
}

function readBytesPerMinute(result: RunResult): number {
  const bytes = result.links.reduce((sum, link) => sum + link.bytes, 0);
  return bytes / (result.measuredMs / 60_000);
}

interface Reading {
  readonly kind: 'serial' | 'burst' | 'idle';
  readonly metric: string;
  readonly unit: string;
  readonly column: string;
  readonly read: (result: RunResult) => number;
}

function readingOf(op: string, placement: string): Reading | undefined {
  const latency = LATENCIES[op];
  if (latency) {
    const operation = latency[0] === 'CREATE' ? createOf(placement) : latency[0];
    const read = (result: RunResult) => find(result, operation, latency[1])?.p50Ms ?? Number.NaN;
    return { kind: 'serial', metric: `${op} p50`, unit: 'ms', column: 'p50', read };
  }
  if (BURSTS.has(op)) {
    const field = op === 'burst20_all_active' ? 'maxMs' : 'p50Ms';
    const read = (result: RunResult) =>
      find(result, createOf(placement), 'active')?.[field] ?? Number.NaN;
    return { kind: 'burst', metric: op, unit: 'ms', column: 'p50', read };
  }
  if (op === IDLE) {
    return {
      kind: 'idle',
      metric: op,
      unit: 'B',
      column: 'wan_bytes_per_op',
      read: readBytesPerMinute,
    };
  }
  return undefined;
}

/** OpenStack Zed with parts of it behind a WAN (wan.csv). */
export const zedWan: FigureFamily = {
  name: 'zed-wan',
  sources: ['wan'],
  split:
    'Rows of P0 calibrate (CPU constants of the footprints, speed of a campaign); all others judge.',
  read: (rows) => new Reader().read(rows),
};

class Reader {
  private readonly figures: Figure[] = [];
  private readonly unread: UnreadRow[] = [];
  private readonly scenarios = new Map<string, PlannedScenario>();
  private readonly replications = new Map<string, number>();

  read(rows: readonly FigureRow[]): FamilyReading {
    for (const row of rows) this.row(row);
    const { figures, unread, scenarios, replications } = this;
    return { figures, unread, scenarios, replications };
  }

  private row(row: FigureRow): void {
    const { source, line, columns } = row;
    const id = `${source}.csv:${line}`;
    const { placement, op, run } = columns;
    const rttMs = numberIn(row, 'rtt_ms');
    const reading = readingOf(op, placement);
    if (!LAB_PLACEMENTS.includes(placement)) {
      this.unread.push({ id, reason: `no scenario for the placement "${placement}"` });
    } else if (!reading) {
      this.unread.push({ id, reason: `no scenario for the operation "${op}"` });
    } else if (!(rttMs >= 0)) {
      this.unread.push({ id, reason: `rtt_ms is "${columns.rtt_ms}"` });
    } else if (Number.isNaN(measuredOf(row, reading.column))) {
      this.unread.push({ id, reason: `no ${reading.column}` });
      this.bytes(row);
    } else {
      const scenario = this.scenario(run, placement, rttMs, reading.kind);
      this.figures.push({
        family: 'zed-wan',
        id,
        metric: `${placement} RTT ${rttMs}: ${reading.metric}`,
        unit: reading.unit,
        measured: measuredOf(row, reading.column),
        spread: reading.kind === 'idle' ? idleSpread(placement) : spreadOf(columns),
        role: placement === 'P0' ? 'calibration' : 'judgement',
        alternatives: `run ${run}: ${op}`,
        scenario,
        read: reading.read,
        isOneLook: reading.kind === 'idle',
        note: '',
      });
      this.bytes(row);
    }
  }

  /** Bytes over the WAN: those of a create and a delete stand beside its last milestone. */
  private bytes(row: FigureRow): void {
    const { run, placement, op } = row.columns;
    const measured = numberIn(row, 'wan_bytes_per_op');
    const [operation, milestone] = LATENCIES[op] ?? ['', 'accepted'];
    if (placement === 'P0' || milestone === 'accepted' || Number.isNaN(measured)) return;
    const rttMs = numberIn(row, 'rtt_ms');
    const create = createOf(placement);
    const own = operation === 'CREATE' ? create : operation;
    const setUp = { placement, rttMs, run, ...hostsOf(placement) };
    const scenario = `zed-wan bytes run ${run} ${placement} ${rttMs} ${own}`;
    if (!this.scenarios.has(scenario)) {
      this.scenarios.set(scenario, bytesScenario(setUp, own, create));
      this.replications.set(scenario, 1);
    }
    const count = Math.max(1, numberIn(row, 'n') || 1);
    const spread = bytesSpread(setUp, count, numberIn(row, 'mean_ms') || 0);
    const agrees = bytesAgreement(measured, spread);
    this.figures.push({
      family: 'zed-wan',
      id: `${row.source}.csv:${row.line}`,
      metric: `${placement} RTT ${rttMs}: ${op} bytes`,
      unit: 'B',
      measured,
      spread,
      role: 'judgement',
      alternatives: `run ${run}: ${op} bytes${agrees ? `, line ${row.line}` : ''}`,
      scenario,
      read: readBytes,
      agrees,
      note: '',
    });
  }

  private scenario(run: string, placement: string, rttMs: number, kind: Reading['kind']): string {
    const key = `zed-wan run ${run} ${placement} ${rttMs} ${kind}`;
    if (this.scenarios.has(key)) return key;
    if (kind === 'idle') this.replications.set(key, IDLE_LOOKS);
    const { computes, servers } = hostsOf(placement);
    const workload = { serial: [serial(placement)], burst: [burst(placement)], idle: [] }[kind];
    this.scenarios.set(
      key,
      labScenario('zed-wan', {
        placement,
        rttMs,
        run,
        computes,
        serversPerCompute: servers,
        workload,
        durationMs: kind === 'idle' ? IDLE_AFTER_MS + IDLE_MS : 3 * HOUR_MS,
        warmUpMs: kind === 'idle' ? IDLE_AFTER_MS : 0,
      }),
    );
    return key;
  }
}

/** The median, or the mean where a row has none; bytes as they are. */
function measuredOf(row: FigureRow, column: string): number {
  const value = numberIn(row, column);
  return Number.isNaN(value) && column === 'p50' ? numberIn(row, 'mean_ms') : value;
}

/** One look, within which a pass of periodic tasks falls or not. */
function idleSpread(placement: string): number {
  return bytesSpread({ placement, ...hostsOf(placement) }, 1, IDLE_MS) * (60_000 / IDLE_MS);
}

/** Half of the 95 % interval of the mean, the nearest there is to an interval of the median. */
function spreadOf(columns: Readonly<Record<string, string>>): number {
  const count = Number(columns.n);
  const deviation = Number(columns.std);
  return count > 1 && columns.std !== '' ? (1.96 * deviation) / Math.sqrt(count) : Number.NaN;
}
