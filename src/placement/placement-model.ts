import type { ZodType } from 'zod';
import type { Deployment } from './deployment.js';
import type { InfrastructureView } from './infrastructure.js';

/**
 * The plug-in under study. `plan` is pure and deterministic: the same infrastructure and
 * parameters give the same deployment.
 *
 * @example
 * export default definePlacement({
 *   name: 'my-model',
 *   summary: 'Everything at the most central site.',
 *   params: z.strictObject({ workers: z.int().min(1).default(4) }),
 *   plan: (infrastructure, { workers }) => ({ ... }),
 * });
 */
export interface PlacementModel<Params = unknown> {
  /** Kebab-case, unique, the name used in experiments. */
  name: string;
  /** One sentence, shown by `fogplane list`. */
  summary: string;
  params: ZodType<Params>;
  plan(infrastructure: InfrastructureView, params: Params): Deployment;
}

/** Identity function that gives a model its types. */
export function definePlacement<Params>(model: PlacementModel<Params>): PlacementModel<Params> {
  return model;
}
