import type { Activity, Frame } from './activity.js';
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

/** A pause of a fixed length, or of one drawn between two bounds from the site's own stream. */
export function delay(machine: Machine, activity: Activity, instruction: Instruction): boolean {
  const low = instruction.amount.base;
  const span = instruction.c - low;
  const { site } = activity.frame;
  const { streams, siteIds } = machine.cloud;
  const drawn = span > 0 ? span * streams.stream(`delay/${siteIds[site]}`).uniform() : 0;
  return machine.pause(activity, low + drawn, Category.idle_wait);
}
