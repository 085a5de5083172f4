import type { Figure, FigureFamily, FigureRow } from '../figure.js';
import { type RowReading, readRows } from '../read-rows.js';
import { numberIn, rowId } from '../row-columns.js';

/** How often something reports, and after which silence it is called down (defaults of Nova and Neutron). */
const WATCHED: readonly (readonly [what: RegExp, reportMs: number, downMs: number])[] = [
  // report_interval, service_down_time.
  [/^nova-compute \S+ state$/, 10_000, 60_000],
  // report_interval of [agent], agent_down_time.
  [/^neutron agent alive$/, 30_000, 75_000],
];
const DOWN = /^(down|false)$/i;
const UP = /^(up|true)$/i;
/** One cut each: a range of what one can be. */
const CUTS = 61;

function reasonOf(what: string): string {
  if (/^(cut|heal)$/.test(what)) return 'says what was done, not what came of it';
  return 'what becomes of requests over a cut, and how services come back, is not simulated';
}

function readingOf(row: FigureRow): RowReading | string {
  const { what = '', detail = '' } = row.columns;
  const watched = WATCHED.find(([pattern]) => pattern.test(what));
  const sinceCutS = numberIn(row, 't_s');
  const rttMs = numberIn(row, 'rtt_ms');
  const isDown = DOWN.test(detail);
  const isStillUp = UP.test(detail) && sinceCutS < numberIn(row, 'cut_s');
  if (!watched || !(rttMs >= 0) || !(sinceCutS >= 0) || !(isDown || isStillUp)) {
    return reasonOf(what);
  }
  const [, reportMs, downMs] = watched;
  const figure: Figure = {
    family: 'zed-faults',
    id: rowId(row),
    metric: isDown ? `${what}: called down after` : `${what}: still called up`,
    unit: 's',
    measured: sinceCutS,
    spread: Number.NaN,
    role: 'judgement',
    alternatives: rowId(row),
    scenario: `zed-faults ${reportMs} ${downMs} ${rttMs}`,
    read: 'down',
    isOneLook: isDown,
    agrees: isDown ? undefined : (simulated) => simulated > sinceCutS,
    note: '',
  };
  const parameters = { reportMs, downMs, rttMs, cuts: 1 };
  return { figures: [figure], setUp: { probe: 'service-down', parameters }, replications: CUTS };
}

/** Computes cut off from their control plane (faults.csv): when each is called down. */
export const zedFaults: FigureFamily = {
  name: 'zed-faults',
  sources: ['faults'],
  split: 'All judge: nothing is fitted to cuts.',
  read: (rows) => readRows(rows, readingOf),
};
