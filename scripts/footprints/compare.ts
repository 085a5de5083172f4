import { fileURLToPath } from 'node:url';
import { type MeasuredRow, readMeasured } from '../calibrate/measured.js';
import type { Footprints } from './load-footprints.js';
import { RecipeClock, type Remote } from './recipe-clock.js';
import { RecipeCounter, type RecipeCounts } from './recipe-counts.js';
import { ALONE } from './recipe-state.js';

const MEASUREMENTS = fileURLToPath(new URL('measurements/', import.meta.url));

/** What a trace counted beside what the recipe does in the same state. */
export interface ComparedCounts {
  readonly operation: string;
  readonly trace: string;
  readonly figures: readonly (readonly [name: string, traced: number, recipe: number])[];
}

/** Column of traced_counts.csv, heading, and the recipe's figure. */
const FIGURES: readonly (readonly [
  string,
  string,
  (counts: RecipeCounts) => number | undefined,
])[] = [
  ['sql_keystone', 'SQL keystone', ({ sql }) => sql.keystone],
  ['sql_glance', 'glance', ({ sql }) => sql.glance],
  ['sql_placement', 'placement', ({ sql }) => sql.placement],
  ['sql_nova_api', 'nova_api', ({ sql }) => sql.nova_api],
  ['sql_nova', 'nova', ({ sql }) => (sql.nova ?? 0) + (sql.nova_cell0 ?? 0)],
  ['sql_neutron', 'neutron', ({ sql }) => sql.neutron],
  ['write_commits', 'write commits', ({ writeCommits }) => writeCommits],
  ['rest_keystone', 'REST to Keystone', ({ rest }) => rest.keystone],
  ['rest_glance', 'Glance', ({ rest }) => rest['glance-api']],
  ['rest_placement', 'Placement', ({ rest }) => rest['placement-api']],
  ['rest_nova_api', 'Nova', ({ rest }) => rest['nova-api']],
  ['rest_neutron', 'Neutron', ({ rest }) => rest['neutron-server']],
  ['rpc_call', 'RPC calls', ({ rpcCalls }) => rpcCalls],
  ['rpc_cast', 'casts', ({ rpcCasts }) => rpcCasts],
  ['rpc_fanout', 'fanouts', ({ rpcFanouts }) => rpcFanouts],
  ['amqp_bytes', 'AMQP bytes', ({ amqpBytes }) => amqpBytes],
];

export function comparedCounts(footprints: Footprints): ComparedCounts[] {
  return readMeasured('traced_counts', MEASUREMENTS).map((row) => {
    const operation = row.text('operation');
    const counts = RecipeCounter.operation(footprints, operation, {
      ...ALONE,
      serversOnHost: row.number('servers_on_host'),
      coldCaches: row.text('cold_caches') === '' ? [] : [row.text('cold_caches')],
    });
    return {
      operation,
      trace: row.text('trace'),
      figures: FIGURES.map(
        ([column, name, figure]) => [name, row.number(column), figure(counts) ?? 0] as const,
      ),
    };
  });
}

/** Growth of an operation's latency with the RTT, measured and read off the recipe, in round trips. */
export interface ComparedSlope {
  readonly part: string;
  readonly operation: string;
  readonly milestone: string;
  readonly serversOnHost: number;
  readonly lowest: number;
  readonly highest: number;
  readonly recipe: number;
}

const DATABASES = ['keystone', 'glance', 'placement', 'nova_api', 'nova_cell0', 'nova', 'neutron'];

const REMOTE: Readonly<Record<string, Remote>> = {
  client: { client: true },
  computes: { services: ['nova-compute', 'neutron-agent'] },
  databases: { databases: DATABASES },
  keystone: { services: ['keystone'], databases: ['keystone'] },
};

function comparedSlope(footprints: Footprints, row: MeasuredRow): ComparedSlope {
  const [part, operation, milestone] = ['part_beyond_the_wan', 'operation', 'milestone'].map(
    (column) => row.text(column),
  );
  const serversOnHost = row.number('servers_on_host');
  const state = { ...ALONE, serversOnHost };
  const recipe = RecipeClock.roundTrips(footprints, operation, REMOTE[part], state).get(milestone);
  if (recipe === undefined) throw new Error(`${operation} never reaches ${milestone}`);
  const [lowest, highest] = [row.number('lowest'), row.number('highest')];
  return { part, operation, milestone, serversOnHost, lowest, highest, recipe };
}

export function comparedSlopes(footprints: Footprints): ComparedSlope[] {
  return readMeasured('wan_slopes', MEASUREMENTS).map((row) => comparedSlope(footprints, row));
}
