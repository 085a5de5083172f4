import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { type RandomStream, RandomStreams } from '../../random/index.js';
import { type IdleComponent, type IdleModel, type IdleTask, loadIdleMitaka } from '../campaigns.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

/** SELECTs of a call: oslo.db's question whether the connection lives, and the row. */
const SELECTS_PER_CALL = 2;
/** Period of Nova's and of Neutron's reports, in s. */
const REPORT_S = { conductor: 10, neutron: 30 };

const due = defineEventKind('idle-task-due', (task: TaskOfAll, _compute: number) => task.fire());
/** One periodic task on every compute, each with a phase of its own. */
class TaskOfAll {
  fired = 0;

  constructor(
    readonly task: IdleTask,
    private readonly simulator: Simulator,
    computes: number,
    stream: RandomStream,
  ) {
    for (let compute = 0; compute < computes; compute++) {
      simulator.schedule(stream.uniform() * this.periodMs, due, this, compute);
    }
  }

  private get periodMs(): number {
    return 1000 * this.task['period-s'];
  }

  fire(): void {
    this.fired++;
    this.simulator.schedule(this.periodMs, due, this);
  }
}

/** What the control plane is asked, a second. */
interface Load {
  readonly conductor: number;
  readonly neutron: number;
  readonly writes: number;
}

function loadAt(model: IdleModel, computes: number, seed: string): Load {
  const simulator = new Simulator();
  const streams = new RandomStreams(seed, 1);
  const tasks = model.tasks.map(
    (task) => new TaskOfAll(task, simulator, computes, streams.stream(`idle/${task.name}`)),
  );
  const observedS = model['write-sets']['observed-s'];
  simulator.runUntil(1000 * observedS);
  const perSecond = (of: (task: IdleTask) => number) =>
    tasks.reduce((sum, { task, fired }) => sum + fired * of(task), 0) / observedS;
  return {
    conductor: perSecond(({ to, reads, writes }) => (to === 'conductor' ? reads + writes : 0)),
    neutron: perSecond(({ to, reads, writes }) => (to === 'neutron' ? reads + writes : 0)),
    writes: perSecond(({ writes }) => writes),
  };
}

/** What one compute asks, a second. */
function shareOf(model: IdleModel, driver: IdleComponent['driver']): number {
  return model.tasks.reduce((sum, { to, reads, writes, 'period-s': periodS }) => {
    if (driver === 'statements') {
      return sum + (SELECTS_PER_CALL * (reads + writes) + writes) / periodS;
    }
    return driver === 'calls' || driver === to ? sum + (reads + writes) / periodS : sum;
  }, 0);
}

function valuesAt(model: IdleModel, computes: number, seed: string): Record<string, number> {
  const load = loadAt(model, computes, seed);
  const { conductor, neutron } = model['control-reports'];
  const reports = conductor / REPORT_S.conductor + neutron / REPORT_S.neutron;
  const calls = load.conductor + load.neutron;
  const values: Record<string, number> = {
    selects: SELECTS_PER_CALL * (calls + reports),
    updates: load.writes + reports,
  };
  const drivers = {
    conductor: load.conductor,
    neutron: load.neutron,
    calls,
    statements: SELECTS_PER_CALL * calls + load.writes,
  };
  const { bytes, 'ring-mb': ringMb, 'observed-s': observedS } = model['write-sets'];
  for (const component of model.components) {
    const { match, driver, connections } = component;
    const control = component['without-control'] ? 0 : model['control-as-computes'];
    const asked = drivers[driver] + control * shareOf(model, driver);
    const count = connections ? connections[0] + connections[1] * computes : 0;
    const writeSetsMb = Math.min(ringMb, (values.updates * observedS * bytes) / 1e6);
    values[`${match} cores`] = (asked * component['cpu-ms']) / 1000;
    values[`${match} memory`] =
      component['memory-mb'] +
      count * (component['memory-mb-per-connection'] ?? 0) +
      (component['keeps-write-sets'] ? writeSetsMb : 0);
    if (connections) values[`${match} connections`] = count;
  }
  return values;
}

/**
 * An idle control plane with so many computes. Parameter: `computes`, and `against`, another number of
 * them. Values: `selects` and `updates` a second; by component (its `match` in
 * models/campaigns/idle-mitaka.yaml) `cores`, `memory` (MB), `connections`; with `against`, the same
 * for each compute more: `slope selects`.
 */
export function idleCloud(parameters: ProbeParameters, { seed }: ProbeContext): ProbeValues {
  const model = loadIdleMitaka();
  const computes = Number(parameters.computes);
  const values = valuesAt(model, computes, seed);
  if (parameters.against === undefined) return values;
  const more = Number(parameters.against);
  const others = valuesAt(model, more, seed);
  const slopes = Object.keys(values).map((name) => [
    `slope ${name}`,
    (others[name] - values[name]) / (more - computes),
  ]);
  return { ...values, ...Object.fromEntries(slopes) };
}
