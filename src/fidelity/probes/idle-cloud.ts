import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { type RandomStream, RandomStreams } from '../../random/index.js';
import { type IdleModel, type IdleTask, loadIdleMitaka } from '../campaigns.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

/** Five minutes: each task fires at least five times. */
const DURATION_MS = 300_000;

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

function valuesAt(model: IdleModel, computes: number, seed: string): Record<string, number> {
  const simulator = new Simulator();
  const streams = new RandomStreams(seed, 1);
  const tasks = model.tasks.map(
    (task) => new TaskOfAll(task, simulator, computes, streams.stream(`idle/${task.name}`)),
  );
  simulator.runUntil(DURATION_MS);
  const perSecond = (of: (task: IdleTask) => number) =>
    tasks.reduce((sum, { task, fired }) => sum + fired * of(task), 0) / (DURATION_MS / 1000);
  const callsOfOne = model.tasks.reduce((sum, task) => sum + task.calls / task['period-s'], 0);
  const calls = perSecond((task) => task.calls) + model['control-as-computes'] * callsOfOne;
  const selects = perSecond((task) => task.selects);
  const updates = perSecond((task) => task.updates);
  const values: Record<string, number> = {
    selects: selects + model['control-selects-per-s'],
    updates,
  };
  for (const component of model.components) {
    const { match, connections } = component;
    const [memory, memoryEach] = component['memory-mb'];
    const cpuMs =
      calls * (component['cpu-ms-per-call'] ?? 0) +
      (selects + updates) * (component['cpu-ms-per-statement'] ?? 0);
    values[`${match} cores`] = cpuMs / 1000;
    values[`${match} memory`] = memory + memoryEach * computes;
    if (connections) values[`${match} connections`] = connections[0] + connections[1] * computes;
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
