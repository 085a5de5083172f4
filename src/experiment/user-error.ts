import { distance } from 'fastest-levenshtein';
import type { FieldPath } from './yaml-file.js';

/**
 * A mistake of the user's: the message says where it is, what was given and what is allowed. It is
 * printed without a stack trace, and the exit code is 2.
 */
export class UserError extends Error {
  override name = 'UserError';
}

/**
 * A mistake in a field, found where the field's line is not known; who knows it makes a UserError of it.
 */
export class FieldError extends Error {
  override name = 'FieldError';

  constructor(
    readonly path: FieldPath,
    message: string,
  ) {
    super(message);
  }
}

/** More names than this are not listed in a message. */
const NAMES_SHOWN = 24;

/** `"x"`, cut where it is long; other values as JSON. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** The nearest of the known names; undefined where none is near. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  // A name that would have to be changed by more than half is another word, not a misspelling.
  let least = Math.max(2, Math.floor(name.length / 2)) + 1;
  for (const candidate of known) {
    const isBeginning = name.length > 2 && candidate.startsWith(name);
    const changes = isBeginning ? 1 : distance(name.toLowerCase(), candidate.toLowerCase());
    if (changes < least) {
      least = changes;
      best = candidate;
    }
  }
  return best;
}

/** `; did you mean "centralized"? (allowed: centralized, cells)`, as far as there is something to say. */
export function suggestName(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return (nearest ? `; did you mean "${nearest}"?` : '') + allowedNames(known);
}

/** ` (allowed: a, b, c)` */
export function allowedNames(known: readonly string[]): string {
  if (known.length === 0) return '';
  const shown = known.slice(0, NAMES_SHOWN);
  const more = known.length > shown.length ? `, and ${known.length - shown.length} more` : '';
  return ` (allowed: ${shown.join(', ')}${more})`;
}

/** First line of what something threw. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0];
}
