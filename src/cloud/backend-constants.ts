import { z } from 'zod';

/** The form of models/backends/*.yaml. */
export const backendConstantsSchema = z.strictObject({
  backend: z.string(),
  kind: z.enum(['bus', 'database', 'store']),
  summary: z.string(),
  constants: z.record(
    z.string(),
    z
      .strictObject({
        value: z.number().min(0),
        unit: z.string(),
        /** Plausible range, for sensitivity studies. */
        range: z.tuple([z.number().min(0), z.number()]),
        source: z.string().min(1),
        /** Day of the fit, `2026-11-23`; absent: the day of the file's first commit, or no fit. */
        fitted: z.string().optional(),
        /** True where no measurement stands behind it. */
        assumption: z.boolean().optional(),
      })
      .refine(({ value, range: [least, most] }) => least <= value && value <= most, {
        message: 'a constant lies in its own range',
        path: ['range'],
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

/** Backends with other values of some constants, by `backend/constant`. */
export function withValues(
  backends: Readonly<Record<string, BackendConstants>>,
  values: ReadonlyMap<string, number>,
): Record<string, BackendConstants> {
  const changed: Record<string, BackendConstants> = {};
  for (const [key, backend] of Object.entries(backends)) {
    const constants = { ...backend.constants };
    for (const [name, constant] of Object.entries(constants)) {
      const value = values.get(`${backend.backend}/${name}`);
      if (value !== undefined) constants[name] = { ...constant, value };
    }
    changed[key] = { ...backend, constants };
  }
  return changed;
}
