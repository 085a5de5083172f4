import type { DeployedGroup } from '../cloud/deployed-group.js';
import type { ServiceInstance } from '../cloud/service-instance.js';
import type { Activity, Frame } from './activity.js';
import type { Instruction } from './instruction.js';
import type { Machine } from './machine.js';
import { Category } from './time-split.js';

/** An activity that begins beside another, with a copy of its account. */
function beside(machine: Machine, activity: Activity, frame: Frame, address: number): Activity {
  const twin = machine.newActivity(activity.context);
  twin.beginAccount(machine.now, activity);
  twin.critical = activity.critical;
  if (activity.orphanDepth >= 0) twin.critical = false;
  twin.frame.standBeside(frame, address);
  return twin;
}

function startBranches(
  machine: Machine,
  activity: Activity,
  branches: readonly Activity[],
): boolean {
  activity.branchesLeft = branches.length;
  activity.forking = true;
  for (const branch of branches) {
    branch.parent = activity;
    machine.run(branch);
  }
  activity.forking = false;
  if (activity.branchesLeft > 0) return true;
  machine.joined(activity);
  return true;
}

export function fork(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  frame.address = instruction.b;
  return startBranches(
    machine,
    activity,
    instruction.branches.map((start) => beside(machine, activity, frame, start)),
  );
}

/** A branch for every cell; inside, the database `nova` is that cell's. */
export function forkCells(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  frame.address = instruction.b;
  const cells = cellsInReach(machine, frame);
  return startBranches(
    machine,
    activity,
    cells.map((cell) => {
      const branch = beside(machine, activity, frame, instruction.branches[0]);
      branch.frame.cell = cell;
      return branch;
    }),
  );
}

/** The cells of a group: those whose computes a control plane serves. */
export function cellsInReach(machine: Machine, frame: Frame): readonly number[] {
  const group = frame.group;
  if (!group) throw new Error('a client does not know cells');
  return machine.directory.cellsOf(group);
}

export function spawn(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const spawned = beside(machine, activity, frame, instruction.branches[0]);
  spawned.critical = false;
  frame.address = instruction.b;
  machine.run(spawned);
  return false;
}

/** A topic that nobody reads: the broker confirms a message at once and drops it. */
const NO_QUEUE = -1;

/** The publisher waits for the broker's confirm; the message goes its own way. */
function awaitConfirm(machine: Machine, activity: Activity, frame: Frame, queue: number): boolean {
  const bus = frame.targetGroup?.bus;
  if (!bus) return false;
  const { network, traffic } = machine.cloud;
  const member = bus.memberFor(frame.site);
  const backMs = network.transitMs(bus.memberSites[member], frame.site, CONFIRM_BYTES, traffic.rpc);
  const inQueueMs = queue === NO_QUEUE ? 0 : bus.confirmMs(queue, member);
  return machine.pause(activity, backMs + inQueueMs, Category.rpc_wire);
}

/** Basic.ack method frame: 7 bytes of frame, 13 of payload, 1 of end (AMQP 0-9-1, section 4.2.3). */
const CONFIRM_BYTES = 21;

export function castFork(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const message = beside(machine, activity, frame, frame.address);
  const queue = frame.targetGroup?.queue ?? NO_QUEUE;
  machine.run(message);
  frame.address = instruction.b;
  return awaitConfirm(machine, activity, frame, queue);
}

function fanoutTo(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  group: DeployedGroup,
  instance: ServiceInstance,
): void {
  const message = beside(machine, activity, frame, frame.address);
  message.critical = false;
  message.frame.targetGroup = group;
  message.frame.targetInstance = instance;
  machine.run(message);
}

/**
 * A copy for every consumer. Where what they do is only to compute, nothing comes back from it to
 * the control plane: then the broker's and the wire's share is simulated for each site as one
 * and the consumers' CPU is only added up.
 */
export function fanoutFork(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const { callee } = instruction;
  if (!callee || !frame.targetGroup) throw new Error('a fanout without a target');
  const target = frame.targetGroup;
  if (!callee.subscribed) {
    frame.address = instruction.b;
    return awaitConfirm(machine, activity, frame, NO_QUEUE);
  }
  const bytes = machine.evaluate(callee.request, activity.context);
  for (const group of machine.directory.fanoutGroups(target)) {
    if (callee.computesOnly) machine.fanoutInBulk(frame, group, bytes, callee.computeMs);
    else
      for (const instance of group.instances) fanoutTo(machine, activity, frame, group, instance);
  }
  frame.address = instruction.b;
  return awaitConfirm(machine, activity, frame, target.queue);
}
