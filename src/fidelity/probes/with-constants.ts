import type { BackendConstants } from '../../cloud/backend-constants.js';

/** A backend with some values changed: a laboratory's own, where its file has a deployment's. */
export function withConstants(
  constants: BackendConstants,
  changed: Readonly<Record<string, number>>,
): BackendConstants {
  const all = { ...constants.constants };
  for (const [name, value] of Object.entries(changed)) {
    all[name] = { ...all[name], value, range: [Math.min(value, 0), Math.max(value, 1)] };
  }
  return { ...constants, constants: all };
}
