import type { Figure, FigureRow } from '../figure.js';
import { GALERA_LAB, type GaleraStatement } from '../galera-lab.js';
import type { ProbeParameters } from '../probes/probe.js';
import { numberIn } from '../row-columns.js';
import type { SetUp } from '../set-up.js';

/** The emulator's own delay beside what was set, in ms (emulator_ping.csv). */
const EMULATOR_RTT_MS = 0.07;

/** Above that, other programs would never come to an end. */
const MOST_OTHERS = 0.9;

/** A row that cannot be simulated, and why. */
export class UnreadableRow extends Error {}

/** What a row gives: its set-up for a probe, and figures that read it. */
export interface RowReading {
  readonly setUp: SetUp;
  readonly scenario: string;
  readonly figures: readonly Omit<Figure, 'family' | 'id' | 'scenario' | 'note'>[];
}

/** What every set-up of these sources shares. */
export interface GaleraSetUp {
  readonly members: number;
  readonly rttsMs: readonly number[];
  readonly name: string;
}

/** Numbers in a text; of `name=number` pairs only those behind the sign. */
function numbersIn(text: string): number[] {
  const values = /[=:]/.test(text) ? text.replaceAll(/[^,;/ =:]*[=:]/g, ' ') : text;
  return (values.match(/\d+(?:\.\d+)?/g) ?? []).map(Number);
}

/**
 * Members and round trips: `rtt_ms` is one for all pairs, or names one for each pair (1-2, 1-3, ...,
 * 2-3, ...).
 * @throws UnreadableRow
 */
export function setUpOf(row: FigureRow): GaleraSetUp {
  const members = numberIn(row, 'nodes');
  if (!Number.isInteger(members) || members < 1 || members > 64) {
    throw new UnreadableRow(`${row.columns.nodes} is no number of members`);
  }
  const text = row.columns.rtt_ms ?? '';
  const given = numbersIn(text);
  const pairs = (members * (members - 1)) / 2;
  if (given.length !== 1 && given.length !== pairs) {
    throw new UnreadableRow(`"${text}" gives no round trip for each pair of ${members} members`);
  }
  const rttsMs = given.map((ms) =>
    ms < GALERA_LAB.leastRttMs ? GALERA_LAB.leastRttMs : ms + EMULATOR_RTT_MS,
  );
  return { members, rttsMs, name: `${members} members, RTT ${given.join('/')} ms` };
}

/** CPU of a statement on one small table, in ms. */
export function statementMs(name: string): number {
  const times: Readonly<Record<string, number>> = GALERA_LAB.statementMs;
  const ms = times[name];
  if (ms === undefined) throw new UnreadableRow(`no statement is called "${name}"`);
  return ms;
}

export function isStatement(name: string): name is GaleraStatement {
  return name in GALERA_LAB.statementMs;
}

/**
 * Share of the two processors that programs other than the set-up's own took: `machine_busy` less the
 * CPU seconds of its parts. Where a row does not hold them, what other rows of the laboratory show.
 */
export function othersShare(
  row: FigureRow,
  ownCpuS: number,
  elapsedS = numberIn(row, 'elapsed'),
): number {
  const own = ownCpuS / (GALERA_LAB.cores * elapsedS);
  const share = numberIn(row, 'machine_busy') - own;
  return Number.isFinite(share)
    ? Math.min(MOST_OTHERS, Math.max(0, share))
    : GALERA_LAB.usualOthersShare;
}

/** A group of like clients for the probe `galera`. */
export function clientsAt(
  replica: number,
  count: number,
  changes: ProbeParameters = {},
): ProbeParameters {
  return {
    replica,
    count,
    kind: 'write',
    hotRows: 0,
    serverRetries: 0,
    isMeasured: true,
    pauseMs: 0,
    ...changes,
  };
}

/** So many clients in all, round robin over the members or all on the first. */
export function placedClients(
  members: number,
  placement: string,
  count: number,
): ProbeParameters[] {
  if (!Number.isInteger(count) || count < 1) throw new UnreadableRow('it names no clients');
  if (placement === 'one') return [clientsAt(0, count)];
  if (placement !== 'spread') throw new UnreadableRow(`no placement is called "${placement}"`);
  return Array.from({ length: members }, (_, member) =>
    clientsAt(member, Math.floor((count + members - 1 - member) / members)),
  );
}
