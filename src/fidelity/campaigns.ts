import { join } from 'node:path';
import { z } from 'zod';
import { readData } from '../experiment/load-data.js';
import { packageRoot } from '../experiment/registry.js';

const positive = z.number().positive();
const amount = z.number().min(0);

const wanScenarioSchema = z.strictObject({
  /** Regular expression over the metric, whatever its case; the first that fits counts. */
  match: z.string(),
  'fixed-s': positive,
  exchanges: z.number().int().min(0),
  polls: z.number().int().min(0),
  variation: positive,
});
export type WanScenario = z.infer<typeof wanScenarioSchema>;

const wanWideSchema = z.strictObject({
  'poll-period-s': positive,
  'message-bytes': positive,
  'tcp-window-bytes': positive,
  'host-rate-bps': positive,
  'queue-ms': z.strictObject({ direct: amount, 'same-host': amount, routed: amount }),
  scenarios: z.array(wanScenarioSchema).min(1),
});
export type WanWideModel = z.infer<typeof wanWideSchema>;

const taskSchema = z.strictObject({
  name: z.string(),
  'period-s': positive,
  calls: amount,
  selects: amount,
  updates: amount,
});
export type IdleTask = z.infer<typeof taskSchema>;

/** At no compute, and for each. */
const affine = z.tuple([amount, amount]);

const componentSchema = z.strictObject({
  match: z.string(),
  'cpu-ms-per-call': amount.optional(),
  'cpu-ms-per-statement': amount.optional(),
  'memory-mb': affine,
  connections: affine.optional(),
});
export type IdleComponent = z.infer<typeof componentSchema>;

const idleSchema = z.strictObject({
  tasks: z.array(taskSchema).min(1),
  'control-selects-per-s': amount,
  'control-as-computes': amount,
  components: z.array(componentSchema).min(1),
});
export type IdleModel = z.infer<typeof idleSchema>;

function campaignFile(name: string): string {
  return join(packageRoot(), 'models/campaigns', `${name}.yaml`);
}

/** models/campaigns/wan-wide.yaml. @throws UserError */
export function loadWanWide(): WanWideModel {
  return readData(campaignFile('wan-wide'), wanWideSchema);
}

/** models/campaigns/idle-mitaka.yaml. @throws UserError */
export function loadIdleMitaka(): IdleModel {
  return readData(campaignFile('idle-mitaka'), idleSchema);
}

/** The first whose pattern fits a text. */
export function matching<T extends { readonly match: string }>(
  entries: readonly T[],
  text: string,
): T | undefined {
  return entries.find(({ match }) => new RegExp(match, 'i').test(text));
}
