import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
import { numberIn, rowId } from '../row-columns.js';
import type { SetUp } from '../set-up.js';
import { clientsAt, statementMs } from './galera-row.js';

/** Between machines of one region of a cloud; the source does not say. */
const REGION_RTT_MS = 0.5;

/** Sites of the members, in words of the source; undefined: no group, or none of Galera. */
function regionsOf(system: string): number[] | undefined {
  const regions = /(\d+(?:\s*\+\s*\d+)*) nodes/.exec(system);
  if (!/galera|pxc/i.test(system) || !regions) return undefined;
  return regions[1].split('+').flatMap((count, region) => new Array(Number(count)).fill(region));
}

function groupOf(regions: readonly number[], rttMs: number): number[] {
  return regions.flatMap((region, member) =>
    regions.slice(member + 1).map((other) => (other === region ? REGION_RTT_MS : rttMs)),
  );
}

function setUpOf(rttsMs: readonly number[], members: number, unitMs: number): SetUp {
  return {
    probe: 'galera',
    parameters: {
      members,
      rttsMs,
      unitMs,
      statementMs: statementMs('insert'),
      othersShare: 0,
      clients: [clientsAt(0, 1)],
      spanMs: null,
    },
  };
}

function read(rows: readonly FigureRow[]): FamilyReading {
  const figures: Figure[] = [];
  const unread: UnreadRow[] = [];
  const scenarios = new Map<string, SetUp>();
  for (const row of rows) {
    const id = rowId(row);
    const { system = '', setup = '', metric = '', unit = '' } = row.columns;
    const isRule = setup === 'rule' && unit === 'x RTT';
    const regions = isRule ? [0, 1] : regionsOf(system);
    const rttMs = isRule ? 100 : numberIn(row, 'x_value');
    if (!regions || !(rttMs > 0)) {
      unread.push({ id, reason: 'asynchronous and semi-synchronous replication are not Galera' });
      continue;
    }
    const scenario = `published ${system}, RTT ${rttMs} ms${isRule ? ', in RTT' : ''}`;
    scenarios.set(scenario, setUpOf(groupOf(regions, rttMs), regions.length, isRule ? rttMs : 1));
    figures.push({
      family: 'galera-published',
      id,
      metric: `${system}: ${metric}`,
      unit,
      measured: numberIn(row, 'value'),
      spread: Number.NaN,
      role: 'judgement',
      alternatives: 'published commits of Galera',
      scenario,
      read: isRule ? 'p50 in units' : 'mean',
      note: isRule ? 'two members 100 ms apart' : `${REGION_RTT_MS} ms within a region is assumed`,
    });
  }
  return { figures, unread, scenarios };
}

/** Published commits of Galera groups over regions of a cloud. */
export const galeraPublished: FigureFamily = {
  name: 'galera-published',
  sources: ['figures'],
  idPrefixes: ['GAL-'],
  split: 'None calibrates.',
  read,
};
