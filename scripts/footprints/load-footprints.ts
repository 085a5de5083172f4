import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import {
  type OperationsFile,
  operationsSchema,
  type ServiceFootprint,
  serviceSchema,
} from '../../src/operations/procedure-schema.js';

/** A release's recipes as they stand in `models/operations/<release>/`. */
export interface Footprints {
  /** By service, in the order of the files. */
  readonly services: ReadonlyMap<string, ServiceFootprint>;
  readonly operations: OperationsFile;
}

/** Throws a ZodError where a file does not follow the schema. */
export function loadFootprints(release: string): Footprints {
  const folder = new URL(`../../models/operations/${release}/`, import.meta.url);
  const read = (path: string) => parse(readFileSync(new URL(path, folder), 'utf8'));
  const files = readdirSync(new URL('services/', folder)).sort();
  const services = files.map((file) => serviceSchema.parse(read(`services/${file}`)));
  return {
    services: new Map(services.map((service) => [service.service, service])),
    operations: operationsSchema.parse(read('operations.yaml')),
  };
}
