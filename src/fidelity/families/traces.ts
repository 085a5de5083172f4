import type { FamilyReading, FigureFamily, FigureRow } from '../figure.js';
import { rowId } from '../row-columns.js';

/** Files of the Zed laboratory that hold single events, and why they are listed, not judged. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /^events_/,
    'one event of a trace: order and counts are judged in zed-footprints, times in zed-wan',
  ],
  [/^foot_/, 'a part of a footprint, which is judged as a whole in zed-footprints'],
  [/^startup_trace$/, 'starts of processes are not modelled'],
  [/^faults$/, 'what was seen after a cut, from outside: a cut compute is judged in facts'],
];

const OPERATIONS = [
  ...['compute_start', 'fake_create', 'fake_delete', 'flavor_list', 'hypervisor_list', 'idle120'],
  ...['image_create_upload_1MB', 'image_delete', 'image_download_1MB', 'image_list', 'image_show'],
  ...['lab_create', 'lab_delete', 'network_create', 'network_delete', 'network_list'],
  ...['nomwcache_create', 'nomwcache_delete', 'port_create', 'port_delete', 's2_fake_create'],
  ...['s2_fake_delete', 'server_list_10', 'server_list_50', 'server_show', 'service_list'],
  ...['subnet_create', 'token_issue', 'token_issue_kcache0', 'token_validate'],
  ...['token_validate_kcache0', 'wan_P2_50_create', 'wan_P2_50_delete', 'wan_P4_10_create'],
  ...['wan_P4_10_delete'],
];
const FOOTPRINTS = [
  ...['cpu_kcache0', 'cpu_kcache1', 'traced_create2', 'traced_kcache0', 'traced_kcache1'],
  ...['traced_labdriver', 'traced_nomwcache'],
];

/** Traces of the Zed laboratory: known by their names, listed with the reason why they do not judge. */
export const traces: FigureFamily = {
  name: 'traces',
  sources: [
    ...OPERATIONS.map((name) => `events_${name}`),
    ...FOOTPRINTS.flatMap((name) => [`foot_${name}_long`, `foot_${name}_wide`]),
    'startup_trace',
    'faults',
  ],
  split: 'Nothing calibrates or judges.',
  read(rows: readonly FigureRow[]): FamilyReading {
    const unread = rows.map((row) => {
      const reason = REASONS.find(([pattern]) => pattern.test(row.source))?.[1] ?? 'a trace';
      return { id: rowId(row), reason };
    });
    return { figures: [], unread, scenarios: new Map() };
  },
};
