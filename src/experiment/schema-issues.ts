import { z } from 'zod';
import { schemaAt } from './schema-path.js';
import { quote, suggestName } from './user-error.js';
import type { FieldPath } from './yaml-file.js';

/** One mistake in a file: where, and what is wrong in words. */
export interface FieldProblem {
  readonly path: FieldPath;
  /** Whether the key itself is wrong, not its value. */
  readonly isKey: boolean;
  readonly text: string;
}

/** Turns what zod found into sentences that name the value given and what is allowed. */
export function fieldProblems(
  schema: z.ZodType,
  error: z.ZodError,
  input: unknown,
): FieldProblem[] {
  return error.issues.flatMap((issue) => issueProblems(schema, issue, input, []));
}

function issueProblems(
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  input: unknown,
  above: FieldPath,
): FieldProblem[] {
  const path: FieldPath = [...above, ...(issue.path as (string | number)[])];
  if (issue.code === 'unrecognized_keys') {
    const allowed = keysAt(schema, path, valueAt(input, path));
    return issue.keys.map((key) => ({
      path: [...path, key],
      isKey: true,
      text: `unknown field${suggestName(key, allowed)}`,
    }));
  }
  if (issue.code === 'invalid_union') {
    const branch = nearestBranch(issue.errors, valueAt(input, path));
    if (branch) return branch.flatMap((inner) => issueProblems(schema, inner, input, path));
  }
  return [{ path, isKey: false, text: describe(issue, valueAt(input, path)) }];
}

/** Of a union, the form that the value was meant to have: the one whose fields it shares most. */
function nearestBranch(
  errors: z.core.$ZodIssue[][],
  value: unknown,
): z.core.$ZodIssue[] | undefined {
  const near = errors.filter(
    (issues) => issues.length > 0 && !issues.some((issue) => isOfAnotherType(issue, value)),
  );
  const misfits = (issues: z.core.$ZodIssue[]) =>
    issues.reduce((sum, issue) => sum + misfitsOf(issue, value), 0);
  return near.sort((a, b) => misfits(a) - misfits(b))[0];
}

/** Fields of the value that the form does not have, and the other way round. */
function misfitsOf(issue: z.core.$ZodIssue, value: unknown): number {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) return issue.keys.length;
  const isMissing = valueAt(value, issue.path as (string | number)[]) === undefined;
  return issue.path.length === 1 && isMissing ? 1 : 0;
}

function isOfAnotherType(issue: z.core.$ZodIssue, value: unknown): boolean {
  const isLiteral = issue.code === 'invalid_value' && typeof value !== 'string';
  return issue.path.length === 0 && (issue.code === 'invalid_type' || isLiteral);
}

function describe(issue: z.core.$ZodIssue, value: unknown): string {
  const given = quote(value);
  switch (issue.code) {
    case 'invalid_type':
      if (value === undefined) return 'is missing';
      if (issue.message.includes('has no unit')) return issue.message;
      return `${given} must be ${TYPE_NAMES[issue.expected] ?? `of type ${issue.expected}`}`;
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      return `${given} is not allowed here${suggestName(String(value), allowed)}`;
    }
    case 'too_small':
      if (issue.origin === 'array') return 'is an empty list; give at least one entry';
      if (issue.origin === 'string') return 'is empty';
      return `${given} must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
    case 'too_big':
      return `${given} must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
    case 'invalid_format':
      return `${given} ${issue.message}`;
    case 'invalid_union': {
      const isMissing = value === undefined;
      const forms = [...new Set(issue.errors.flatMap((branch) => branch.flatMap(formOf)))];
      return isMissing ? 'is missing' : `${given} must be ${forms.join(' or ')}`;
    }
    default:
      return issue.message;
  }
}

const TYPE_NAMES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
};

function formOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_type') return [TYPE_NAMES[issue.expected] ?? issue.expected];
  if (issue.code === 'invalid_value') return issue.values.map((value) => quote(value));
  return [];
}

function keysAt(schema: z.ZodType, path: FieldPath, value: unknown): string[] {
  const keys = schemaAt(schema, path).flatMap((found) =>
    found instanceof z.ZodObject ? [Object.keys(found.shape)] : [],
  );
  // Of a union of objects, the one that shares most keys with the value.
  const given = Object.keys((value ?? {}) as object);
  const shared = (names: string[]) => given.filter((name) => names.includes(name)).length;
  return keys.sort((a, b) => shared(b) - shared(a))[0] ?? [];
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: FieldPath): unknown {
  let found = value;
  for (const segment of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Object.hasOwn(found, segment)
      ? (found as Record<string | number, unknown>)[segment]
      : undefined;
  }
  return found;
}
