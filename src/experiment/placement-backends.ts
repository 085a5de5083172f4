import type { BackendConstants } from '../cloud/backend-constants.js';
import type { Deployment } from '../placement/deployment.js';
import { FieldError, quote, suggestName } from './user-error.js';

/** What an experiment puts in the place of the backends that its placement model chose. */
export interface PlacementBackends {
  readonly bus?: string;
  readonly database?: string;
}

/** @throws FieldError with the nearest name, for a backend that does not exist or is of another kind. */
export function checkPlacementBackends(
  chosen: PlacementBackends,
  backends: Readonly<Record<string, BackendConstants>>,
): void {
  for (const kind of ['bus', 'database'] as const) {
    const name = chosen[kind];
    if (name === undefined) continue;
    const known = Object.values(backends)
      .filter((one) => one.kind === kind)
      .map(({ backend }) => backend);
    if (known.includes(name)) continue;
    const problem = `${quote(name)} is not a backend of a ${kind}${suggestName(name, known)}`;
    throw new FieldError(['placement', 'backends', kind], problem);
  }
}

/**
 * The deployment with every bus and every database on the chosen backends. Settings of a bus or
 * database stay behind with the backend that they were written for.
 */
export function withBackends(
  deployment: Deployment,
  { bus, database }: PlacementBackends,
): Deployment {
  const moved = <Part extends { backend: string }>(
    part: Part,
    backend: string | undefined,
  ): Part =>
    backend === undefined || backend === part.backend
      ? part
      : { ...part, backend, settings: undefined };
  return {
    ...deployment,
    buses: deployment.buses.map((one) => moved(one, bus)),
    databases: deployment.databases.map((one) => moved(one, database)),
  };
}
