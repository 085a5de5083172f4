import { readFileSync, statSync } from 'node:fs';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import { firstLine, UserError } from './user-error.js';

/** Larger files are not experiments; reading them would only take memory. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Aliases are allowed to repeat a setting, not to blow a small file up to a large one. */
const MAX_ALIASES = 100;

/** Keys from the top of a document to a value. */
export type FieldPath = readonly (string | number)[];

/** A parsed YAML file that still knows on which line each value stands. */
export interface YamlFile {
  /** As the user wrote it. */
  readonly file: string;
  readonly value: unknown;
  /** Line of the value at a path, from 1; where the path ends early, of what is there. */
  lineOf(path: FieldPath): number;
  /** Line of the key, not of its value. */
  lineOfKey(path: FieldPath): number;
}

/**
 * Reads a YAML file.
 * @throws UserError that names the file, and the line where there is one.
 */
export function readYamlFile(file: string): YamlFile {
  return parseYaml(file, readTextFile(file));
}

/**
 * Reads a file as UTF-8 text.
 * @throws UserError that names the file.
 */
export function readTextFile(file: string): string {
  let bytes: Uint8Array;
  try {
    const { size } = statSync(file);
    if (size > MAX_BYTES) {
      throw new UserError(`${file}: ${size} bytes; at most ${MAX_BYTES} are read`);
    }
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file}: ${readProblem(error as NodeJS.ErrnoException)}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${file}: is not text in UTF-8`);
  }
}

function readProblem(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'no such file';
  if (error.code === 'EISDIR') return 'is a folder, not a file';
  if (error.code === 'EACCES') return 'may not be read (permissions)';
  return `cannot be read: ${firstLine(error)}`;
}

/**
 * Parses YAML text.
 * @throws UserError that names the file and the line.
 */
export function parseYaml(file: string, text: string): YamlFile {
  const lineCounter = new LineCounter();
  const document = parseWithin(file, text, lineCounter);
  const lineAt = (offset: number): number => Math.max(1, lineCounter.linePos(offset).line);
  const [error] = document.errors;
  if (error) {
    throw new UserError(`${file}:${lineAt(error.pos[0])}: not valid YAML: ${firstLine(error)}`);
  }
  if (document.contents === null) throw new UserError(`${file}: is empty`);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (problem) {
    throw new UserError(`${file}: its aliases cannot be resolved: ${firstLine(problem)}`);
  }
  const lineOfNode = (node: Node | null | undefined) => lineAt(node?.range?.[0] ?? 0);
  return {
    file,
    value,
    lineOf: (path) => lineOfNode(nodeAt(document, path, false)),
    lineOfKey: (path) => lineOfNode(nodeAt(document, path, true)),
  };
}

function parseWithin(file: string, text: string, lineCounter: LineCounter): Document {
  try {
    return parseDocument(text, { lineCounter, logLevel: 'silent' });
  } catch (problem) {
    // Thousands of nested brackets end in a RangeError of the call stack.
    throw new UserError(`${file}: not valid YAML: ${firstLine(problem)}`);
  }
}

/** The node at a path, or the deepest one on the way to it. */
function nodeAt(document: Document, path: FieldPath, wantsKey: boolean): Node | null {
  let found: Node | null = document.contents;
  let node: unknown = document.contents;
  for (const [index, segment] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const { key, value } = childOf(node, segment);
    if (key === undefined && value === undefined) break;
    const isLast = index === path.length - 1;
    // A value of nothing (`key:`) may have no place of its own: its key's will do.
    const wanted = (isLast && wantsKey) || !isNode(value) ? key : value;
    if (isNode(wanted)) found = wanted;
    node = value;
  }
  return found;
}

function childOf(node: unknown, segment: string | number): { key?: unknown; value?: unknown } {
  if (isMap(node)) {
    const name = String(segment);
    const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === name);
    return pair ? { key: pair.key, value: pair.value } : {};
  }
  if (isSeq(node)) return { value: node.items[Number(segment)] };
  return {};
}
