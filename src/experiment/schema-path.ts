import { z } from 'zod';
import type { FieldPath } from './yaml-file.js';

/** Fields deeper than this are not listed for suggestions. */
const MAX_DEPTH = 6;

/** Optional and default wrappers off; a union gives each of its forms. */
function unwrap(schema: unknown): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return unwrap(schema.unwrap());
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unwrap);
  return [schema as z.ZodType];
}

function children(schema: z.ZodType, segment: string | number): z.ZodType[] {
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<string, z.ZodType>;
    return Object.hasOwn(shape, segment) ? unwrap(shape[segment]) : [];
  }
  if (schema instanceof z.ZodRecord) return unwrap(schema.valueType);
  if (schema instanceof z.ZodArray) return Number.isInteger(segment) ? unwrap(schema.element) : [];
  // What a model's parameters hold, only the model knows.
  return schema instanceof z.ZodUnknown ? [schema] : [];
}

/** The schemas of the field at a path, several for a union; empty where there is no such field. */
export function schemaAt(schema: z.ZodType, path: FieldPath): z.ZodType[] {
  let found = unwrap(schema);
  for (const segment of path) found = found.flatMap((form) => children(form, segment));
  return found;
}

/** The label of the field at a path: its `title`, or undefined. */
export function titleAt(schema: z.ZodType, path: FieldPath): string | undefined {
  const parents = schemaAt(schema, path.slice(0, -1));
  const last = path[path.length - 1];
  for (const parent of parents) {
    if (!(parent instanceof z.ZodObject)) continue;
    const field = (parent.shape as Record<string, z.ZodType>)[last];
    const title = field === undefined ? undefined : titleOf(field);
    if (title) return title;
  }
  return undefined;
}

/** `describe` after `meta` keeps the title, `optional` after it does not: look inside too. */
function titleOf(schema: z.ZodType): string | undefined {
  const title = schema.meta()?.title;
  if (title) return title;
  const isWrapper = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
  return isWrapper ? titleOf(schema.unwrap() as z.ZodType) : undefined;
}

/** Every path that names a field of a file, in dots; entries of lists as `nameOf` names them. */
export function listFields(
  schema: z.ZodType,
  value: unknown,
  nameOf: (item: unknown, index: number) => string,
): string[] {
  const fields: string[] = [];
  const visit = (form: z.ZodType, at: unknown, path: string[]): void => {
    if (path.length > 0) fields.push(path.join('.'));
    if (path.length === MAX_DEPTH) return;
    if (form instanceof z.ZodObject) {
      for (const [key, field] of Object.entries(form.shape)) {
        const inner = (at as Record<string, unknown> | undefined)?.[key];
        for (const each of unwrap(field)) visit(each, inner, [...path, key]);
      }
    }
    if (form instanceof z.ZodArray && Array.isArray(at)) {
      for (const [index, item] of at.entries()) {
        for (const each of unwrap(form.element)) visit(each, item, [...path, nameOf(item, index)]);
      }
    }
  };
  for (const form of unwrap(schema)) visit(form, value, []);
  return [...new Set(fields)];
}
