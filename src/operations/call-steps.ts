import { type DeployedGroup, NEVER_CALLED } from '../cloud/deployed-group.js';
import type { ServiceInstance } from '../cloud/service-instance.js';
import { SERVICE_NAMES, type ServiceName } from '../placement/deployment.js';
import { type Activity, callTimeout, Entry, type Frame, resumeActivity } from './activity.js';
import type { Instruction, Program } from './instruction.js';
import type { Machine } from './machine.js';
import { Category } from './time-split.js';

const NOVA_COMPUTE = SERVICE_NAMES.indexOf('nova-compute' satisfies ServiceName);
const NEUTRON_AGENT = SERVICE_NAMES.indexOf('neutron-agent' satisfies ServiceName);

/** oslo.messaging's `rpc_response_timeout`, its default (Zed). */
export const RPC_RESPONSE_TIMEOUT_MS = 60_000;

function missingRole(machine: Machine, frame: Frame, service: number): Error {
  const caller = frame.group ? `service group ${frame.group.id}` : 'client';
  return new Error(
    `at site ${machine.cloud.siteIds[frame.site]} the ${caller} calls ${SERVICE_NAMES[service]}, which the deployment does not wire`,
  );
}

/** Group that plays a role for the caller; undefined: this deployment never calls it. */
function groupFor(machine: Machine, frame: Frame, service: number): DeployedGroup | undefined {
  const { groups, clientEndpoints } = machine.cloud;
  const index = frame.group
    ? frame.group.calls[service]
    : clientEndpoints[frame.site * SERVICE_NAMES.length + service];
  if (index === NEVER_CALLED) return undefined;
  if (index < 0) throw missingRole(machine, frame, service);
  return groups[index];
}

/** Finds who answers a message: a host's own service, or a group by its wiring. */
function findConsumer(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const service = instruction.a;
  frame.targetInstance = undefined;
  if (service === NEUTRON_AGENT || (service === NOVA_COMPUTE && instruction.c === 2)) {
    frame.targetGroup = machine.directory.agentsHeardBy(frame.group, service);
    return frame.targetGroup !== undefined;
  }
  if (service === NOVA_COMPUTE) {
    const { host } = activity.context;
    if (!host)
      throw new Error(
        `${frame.group?.id ?? 'client'} casts to nova-compute before a host was chosen`,
      );
    frame.targetGroup = machine.cloud.groups[host.group];
    frame.targetInstance = host.instance;
    return true;
  }
  frame.targetGroup = groupFor(machine, frame, service);
  return frame.targetGroup !== undefined;
}

export function restRequest(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const group = groupFor(machine, frame, instruction.a);
  if (!group) {
    frame.address = instruction.b;
    return false;
  }
  const { network, traffic } = machine.cloud;
  const instance = machine.directory.balance(group, frame.site);
  frame.targetGroup = group;
  frame.targetInstance = instance;
  const bytes = machine.evaluate((instruction.callee as Program).request, activity.context);
  const kind = frame.group ? traffic.rest : traffic.client;
  let wireMs = network.transitMs(frame.site, instance.site, bytes, kind);
  if (!group.keepAlive) wireMs += network.roundTripMs(frame.site, instance.site);
  return machine.pause(activity, wireMs, frame.group ? Category.rest_wire : Category.client_api);
}

export function restReply(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const { network, traffic } = machine.cloud;
  const from = (frame.targetInstance as ServiceInstance).site;
  const bytes = machine.evaluate((instruction.callee as Program).reply, activity.context);
  const kind = frame.group ? traffic.rest : traffic.client;
  const wireMs = network.transitMs(from, frame.site, bytes, kind);
  return machine.pause(activity, wireMs, frame.group ? Category.rest_wire : Category.client_api);
}

/** Waits for a free slot of the target, then goes on there. */
export function admit(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
  entry: Entry,
): boolean {
  const instance = frame.targetInstance as ServiceInstance;
  if (!frame.granted && !instance.slots.acquire(resumeActivity, activity, activity.id)) {
    activity.category = Category.service_queue;
    frame.granted = true;
    frame.address--;
    return true;
  }
  frame.granted = false;
  enter(machine, activity, frame, instruction.callee as Program, entry);
  return false;
}

function enter(
  machine: Machine,
  activity: Activity,
  caller: Frame,
  program: Program,
  entry: Entry,
): void {
  const group = caller.targetGroup as DeployedGroup;
  const instance = caller.targetInstance as ServiceInstance;
  const keepsWorker = entry === Entry.Rest && group.hasWorkerAffinity && caller.worker;
  const worker = keepsWorker ? instance.keptWorker : instance.leastBusyWorker();
  instance.requestBegins(worker);
  const frame = activity.push();
  frame.program = program.instructions;
  frame.address = 0;
  frame.site = instance.site;
  frame.group = group;
  frame.instance = instance;
  frame.worker = worker;
  frame.cell = group.cell >= 0 ? group.cell : caller.cell;
  frame.entry = entry;
  if (entry !== Entry.Rest) return;
  const middleware = machine.release.middleware.get(group.service);
  if (!middleware) return;
  const before = activity.push();
  before.standBeside(frame, 0);
  before.program = middleware.instructions;
  before.entry = Entry.Inline;
}

/** Sends a message to the broker; the caller of a `call` starts its timer. */
export function publish(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  if (!findConsumer(machine, activity, frame, instruction)) {
    frame.address = instruction.b;
    return false;
  }
  const bus = (frame.targetGroup as DeployedGroup).bus;
  if (!bus)
    throw new Error(
      `${frame.targetGroup?.id} is called over a bus, but the deployment gives it none`,
    );
  const { network, traffic, simulator } = machine.cloud;
  if (instruction.c === 0) {
    frame.timer = simulator.schedule(
      RPC_RESPONSE_TIMEOUT_MS,
      callTimeout,
      activity,
      activity.depth,
    );
  }
  const program = instruction.callee as Program;
  const bytes = machine.evaluate(program.request, activity.context);
  frame.replyBytes = machine.evaluate(program.reply, activity.context);
  const broker = bus.memberSites[bus.memberFor(frame.site)];
  return machine.pause(
    activity,
    network.transitMs(frame.site, broker, bytes, traffic.rpc),
    Category.rpc_wire,
  );
}

/** The broker hands the message to a consumer: one named by the sender, or the next in turn. */
export function relay(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const group = frame.targetGroup as DeployedGroup;
  const named = frame.targetInstance;
  const instance = named ?? group.nextInTurn();
  frame.targetInstance = instance;
  const bus = group.bus!;
  const queue = named ? machine.directory.ownQueue(group, named) : group.queue;
  const bytes = machine.evaluate((instruction.callee as Program).request, activity.context);
  activity.category = Category.broker;
  bus.relay(
    queue,
    bus.memberFor(frame.site),
    bus.memberFor(instance.site),
    bytes,
    resumeActivity,
    activity,
    activity.id,
  );
  return true;
}

/** The message travels from the broker to its consumer. */
export function deliver(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const { network, traffic } = machine.cloud;
  const bus = (frame.targetGroup as DeployedGroup).bus!;
  const { site } = frame.targetInstance as ServiceInstance;
  const bytes = machine.evaluate((instruction.callee as Program).request, activity.context);
  const wireMs = network.transitMs(bus.memberSites[bus.memberFor(site)], site, bytes, traffic.rpc);
  return machine.pause(activity, wireMs, Category.rpc_wire);
}

export function replyPublish(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  _instruction: Instruction,
): boolean {
  const { network, traffic } = machine.cloud;
  const bus = (frame.targetGroup as DeployedGroup).bus!;
  const { site } = frame.targetInstance as ServiceInstance;
  const wireMs = network.transitMs(
    site,
    bus.memberSites[bus.memberFor(site)],
    frame.replyBytes,
    traffic.rpc,
  );
  return machine.pause(activity, wireMs, Category.rpc_wire);
}

/** Through the caller's reply queue. */
export function replyRelay(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  _instruction: Instruction,
): boolean {
  if (activity.depth === activity.orphanDepth) return machine.end(activity);
  const bus = (frame.targetGroup as DeployedGroup).bus!;
  const { site } = frame.targetInstance as ServiceInstance;
  const queue = machine.directory.replyQueue(bus, frame.worker, frame.site);
  activity.category = Category.broker;
  bus.relay(
    queue,
    bus.memberFor(site),
    bus.memberFor(frame.site),
    frame.replyBytes,
    resumeActivity,
    activity,
    activity.id,
  );
  return true;
}

export function replyDeliver(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  _instruction: Instruction,
): boolean {
  const { network, traffic } = machine.cloud;
  const bus = (frame.targetGroup as DeployedGroup).bus!;
  const member = bus.memberFor(frame.site);
  const wireMs = network.transitMs(
    bus.memberSites[member],
    frame.site,
    frame.replyBytes,
    traffic.rpc,
  );
  return machine.pause(activity, wireMs, Category.rpc_wire);
}
