import type { RunResult } from '../../experiment/results.js';
import type { PlannedScenario } from '../../experiment/study.js';
import type { WorkloadEntry } from '../../workload/workload-types.js';
import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
import { numberIn } from '../row-columns.js';
import { clientSite, LAB_PLACEMENTS, labScenario } from '../zed-lab.js';
import { CREATE_MARKS, DELETE_MARKS, withMarks } from './zed-step-marks.js';

/** Round-trip times at which the campaign measured; a source is one traced operation. */
const RTTS = [2, 5, 10, 20, 25, 50, 75, 100, 150, 200, 300];
const SOURCES = LAB_PLACEMENTS.flatMap((placement) =>
  RTTS.flatMap((rtt) =>
    ['create', 'delete'].map((operation) => `events_wan_${placement}_${rtt}_${operation}`),
  ),
);

/** More round trips of the scheduler than this are of hosts that another measurement left registered. */
const MOST_SCHEDULER_SQL = 50;

type Milliseconds = number | undefined;

/** The events of one trace, in order. */
class Trace {
  constructor(private readonly rows: readonly FigureRow[]) {}

  find(kind: string, service: string, name: RegExp, after = -1): FigureRow | undefined {
    return this.rows.find(
      (row) =>
        row.columns.kind === kind &&
        row.columns.service === service &&
        name.test(`${row.columns.target} ${row.columns.name}`) &&
        numberIn(row, 't_ms') > after,
    );
  }

  last(kind: string, service: string, name: RegExp, before: number): FigureRow | undefined {
    return this.rows.findLast(
      (row) =>
        row.columns.kind === kind &&
        row.columns.service === service &&
        name.test(`${row.columns.target} ${row.columns.name}`) &&
        numberIn(row, 't_ms') < before,
    );
  }

  count(kind: string, service: string, name: RegExp, before: number): number {
    return this.rows.filter(
      (row) =>
        row.columns.kind === kind &&
        row.columns.service === service &&
        name.test(`${row.columns.target} ${row.columns.name}`) &&
        numberIn(row, 't_ms') < before,
    ).length;
  }

  mark(name: RegExp): Milliseconds {
    return begin(this.find('mark', 'client', name));
  }
}

function begin(row: FigureRow | undefined): Milliseconds {
  return row ? numberIn(row, 't_ms') : undefined;
}

function over(row: FigureRow | undefined): Milliseconds {
  return row ? numberIn(row, 't_ms') + numberIn(row, 'duration_ms') : undefined;
}

/** One step: when it began and ended in the trace, and between which milestones it is simulated. */
type Measured = readonly [
  from: string,
  to: string,
  beganMs: Milliseconds,
  endedMs: Milliseconds,
  problem?: string,
];

const COMPUTE = /^cmp/;

function computeOf(rows: readonly FigureRow[]): string {
  return rows.find(({ columns }) => COMPUTE.test(columns.service ?? ''))?.columns.service ?? '';
}

function createSteps(trace: Trace, compute: string): Measured[] {
  const select = trace.find('rpc', 'nova-conductor', /call select_destinations/);
  const entered = begin(trace.find('rpcin', compute, /build_and_run/));
  const checked = trace.find('rest', compute, /^\/allocations\/.* GET/, entered);
  const claim = trace.find('rpc', compute, /Instance\.save/, over(checked));
  const claimed = trace.find('rpc', compute, /Service\.get_by_compute_host/, begin(claim));
  const port = trace.find('rest', compute, /^\/v2.0\/ports POST/);
  const binding = trace.find('rest', compute, /^\/v2.0\/ports\/\S* PUT/);
  const active = trace.mark(/ACTIVE/i);
  const cached = trace.last('rpc', compute, /InstanceInfoCache\.save/, active ?? Infinity);
  const surplus = trace.count('sql', 'nova-scheduler', /./, Infinity) > MOST_SCHEDULER_SQL;
  const problem = surplus
    ? 'the scheduler read hosts that another measurement had left'
    : undefined;
  return [
    ['', 'accepted', 0, trace.mark(/202/)],
    [
      'conductor',
      'scheduling',
      begin(trace.find('rpcin', 'nova-conductor', /schedule/)),
      begin(select),
    ],
    ['scheduling', 'scheduled', begin(select), over(select), problem],
    ['scheduled', 'building', over(select), entered],
    ['building', 'claiming', entered, begin(claim)],
    ['claiming', 'claimed', begin(claim), over(claimed)],
    ['claimed', 'port-creating', over(claimed), begin(port)],
    ['port-creating', 'port-created', begin(port), over(port)],
    ['port-binding', 'port-bound', begin(binding), over(binding)],
    ['port-bound', 'network-cached', over(binding), over(cached)],
    ['network-cached', 'active', over(cached), active],
    ['', 'active', 0, active, problem],
  ];
}

function deleteSteps(trace: Trace, compute: string): Measured[] {
  const entered = begin(trace.find('rpcin', compute, /terminate_instance/));
  const port = trace.find('rest', compute, /^\/v2.0\/ports\/\S* DELETE/);
  const update = trace.find('rpc', compute, /ComputeNode\.save/, over(port));
  const updated = trace.find('rpc', compute, /Service\.get_by_compute_host/, begin(update));
  const free = trace.find('rest', compute, /^\/allocations\/\S* DELETE/);
  const gone = trace.mark(/gone/);
  return [
    ['', 'accepted', 0, trace.mark(/got 20/)],
    ['terminating', 'port-deleting', entered, begin(port)],
    ['port-deleting', 'port-deleted', begin(port), over(port)],
    ['port-deleted', 'updating', over(port), begin(update)],
    ['updating', 'updated', begin(update), over(updated)],
    ['freeing', 'freed', begin(free), over(free)],
    ['freed', 'gone', over(free), gone],
    ['', 'gone', 0, gone],
  ];
}

function between(operation: string, from: string, to: string): (result: RunResult) => number {
  const at = (result: RunResult, milestone: string) =>
    result.operations.find((row) => row.operation === operation && row.milestone === milestone)
      ?.meanMs ?? Number.NaN;
  return (result) => at(result, to) - (from === '' ? 0 : at(result, from));
}

/** Servers on the host before, as a compute asks Placement for each. */
function serversOf(trace: Trace, compute: string, isCreate: boolean): number {
  if (!isCreate) {
    const freed = begin(trace.find('rest', compute, /^\/allocations\/\S* DELETE/)) ?? 0;
    return Math.max(1, trace.count('rest', compute, /^\/allocations\/\S* GET/, freed));
  }
  const port = begin(trace.find('rest', compute, /^\/v2.0\/ports POST/)) ?? 0;
  // One before the claim and one for the new server itself.
  return Math.max(0, trace.count('rest', compute, /^\/allocations\/\S* GET/, port) - 2);
}

/** Before the traced operation others open the connections and fill the caches. */
const FIRST_MS = 5_000;
/** From one operation to the next: longer than any takes, and tokens stay cached. */
const GAP_MS = 60_000;
const GAP_ROUND_TRIPS = 900;

function at(name: string, operation: string, timeMs: number, site: string): WorkloadEntry {
  return {
    name,
    mix: [{ operation, weight: 1 }],
    sites: [site],
    arrivals: { type: 'times', timesMs: [timeMs] },
    startMs: 0,
  };
}

function scenarioOf(
  placement: string,
  rttMs: number,
  operation: string,
  servers: number,
): PlannedScenario {
  const gapMs = GAP_MS + rttMs * GAP_ROUND_TRIPS;
  const tracedMs = FIRST_MS + 2 * gapMs;
  const site = clientSite(placement);
  const create = operation === 'server-boot' ? operation : 'server-create';
  const planned = labScenario('zed-steps', {
    placement,
    rttMs,
    run: '1',
    computes: 1,
    serversPerCompute: servers,
    workload: [
      at('before', create, FIRST_MS, site),
      at('between', 'server-delete', FIRST_MS + gapMs, site),
      at('traced', operation, tracedMs, site),
    ],
    durationMs: tracedMs + 10 * gapMs,
    warmUpMs: tracedMs - 1,
  });
  const marks = operation === 'server-delete' ? DELETE_MARKS : CREATE_MARKS;
  return { ...planned, footprints: withMarks(planned.footprints, operation, marks) };
}

class Reader {
  readonly figures: Figure[] = [];
  readonly unread: UnreadRow[] = [];
  readonly scenarios = new Map<string, PlannedScenario>();

  trace(source: string, rows: readonly FigureRow[]): void {
    const match = /^events_wan_(.+)_([\d.]+)_(create|delete)$/.exec(source);
    const compute = computeOf(rows);
    if (!match || compute === '') {
      this.unread.push({ id: source, reason: 'not a trace of a create or delete over a WAN' });
      return;
    }
    const [, placement, rtt, kind] = match;
    const trace = new Trace(rows);
    const isCreate = kind === 'create';
    const steps = isCreate ? createSteps(trace, compute) : deleteSteps(trace, compute);
    const boots = placement === 'P2_labdriver' ? 'server-boot' : 'server-create';
    const operation = isCreate ? boots : 'server-delete';
    const servers = serversOf(trace, compute, isCreate);
    const scenario = `zed-steps ${placement} ${rtt} ${operation} ${servers}`;
    this.scenarios.set(scenario, scenarioOf(placement, Number(rtt), operation, servers));
    for (const [from, to, beganMs, endedMs, problem] of steps) {
      const id = `${source} ${from === '' ? 'request' : from} to ${to}`;
      if (problem || beganMs === undefined || endedMs === undefined) {
        this.unread.push({ id, reason: problem ?? 'the trace has no such event' });
        continue;
      }
      this.figures.push({
        family: 'zed-steps',
        id: `${source}.csv`,
        metric: `${from === '' ? 'request' : from} to ${to}`,
        unit: 'ms',
        measured: endedMs - beganMs,
        spread: Number.NaN,
        role: 'judgement',
        alternatives: `${kind} ${from} ${to}`,
        scenario,
        read: between(operation, from, to),
        note: '',
      });
    }
  }
}

/** The time of each step of a server create and delete over a WAN (events_wan_*.csv). */
export const zedSteps: FigureFamily = {
  name: 'zed-steps',
  sources: SOURCES,
  split: 'All judge: of these traces the recipes took the order of steps, not a time.',
  read(rows: readonly FigureRow[]): FamilyReading {
    const reader = new Reader();
    for (const source of new Set(rows.map((row) => row.source))) {
      reader.trace(
        source,
        rows.filter((row) => row.source === source),
      );
    }
    const { figures, unread, scenarios } = reader;
    return { figures, unread, scenarios };
  },
};
