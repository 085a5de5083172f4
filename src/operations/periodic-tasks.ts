import type { PeriodicTasks, Worker } from '../cloud/service-instance.js';
import { defineEventKind, type EventKind } from '../kernel/event-kind.js';
import { defineLaneKind, Lane } from '../kernel/lane.js';
import { Entry } from './activity.js';
import type { PeriodicTask } from './compile-release.js';
import type { Machine } from './machine.js';
import type { OperationStarter } from './start-operations.js';

// The number of a loop comes out of an array of doubles; as an integer it needs no record in a field.
const taskDue = defineEventKind('periodic-task', (worker: Worker, loop: number) =>
  worker.periodicTasks?.begin(worker, loop | 0),
);
const taskDueInLane = defineLaneKind(taskDue);
const taskEnded = defineEventKind('periodic-task-end', (worker: Worker, loop: number) =>
  worker.periodicTasks?.ended(worker, loop | 0),
);

/** What a loop does: its task is not running, runs, or runs though the next run is due. */
const State = { Resting: 0, Running: 1, Late: 2 } as const;

/**
 * All there is of a loop lies in arrays, and a run borrows its context: see `Worker`. Loops of one
 * task have one period, so all but their first runs come out of a lane.
 */
class TaskLoops implements PeriodicTasks {
  private readonly tasks: PeriodicTask[] = [];
  private readonly lanes: Lane<Worker>[] = [];
  private readonly taskOfLoop: Uint16Array;
  private readonly states: Uint8Array;
  private loopCount = 0;

  constructor(
    private readonly machine: Machine,
    loopCount: number,
    private readonly firstContextId: number,
  ) {
    this.taskOfLoop = new Uint16Array(loopCount);
    this.states = new Uint8Array(loopCount);
  }

  /** Number of a task. */
  addTask(task: PeriodicTask): number {
    const known = this.tasks.indexOf(task);
    if (known >= 0) return known;
    this.lanes.push(new Lane(this.machine.cloud.simulator, task.everyMs, taskDueInLane));
    return this.tasks.push(task) - 1;
  }

  addLoop(task: number, worker: Worker, phaseMs: number): void {
    const loop = this.loopCount++;
    this.taskOfLoop[loop] = task;
    worker.periodicTasks = this;
    this.machine.cloud.simulator.schedule(phaseMs, taskDue, worker, loop);
  }

  /** The next run is due `every` after this one begins, or when this one ends, if that is later. */
  begin(worker: Worker, loop: number): void {
    if (this.states[loop] !== State.Resting) {
      this.states[loop] = State.Late;
      return;
    }
    this.states[loop] = State.Running;
    const { machine } = this;
    const task = this.taskOfLoop[loop];
    this.lanes[task].schedule(worker, loop);
    const { site } = worker;
    const context = machine.borrowContext(this.firstContextId + loop, site);
    context.host = worker.host;
    context.endKind = taskEnded as EventKind<unknown>;
    context.endTarget = worker;
    context.endArgument = loop;
    const activity = machine.newActivity(context);
    activity.isClient = true;
    const { frame } = activity;
    frame.program = this.tasks[task].program.instructions;
    frame.address = 0;
    frame.site = site;
    frame.group = worker.group;
    frame.instance = worker.instance;
    frame.worker = worker;
    frame.cell = worker.cell;
    frame.entry = Entry.Base;
    machine.run(activity);
  }

  ended(worker: Worker, loop: number): void {
    const isLate = this.states[loop] === State.Late;
    this.states[loop] = State.Resting;
    if (isLate) this.begin(worker, loop);
  }
}

/** Starts every periodic task of every process, at a random phase of its period where it is spread. */
export function startPeriodicTasks(machine: Machine, starter: OperationStarter): void {
  const { cloud, release } = machine;
  const loopCount = cloud.groups.reduce((sum, { service, instances }) => {
    const workers = instances.reduce((count, instance) => count + instance.workers.length, 0);
    return sum + workers * (release.periodicTasks.get(service)?.length ?? 0);
  }, 0);
  const loops = new TaskLoops(machine, loopCount, starter.reserveContextIds(loopCount));
  for (const group of cloud.groups) {
    for (const task of release.periodicTasks.get(group.service) ?? []) {
      const number = loops.addTask(task);
      for (const instance of group.instances) {
        // One stream for a site's processes, in their order: a stream for each would cost more than the run.
        const stream = cloud.streams.stream(
          `periodic/${task.name}/${cloud.siteIds[instance.site]}`,
        );
        for (const worker of instance.workers) {
          loops.addLoop(number, worker, task.spread ? stream.uniform() * task.everyMs : 0);
        }
      }
    }
  }
}
