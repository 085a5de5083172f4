import { z } from 'zod';

/** The form of models/backends/*.yaml. */
export const backendConstantsSchema = z.strictObject({
  backend: z.string(),
  kind: z.enum(['bus', 'database']),
  summary: z.string(),
  constants: z.record(
    z.string(),
    z.strictObject({
      value: z.number(),
      unit: z.string(),
      /** Plausible range, for sensitivity studies. */
      range: z.tuple([z.number(), z.number()]),
      source: z.string(),
      /** True where no measurement stands behind it. */
      assumption: z.boolean().optional(),
    }),
  ),
});
export type BackendConstants = z.infer<typeof backendConstantsSchema>;

/** The value of a constant. Throws an Error naming the backend where the file does not have it. */
export function constantOf(backend: BackendConstants, name: string): number {
  const constant = backend.constants[name];
  if (!constant)
    throw new Error(`models/backends/${backend.backend}.yaml has no constant "${name}"`);
  return constant.value;
}
