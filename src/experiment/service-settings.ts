import type { Deployment } from '../placement/deployment.js';
import type { Footprints } from './load-data.js';
import { FieldError, quote, suggestName } from './user-error.js';

type Setting = boolean | number | string;
/** By service, what the experiment sets. */
export type ServiceSettings = Readonly<Record<string, Readonly<Record<string, Setting>>>>;

/** Fields of a footprint's `server` that may be set, with their kind. */
const SERVER_FIELDS = {
  workers: 'a whole number from 1',
  concurrency: 'a whole number from 1',
  'pool-size': 'a whole number from 0',
  'pool-overflow': 'a whole number from 0',
  'keep-alive': 'true or false',
} as const;

/**
 * The footprints with the experiment's settings as the services' defaults.
 * @throws FieldError for an unknown service or setting, or a value of another type.
 */
export function applyToFootprints(footprints: Footprints, settings: ServiceSettings): Footprints {
  const services = footprints.services.map(({ service }) => service as string);
  for (const service of Object.keys(settings)) {
    if (services.includes(service)) continue;
    const problem = `${quote(service)} is not a service${suggestName(service, services)}`;
    throw new FieldError(['service-settings', service], problem);
  }
  return {
    ...footprints,
    services: footprints.services.map((footprint) => {
      const given = settings[footprint.service];
      if (!given) return footprint;
      const server: Record<string, unknown> = { ...footprint.server };
      const own: Record<string, Setting> = { ...footprint.settings };
      for (const [name, value] of Object.entries(given)) {
        checkSetting(footprint.service, name, value, own);
        if (name in SERVER_FIELDS) server[name] = value;
        else own[name] = value;
      }
      return { ...footprint, server: server as typeof footprint.server, settings: own };
    }),
  };
}

function checkSetting(
  service: string,
  name: string,
  value: Setting,
  own: Readonly<Record<string, Setting>>,
): void {
  const path = ['service-settings', service, name];
  if (name in SERVER_FIELDS) {
    const kind = SERVER_FIELDS[name as keyof typeof SERVER_FIELDS];
    const least = kind === 'a whole number from 1' ? 1 : 0;
    const isRight =
      kind === 'true or false'
        ? typeof value === 'boolean'
        : Number.isInteger(value) && (value as number) >= least;
    if (!isRight) throw new FieldError(path, `${quote(value)} must be ${kind}`);
    return;
  }
  if (!Object.hasOwn(own, name)) {
    const allowed = [...Object.keys(SERVER_FIELDS), ...Object.keys(own)];
    const problem = `${quote(name)} is not a setting of ${service}`;
    throw new FieldError(path, problem + suggestName(name, allowed));
  }
  const type = typeof own[name];
  if (typeof value !== type) throw new FieldError(path, `${quote(value)} must be a ${type}`);
}

/** The deployment with the experiment's settings in place of the model's. */
export function applyToDeployment(deployment: Deployment, settings: ServiceSettings): Deployment {
  if (Object.keys(settings).length === 0) return deployment;
  return {
    ...deployment,
    services: deployment.services.map((group) => {
      const given = settings[group.service];
      if (!given) return group;
      const own = Object.entries(given).filter(([name]) => !(name in SERVER_FIELDS));
      const { workers } = given;
      return {
        ...group,
        settings: { ...group.settings, ...Object.fromEntries(own) },
        instances:
          workers === undefined
            ? group.instances
            : group.instances.map((instance) => ({ ...instance, workers: workers as number })),
      };
    }),
  };
}
