import type { Figure, FigureRow } from '../figure.js';
import type { JudgedColumn, PrimitiveReading } from '../primitive-family.js';
import { numberIn } from '../row-columns.js';

/** How the source calls what the model calls otherwise. */
const FAULTS: Readonly<Record<string, string>> = { kill9: 'kill', partition: 'partition' };
const QUEUES: Readonly<Record<string, string>> = { fq: 'quorum', ha: 'mirrored', cl: 'classic' };
const MEMBERS = 3;
/** The member that fails: the last. */
const FAILING = MEMBERS - 1;
/** What the source says of every partition, in s; and of one whose clients were back before that. */
const CUT_S = 110;
const SHORT_CUT_S = 100;
/** A gap that is shorter is no outage: it begins and ends anywhere. */
const OUTAGE_S = 5;
/** The moment of a fault is drawn between two ticks. */
const REPLICATIONS = 20;

/** Columns of a whole run, which all its rows repeat. */
const RUN_COLUMNS: readonly JudgedColumn[] = [
  { column: 'paused_after_s', unit: 's', read: 'paused' },
  { column: 'view_shrunk_at_node1_s', unit: 's', read: 'shrunk' },
  { column: 'heal_to_all_running_s', unit: 's', read: 'running' },
];

function runOf({ columns }: FigureRow): string {
  return `${columns.fault}, RTT ${Number(columns.inter_rtt_ms)}`;
}

/** Clients of the node that was cut off could not be back before the cut was over. */
function isCutShorter(row: FigureRow): boolean {
  const backS = numberIn(row, 'first_ok_after_s');
  return numberIn(row, 'errors') > 0 && numberIn(row, 'longest_gap_s') > OUTAGE_S && backS < CUT_S;
}

/**
 * d_cluster_faults: the row with what its run says, which is the first row's alone: `whole_run` there,
 * and `cut_s`, for how long the member was cut off.
 */
export function gatherFaults(rows: readonly FigureRow[]): FigureRow[] {
  const seen = new Set<string>();
  const short = new Set(rows.filter(isCutShorter).map(runOf));
  return rows.map((row) => {
    if (row.source !== 'd_cluster_faults') return row;
    const run = runOf(row);
    const whole_run = seen.has(run) ? '' : '1';
    seen.add(run);
    const cut_s = String(short.has(run) ? SHORT_CUT_S : CUT_S);
    return { ...row, columns: { ...row.columns, whole_run, cut_s } };
  });
}

function judgedOf(row: FigureRow): JudgedColumn[] {
  const errors = numberIn(row, 'errors');
  const isOutage = numberIn(row, 'longest_gap_s') >= OUTAGE_S;
  const agrees: Figure['agrees'] = (simulated) => simulated < 0.5;
  return [
    { column: 'longest_gap_s', unit: 's', read: 'gap' },
    ...(isOutage ? [{ column: 'first_ok_after_s', unit: 's', read: 'first ok' }] : []),
    { column: 'errors', unit: '1', read: 'errors', ...(errors === 0 ? { agrees } : {}) },
    { column: 'first_error_s', unit: 's', read: 'first error' },
    ...(row.columns.whole_run === '1' ? RUN_COLUMNS : []),
  ];
}

/** Written before the first run: see the family's `split`. */
function calibrates(fault: string, client: number, queue: string): boolean {
  return client === 2 || (fault === 'kill' && client === 1 && queue === 'cl1');
}

/** d_cluster_faults: a publisher at one of three members, of which the last fails. */
export function readFault(row: FigureRow): PrimitiveReading | string {
  const { fault: faultName = '', queue: queueName = '' } = row.columns;
  const fault = FAULTS[faultName];
  if (!fault) return `no fault of a cluster is called "${faultName}"`;
  const parts = /^([a-z]+?)(\d*)$/.exec(queueName);
  const queue = QUEUES[parts?.[1] ?? ''];
  if (!queue) return `no queue of the cluster is called "${queueName}"`;
  const client = numberIn(row, 'client_node');
  const home = parts?.[2] ? Number(parts[2]) : client;
  const isMember = (node: number) => Number.isInteger(node) && node >= 1 && node <= MEMBERS;
  if (!isMember(client) || !isMember(home)) return 'it names no member of the cluster';
  const interRttMs = numberIn(row, 'inter_rtt_ms');
  if (!(interRttMs >= 0)) return 'inter_rtt_ms cannot be read';
  const cutS = Number(row.columns.cut_s ?? CUT_S);
  const cut = fault === 'partition' ? ` of ${cutS} s` : '';
  return {
    probe: 'rabbitmq-fault',
    parameters: {
      members: MEMBERS,
      interRttMs,
      fault,
      failing: FAILING,
      client: client - 1,
      home: home - 1,
      queue,
      cutMs: fault === 'partition' ? 1000 * cutS : 0,
    },
    name: `d_cluster_faults ${runOf(row)}${cut}: client on node ${client}, ${queue} queue of node ${home}`,
    judged: judgedOf(row).map((one) => ({ ...one, alternatives: runOf(row) })),
    calibrates: calibrates(fault, client, queueName),
    replications: REPLICATIONS,
  };
}
