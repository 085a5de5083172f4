import type { EventKind } from '../kernel/event-kind.js';
import { Entry } from './activity.js';
import type { ClientOperation } from './compile-release.js';
import type { Machine } from './machine.js';
import { OperationContext } from './operation-context.js';

/** Begins client operations. */
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

  /** The first of so many ids in a row. */
  reserveContextIds(count: number): number {
    const first = this.contextCount;
    this.contextCount += count;
    return first;
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
