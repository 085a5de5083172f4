import { experimentSchema } from './experiment-schema.js';
import { listFields, schemaAt, titleAt } from './schema-path.js';
import { nearestName } from './user-error.js';
import type { FieldPath } from './yaml-file.js';

/** Fields of the study, not of a scenario: every design point has the same. */
const STUDY_FIELDS = ['name', 'question', 'seed', 'replications', 'factors', 'baseline'];

/** Why a dotted name is no field, in words. */
export class FieldNameError extends Error {}

/**
 * The field that a name in dots stands for, such as `infrastructure.rtt-scale` or
 * `workload.server-create.arrivals.poisson`; an entry of the workload goes by its name, its
 * operation, or its place from 0.
 *
 * @param value The file, for the names in lists.
 * @throws FieldNameError with the nearest name.
 */
export function fieldNamed(name: string, value: unknown): FieldPath {
  const path: (string | number)[] = [];
  let at = value;
  for (const part of name.split('.')) {
    const segment = Array.isArray(at) ? indexOfItem(at, part) : part;
    path.push(segment);
    at = (at as Record<string | number, unknown> | undefined)?.[segment];
  }
  // A record takes any name, but this one would change every object of the program.
  const isName = !path.includes('__proto__');
  if (isName && schemaAt(experimentSchema, path).length > 0) return path;
  const fields = listFields(experimentSchema, value, itemName);
  const nearest = nearestName(name, fields) ?? nearestByLastPart(name, fields);
  throw new FieldNameError(
    `no field is called "${name}"` +
      (nearest ? `; did you mean "${nearest}"?` : ` (fields: ${topFields().join(', ')})`),
  );
}

/** As `fieldNamed`, for a factor: a field of the scenario. */
export function factorNamed(name: string, value: unknown): FieldPath {
  const path = fieldNamed(name, value);
  if (!STUDY_FIELDS.includes(String(path[0]))) return path;
  throw new FieldNameError(`"${name}" is the same at every design point; it cannot be a factor`);
}

/** As people say it: the field's title, or the last part of its name. */
export function fieldLabel(name: string, path: FieldPath): string {
  const last = name.slice(name.lastIndexOf('.') + 1).replaceAll('-', ' ');
  return titleAt(experimentSchema, path) ?? last;
}

function topFields(): string[] {
  return Object.keys(experimentSchema.shape);
}

function nearestByLastPart(name: string, fields: readonly string[]): string | undefined {
  const lastPart = (field: string) => field.slice(field.lastIndexOf('.') + 1);
  const nearest = nearestName(lastPart(name), fields.map(lastPart));
  return nearest && fields.find((field) => lastPart(field) === nearest);
}

function indexOfItem(items: readonly unknown[], part: string): string | number {
  const index = items.findIndex((item, place) => itemName(item, place) === part);
  if (index >= 0) return index;
  const number = Number(part);
  return Number.isInteger(number) && number >= 0 && number < items.length ? number : part;
}

function itemName(item: unknown, index: number): string {
  const { name, operation } = (item ?? {}) as { name?: unknown; operation?: unknown };
  return String(name ?? operation ?? index);
}
