import type { ComputeHost } from '../cloud/compute-host.js';
import type { Activity, Frame } from './activity.js';
import { cellsInReach } from './fork-steps.js';
import type { Instruction } from './instruction.js';
import type { Machine } from './machine.js';
import { Category } from './time-split.js';

/** Begins the steps that are repeated, or passes over them where there is nothing to repeat. */
export function repeatBegin(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const times = Math.round(machine.evaluate(instruction.amount, activity.context));
  if (times > 0) frame.repeats.push(times);
  else frame.address = instruction.b;
  return false;
}

export function repeatEnd(frame: Frame, instruction: Instruction): boolean {
  const last = frame.repeats.length - 1;
  frame.repeats[last]--;
  if (frame.repeats[last] > 0) frame.address = instruction.b;
  else frame.repeats.pop();
  return false;
}

/** Begins the steps for the first compute in reach, or passes over them where there is none. */
export function hostsBegin(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  const hosts = hostsInReach(machine, frame);
  if (hosts === 0) {
    frame.address = instruction.b;
    return false;
  }
  frame.repeats.push(hosts);
  activity.context.host = hostInReach(machine, frame, 0);
  return false;
}

/** Goes on with the next compute; after the last the operation has no host any more. */
export function hostsEnd(
  machine: Machine,
  activity: Activity,
  frame: Frame,
  instruction: Instruction,
): boolean {
  repeatEnd(frame, instruction);
  const isOver = frame.address !== instruction.b;
  const left = frame.repeats[frame.repeats.length - 1];
  activity.context.host = isOver
    ? undefined
    : hostInReach(machine, frame, hostsInReach(machine, frame) - left);
  return false;
}

function hostsInReach(machine: Machine, frame: Frame): number {
  const { cells } = machine.cloud;
  return cellsInReach(machine, frame).reduce((sum, cell) => sum + cells[cell].hosts.length, 0);
}

/** In the order of the cells, then of their hosts. */
function hostInReach(machine: Machine, frame: Frame, index: number): ComputeHost {
  let place = index;
  for (const cell of cellsInReach(machine, frame)) {
    const { hosts } = machine.cloud.cells[cell];
    if (place < hosts.length) return hosts[place];
    place -= hosts.length;
  }
  throw new Error(`there is no host ${index} in reach`);
}

/** A pause of a fixed length, or of one drawn between two bounds from the site's own stream. */
export function delay(machine: Machine, activity: Activity, instruction: Instruction): boolean {
  const low = instruction.amount.base;
  const span = instruction.c - low;
  const { site } = activity.frame;
  const { streams, siteIds } = machine.cloud;
  const drawn = span > 0 ? span * streams.stream(`delay/${siteIds[site]}`).uniform() : 0;
  return machine.pause(activity, low + drawn, Category.idle_wait);
}
