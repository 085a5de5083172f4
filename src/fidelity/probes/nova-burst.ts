import { scenarioOf } from '../../experiment/run-task.js';
import { type Run, startRun } from '../../experiment/simulate.js';
import { defineEventKind } from '../../kernel/event-kind.js';
import type { ServiceName } from '../../placement/deployment.js';
import { QuantileSketch, Tally } from '../../stats/index.js';
import { NODE_CLASSES, type NovaPocSetUp, novaPocScenario, placeOf } from '../nova-poc-lab.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

/** Everything is up before the burst begins. */
const START_MS = 30_000;

/** How often the run is looked at for its end. */
const LOOK_MS = 1000;

/** Durations of checkouts of Nova's database connections. */
class Checkouts {
  readonly tally = new Tally();
  readonly sketch = new QuantileSketch();

  add(ms: number, service: ServiceName): void {
    if (!service.startsWith('nova')) return;
    this.tally.add(ms);
    this.sketch.add(ms);
  }
}

function setUpOf(parameters: ProbeParameters): NovaPocSetUp {
  const number = (name: string): number => Number(parameters[name]);
  return {
    sites: number('sites'),
    latencyMs: number('latencyMs'),
    backend: String(parameters.backend),
    databaseNodes: number('databaseNodes'),
    copies: number('copies'),
    computesPerSite: number('computesPerSite'),
    servers: number('servers'),
    startMs: START_MS,
    durationMs: START_MS + 1000 * number('limitS'),
  };
}

const begun = defineEventKind('nova-burst-begun', ({ cloud }: Run) =>
  cloud.network.resetStatistics(),
);

/** Bytes that entered each class of nodes from each other one, in MB. */
function trafficOf(run: Run, servers: number): Record<string, number> {
  const { network, siteIds } = run.cloud;
  const index = new Map(siteIds.map((id, site) => [id, site]));
  const classOf = (id: string): string => id.slice(0, id.lastIndexOf('-'));
  const values: Record<string, number> = {};
  for (const to of NODE_CLASSES) {
    for (const from of NODE_CLASSES) if (to !== from) values[`into ${to} from ${from}`] = 0;
  }
  let total = 0;
  network.linkNames.forEach((name, link) => {
    const [a, b] = name.split('--');
    for (const [from, to] of [
      [a, b],
      [b, a],
    ]) {
      const megabytes = network.bytesLeaving(link, index.get(from) as number) / 1e6;
      total += megabytes;
      if (classOf(from) !== classOf(to))
        values[`into ${classOf(to)} from ${classOf(from)}`] += megabytes;
    }
  });
  const databases = Object.keys(values).filter((name) => name.includes('database'));
  const ofDatabases = databases.reduce((sum, name) => sum + values[name], 0);
  values.traffic = total;
  values['traffic per server'] = total / servers;
  values['traffic of databases per server'] = ofDatabases / servers;
  return values;
}

/**
 * A burst of server creates on the testbed of IC2E 2017. Values: `createS` (until the last is
 * active; NaN where one failed or the limit passed), `failed` (share that failed or never ended),
 * `apiMs` and `apiMs 0.9` (mean and quantiles of Nova's database calls), `share 1` (of the servers,
 * by site, in %), `traffic` and `into A from B` (MB), `traffic per server`, `traffic of databases per server`; with the parameter `against`, another backend:
 * `faster` (share of the quantiles, in %, that are lower than with that one).
 */
export function novaBurst(parameters: ProbeParameters, context: ProbeContext): ProbeValues {
  const values = oneBurst(parameters, context);
  const { against } = parameters;
  if (against === undefined) return values;
  const other = oneBurst({ ...parameters, backend: against, databaseNodes: 1 }, context);
  let lower = 0;
  for (let percent = 1; percent < 100; percent++) {
    const name = `apiMs ${percent / 100}`;
    if (values[name] < other[name]) lower++;
  }
  return { ...values, faster: (100 * lower) / 99 };
}

function oneBurst(parameters: ProbeParameters, { seed }: ProbeContext): Record<string, number> {
  const setUp = setUpOf(parameters);
  const replication = Number(seed.split('/').pop()) || 1;
  const run = startRun(scenarioOf({ scenario: novaPocScenario(setUp), replication }));
  const { simulator, machine, cloud, recorder } = run;
  const checkouts = new Checkouts();
  simulator.schedule(START_MS, begun, run);
  simulator.runUntil(START_MS);
  machine.checkouts = checkouts;
  const [record] = recorder.records;
  const active = record.milestones[record.milestones.length - 1];
  const ended = () => active.latency.count + active.failedBefore;
  for (let untilMs = START_MS + LOOK_MS; untilMs <= setUp.durationMs; untilMs += LOOK_MS) {
    simulator.runUntil(untilMs);
    if (ended() >= setUp.servers) break;
  }
  const ok = active.latency.count;
  const values: Record<string, number> = {
    createS: ok === setUp.servers ? active.latency.max / 1000 : Number.NaN,
    failed: 1 - ok / setUp.servers,
    fullest: Math.max(...cloud.hosts.map((host) => host.servers)),
    acceptedS: record.milestones[0].latency.max / 1000,
    apiMs: checkouts.tally.mean,
    events: simulator.eventCount,
    deadlocks: machine.deadlocks,
    checkouts: checkouts.tally.count,
    ...trafficOf(run, setUp.servers),
  };
  for (let thousandth = 1; thousandth < 1000; thousandth++) {
    values[`apiMs ${thousandth / 1000}`] = checkouts.sketch.quantile(thousandth / 1000);
  }
  for (let site = 0; site < setUp.sites; site++) {
    const hosts = cloud.hostsBySite[cloud.siteIds.indexOf(placeOf('compute', site))];
    const servers = hosts.reduce((sum, host) => sum + host.servers, 0);
    values[`share ${site + 1}`] = (100 * servers) / Math.max(1, setUp.servers);
  }
  return values;
}
