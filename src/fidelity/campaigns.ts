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
  /** Service that the calls go to. */
  to: z.enum(['conductor', 'neutron']),
  'period-s': positive,
  /** Calls that read. */
  reads: amount,
  /** Calls that read and write. */
  writes: amount,
});
export type IdleTask = z.infer<typeof taskSchema>;

const componentSchema = z.strictObject({
  match: z.string(),
  /** What takes its CPU: calls to one service, to both, or statements. */
  driver: z.enum(['conductor', 'neutron', 'calls', 'statements']),
  'cpu-ms': positive,
  /** The control services' own work takes none of it. */
  'without-control': z.boolean().optional(),
  'memory-mb': amount,
  'memory-mb-per-connection': amount.optional(),
  'keeps-write-sets': z.boolean().optional(),
  /** At no compute, and for each. */
  connections: z.tuple([amount, amount]).optional(),
});
export type IdleComponent = z.infer<typeof componentSchema>;

const idleSchema = z.strictObject({
  tasks: z.array(taskSchema).min(1),
  'control-reports': z.strictObject({ conductor: amount, neutron: amount }),
  'control-as-computes': amount,
  'write-sets': z.strictObject({ bytes: amount, 'ring-mb': amount, 'observed-s': positive }),
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
