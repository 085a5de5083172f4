import type { Figure, FigureRow } from '../figure.js';
import { numberIn } from '../row-columns.js';
import { type GaleraSetUp, type RowReading, statementMs, UnreadableRow } from './galera-row.js';

/** Round trips between which a kill or a partition is judged. */
const JUDGED_RTTS_MS: readonly [number, number] = [0, 150];

/** How the source calls what the model calls otherwise. */
const FAULTS: Readonly<Record<string, string>> = {
  partition: 'partition',
  kill9: 'kill',
  kill: 'kill',
  stop: 'leave',
};

/** A client whose connection broke noticed within so long, in s. */
const AT_ONCE_S = 0.5;

/** Columns in s, and the probe's values in s. */
const METRICS: readonly { column: string; read: string; name: string }[] = [
  { column: 'majority_commit_gap_s', read: 'gap', name: 'longest gap of commits of the rest' },
  { column: 'majority_new_view_s', read: 'new view', name: 'new view' },
  { column: 'cut_first_error_s', read: 'first refusal', name: 'first refusal of the member' },
  { column: 'heal_all_synced_s', read: 'synced', name: 'all synced after healing' },
];

/** b_galera_faults: the last member is cut off, killed or stopped under writers everywhere. */
export function readFaultRow(row: FigureRow, group: GaleraSetUp): RowReading {
  const name = row.columns.fault;
  const fault = FAULTS[name];
  if (!fault) {
    throw new UnreadableRow(
      name === 'link'
        ? 'relaying around one cut link of a group is not modelled'
        : `no fault is called "${name}"`,
    );
  }
  const rttMs = numberIn(row, 'rtt_ms');
  const isExtreme = JUDGED_RTTS_MS.includes(rttMs) || fault === 'leave';
  const figures: RowReading['figures'][number][] = METRICS.map(({ column, read, name: metric }) => {
    const measured = numberIn(row, column);
    const isAtOnce = measured < AT_ONCE_S && read === 'first refusal';
    return {
      metric: `${group.name}, ${name}: ${metric}`,
      unit: 's',
      measured,
      spread: Number.NaN,
      role: isExtreme && !isAtOnce ? 'calibration' : 'judgement',
      alternatives: '',
      read,
      ...(isAtOnce ? { agrees: (simulated: number) => simulated < AT_ONCE_S } : {}),
    } satisfies Partial<Figure>;
  });
  const errors = numberIn(row, 'majority_errors');
  figures.push({
    metric: `${group.name}, ${name}: failures of the rest`,
    unit: '1',
    measured: errors,
    spread: Number.NaN,
    role: 'judgement',
    alternatives: '',
    read: 'errors',
    agrees: (simulated) => (simulated === 0) === (errors === 0),
  });
  return {
    scenario: `${group.name}: ${name}`,
    setUp: {
      probe: 'galera-fault',
      parameters: {
        members: group.members,
        rttsMs: group.rttsMs,
        statementMs: statementMs('update'),
        fault,
      },
    },
    figures,
  };
}
