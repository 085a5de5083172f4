import { SERVICE_NAMES } from '../placement/deployment.js';
import { type Activity, Entry, type Frame, resumeActivity } from './activity.js';
import type { Instruction } from './instruction.js';
import type { Machine } from './machine.js';
import { Category } from './time-split.js';

/** More hosts, servers or instances than any study has. */
const ENTITY_LIMIT = 2 ** 40;

/** Lock of one host, or of one operation's server. */
export function lockAcquire(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const { context } = activity;
  const perHost = instruction.b === 0;
  const entity = perHost ? (context.host?.index ?? 0) : context.id;
  const key = (instruction.a * 2 + instruction.b) * ENTITY_LIMIT + entity;
  if (!frame.granted && !machine.locks.acquire(key, resumeActivity, activity, activity.id)) {
    activity.category = Category.lock_wait;
    frame.granted = true;
    frame.address--;
    return true;
  }
  frame.granted = false;
  frame.locks.push(key);
  return false;
}

export function lockRelease(machine: Machine, frame: Frame): boolean {
  const key = frame.locks.pop();
  if (key === undefined) throw new Error('a lock is released that is not held');
  machine.locks.release(key);
  return false;
}

export function pollCheck(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const { context } = activity;
  if (context.failure) {
    machine.fail(activity, context.failure);
    return true;
  }
  if (context.hasReached(instruction.a)) frame.address = instruction.b;
  return false;
}

export function waitFor(activity: Activity, instruction: Instruction): boolean {
  const { context } = activity;
  if (context.signals & (1 << instruction.a)) return false;
  context.waiters ??= [];
  context.waiters.push({ activity, signal: instruction.a });
  activity.category = Category.idle_wait;
  return true;
}

/** Jumps over steps that are another operation's. */
export function whenOperation(activity: Activity, frame: Frame, instruction: Instruction): boolean {
  const same = activity.context.operation?.nameIndex === instruction.a;
  if (same === (instruction.c === 1)) frame.address = instruction.b;
  return false;
}

export function whenSignal(activity: Activity, frame: Frame, instruction: Instruction): boolean {
  const given = (activity.context.signals & (1 << instruction.a)) !== 0;
  if (given === (instruction.c === 1)) frame.address = instruction.b;
  return false;
}

/** The caller's frame is below the procedure's, which is below that of its middleware. */
export function whenCalledByService(
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const below = frame.entry === Entry.Inline ? 2 : 1;
  const byService = activity.frames[activity.depth - below]?.group !== undefined;
  if (byService === (instruction.c === 1)) frame.address = instruction.b;
  return false;
}

export function signal(machine: Machine, activity: Activity, instruction: Instruction): boolean {
  const { context } = activity;
  context.signals |= 1 << instruction.a;
  const { waiters } = context;
  if (!waiters) return false;
  for (let i = waiters.length - 1; i >= 0; i--) {
    const waiter = waiters[i];
    if (waiter.signal !== instruction.a) continue;
    waiters.splice(i, 1);
    machine.cloud.simulator.schedule(0, resumeActivity, waiter.activity, waiter.activity.id);
  }
  return false;
}

/** Who shares a cached entry, as one number. */
function cacheKey(frame: Frame, instruction: Instruction): number {
  const group = frame.group ? frame.group.index : -1;
  const scope = instruction.amount.base;
  let entity = group + 1;
  if (scope === 1) entity = frame.site;
  else if (scope === 2)
    entity = (group + 1) * 2 ** 20 + (frame.instance ? frame.instance.index : 0);
  return (instruction.a * 3 + scope) * ENTITY_LIMIT + entity;
}

/** Jumps over the work of a miss while a cached entry is valid. */
export function cacheCheck(
  machine: Machine,
  _activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  if (instruction.setting >= 0 && frame.group?.switchedOff[instruction.setting]) return false;
  const expiry = machine.cacheExpiry.get(cacheKey(frame, instruction));
  if (expiry !== undefined && expiry > machine.now) frame.address = instruction.b;
  return false;
}

export function cacheFill(
  machine: Machine,
  _activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  machine.cacheExpiry.set(cacheKey(frame, instruction), machine.now + instruction.c);
  return false;
}

/** Claims a host at the client's site, or at the nearest site with room. */
export function chooseHost(machine: Machine, activity: Activity): boolean {
  const { context } = activity;
  const { inventory } = machine.cloud;
  for (const site of machine.directory.sitesByDistance(context.site)) {
    const host = inventory.claimHost(site);
    if (host) {
      context.host = host;
      context.claimed = true;
      return false;
    }
  }
  machine.fail(activity, 'no valid host');
  return true;
}

/** Claims the host that this scheduler thinks has the most room, wherever it is. */
export function chooseHostInCell(machine: Machine, activity: Activity, frame: Frame): boolean {
  const { context } = activity;
  const host = machine.schedulers.choose(frame.instance, machine.now);
  if (!host) {
    machine.fail(activity, 'no valid host');
    return true;
  }
  context.host = host;
  context.claimed = true;
  return false;
}

export function reportHost(machine: Machine, activity: Activity): boolean {
  const { host } = activity.context;
  if (!host) throw new Error('a host reports that was not chosen');
  machine.schedulers.report(host, machine.now);
  return false;
}

export function releaseHost(machine: Machine, activity: Activity): boolean {
  const { host } = activity.context;
  if (!host) throw new Error('a host is released that was not chosen');
  machine.cloud.inventory.release(host);
  return false;
}

export function chooseServer(
  machine: Machine,
  activity: Activity,
  instruction: Instruction,
): boolean {
  const { context } = activity;
  const { inventory, streams, siteIds } = machine.cloud;
  const stream = streams.stream(
    `servers/${context.operation?.name ?? 'task'}/${siteIds[context.site]}`,
  );
  const home = machine.directory.homeOf(context.site);
  const take = instruction.b === 1;
  const server = take ? inventory.take(home, stream) : inventory.pick(home, stream);
  if (!server) {
    machine.fail(activity, 'no server exists at the site');
    return true;
  }
  context.server = server;
  context.host = server.host;
  return false;
}

/** Image bytes between this process and the image service that it was wired to. */
export function transfer(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const { cloud } = machine;
  const index = frame.group
    ? frame.group.calls[instruction.a]
    : cloud.clientEndpoints[frame.site * SERVICE_NAMES.length + instruction.a];
  if (index < 0) return false;
  const peer = machine.directory.balance(cloud.groups[index], frame.site).site;
  const bytes =
    instruction.c === 1
      ? cloud.imageSizeBytes
      : machine.evaluate(instruction.amount, activity.context);
  const download = instruction.b === 1;
  activity.category = Category.image_transfer;
  cloud.network.transfer(
    download ? peer : frame.site,
    download ? frame.site : peer,
    bytes,
    cloud.traffic.image,
    resumeActivity,
    activity,
    activity.id,
  );
  return true;
}
