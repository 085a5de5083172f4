import type { DeployedGroup } from '../cloud/deployed-group.js';
import type { ServiceInstance, Worker } from '../cloud/service-instance.js';
import { defineEventKind, type EventKind } from '../kernel/event-kind.js';
import { Entry } from './activity.js';
import type { ClientOperation, PeriodicTask } from './compile-release.js';
import type { Machine } from './machine.js';
import { OperationContext } from './operation-context.js';

/** Begins client operations and periodic tasks. */
export class OperationStarter {
  private contextCount = 0;
  private readonly operations: ReadonlyMap<string, ClientOperation>;

  constructor(private readonly machine: Machine) {
    this.operations = new Map(
      machine.release.operations.map((operation) => [operation.name, operation]),
    );
  }

  nextContextId(): number {
    return this.contextCount++;
  }

  /** A client at a site asks for an operation; the continuation runs when it has ended or failed. */
  start<Target>(
    name: string,
    site: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    const operation = this.operations.get(name);
    if (!operation) throw new Error(`no operation is called ${name}`);
    const { machine } = this;
    const nowMs = machine.now;
    const measured = nowMs >= machine.recorder.countFromMs;
    const context = new OperationContext(this.nextContextId(), operation, site, nowMs, measured);
    context.endKind = kind as EventKind<unknown>;
    context.endTarget = target;
    context.endArgument = argument;
    machine.recorder.started(context);
    const activity = machine.newActivity(context);
    activity.isClient = true;
    const { frame } = activity;
    frame.program = operation.program.instructions;
    frame.address = 0;
    frame.site = site;
    frame.entry = Entry.Base;
    machine.run(activity);
  }
}

/** One periodic task of one process; it is the context of each of its runs. */
class TaskLoop extends OperationContext {
  private runStartMs = 0;

  constructor(
    readonly machine: Machine,
    contextId: number,
    readonly task: PeriodicTask,
    readonly group: DeployedGroup,
    readonly instance: ServiceInstance,
    /** Itself, not its number: with thousands of hosts every step on the way is a wait for memory. */
    readonly worker: Worker,
    host: number,
    readonly loopId: number,
  ) {
    super(contextId, undefined, instance.site, 0, false);
    if (host >= 0) this.host = machine.cloud.hosts[host];
    this.endKind = taskEnded as EventKind<unknown>;
    this.endTarget = this;
    this.endArgument = loopId;
  }

  run(): void {
    const { machine, group, instance } = this;
    this.runStartMs = machine.now;
    this.restart();
    const activity = machine.newActivity(this);
    activity.isClient = true;
    const { frame } = activity;
    frame.program = this.task.program.instructions;
    frame.address = 0;
    frame.site = instance.site;
    frame.group = group;
    frame.instance = instance;
    frame.worker = this.worker;
    frame.cell = group.cell;
    frame.entry = Entry.Base;
    machine.run(activity);
  }

  /** The next run is due `every` after the last began, or at once where that has passed. */
  schedule(): void {
    const { simulator } = this.machine.cloud;
    const dueMs = Math.max(this.runStartMs + this.task.everyMs, simulator.now);
    simulator.scheduleAt(dueMs, taskDue, this, this.loopId);
  }
}

const taskDue = defineEventKind('periodic-task', (loop: TaskLoop) => loop.run());
const taskEnded = defineEventKind('periodic-task-end', (loop: TaskLoop) => loop.schedule());

/** Starts every periodic task of every process at a random phase of its period. */
export function startPeriodicTasks(machine: Machine, starter: OperationStarter): void {
  const { cloud, release } = machine;
  const hostOf = new Map(cloud.hosts.map((host) => [host.instance, host.index]));
  let id = 0;
  for (const group of cloud.groups) {
    for (const task of release.periodicTasks.get(group.service) ?? []) {
      for (const instance of group.instances) {
        // One stream for a site's processes, in their order: a stream for each would cost more than the run.
        const stream = cloud.streams.stream(
          `periodic/${task.name}/${cloud.siteIds[instance.site]}`,
        );
        for (const worker of instance.workers) {
          const host = hostOf.get(instance) ?? -1;
          const loop = new TaskLoop(
            machine,
            starter.nextContextId(),
            task,
            group,
            instance,
            worker,
            host,
            id++,
          );
          const phaseMs = task.spread ? stream.uniform() * task.everyMs : 0;
          cloud.simulator.schedule(phaseMs, taskDue, loop, loop.loopId);
        }
      }
    }
  }
}
