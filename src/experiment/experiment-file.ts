import { dirname, resolve } from 'node:path';
import { parse as parseYamlValue } from 'yaml';
import { type Experiment, experimentSchema } from './experiment-schema.js';
import { FieldNameError, factorNamed, fieldLabel, fieldNamed } from './field-names.js';
import { isPath } from './registry.js';
import { type FieldProblem, fieldProblems, valueAt } from './schema-issues.js';
import { quote, suggestName, UserError } from './user-error.js';
import { type FieldPath, readYamlFile, type YamlFile } from './yaml-file.js';

/** One axis of a study. */
export interface Factor {
  /** As written, such as `infrastructure.rtt-scale`. */
  readonly name: string;
  readonly path: FieldPath;
  readonly label: string;
  readonly levels: readonly unknown[];
  /** Whether the command line fixed it. */
  readonly isSet: boolean;
}

/** An experiment file with what the command line changed in it, validated as far as its form goes. */
export interface ExperimentFile {
  readonly file: string;
  /** Folder of the file: paths in it start there. */
  readonly folder: string;
  /** As written, changes of the command line included. */
  readonly value: Record<string, unknown>;
  readonly experiment: Experiment;
  readonly factors: readonly Factor[];
  /** Names a field and its place: `study.yaml:12: field "placement"`. */
  readonly locate: (path: FieldPath, isKey?: boolean) => string;
  /** The same for one level of a factor. */
  readonly locateLevel: (factor: Factor, index: number) => string;
}

/** `path=value` of `--set`. */
export interface Override {
  readonly name: string;
  readonly value: unknown;
  /** As typed, such as `--set placement=cells`. */
  readonly text: string;
}

/** Fields that may hold a path; on the command line it starts at the working directory. */
const PATH_FIELDS = ['placement', 'placement.model', 'infrastructure.topology'];

/**
 * Reads `path=value` of `--set`; the value is YAML, so numbers, lists and mappings work.
 * @throws UserError
 */
export function parseOverride(pair: string): Override {
  const text = `--set ${pair}`;
  const equals = pair.indexOf('=');
  if (equals <= 0) throw new UserError(`${text}: write --set path=value`);
  const name = pair.slice(0, equals);
  let value: unknown;
  try {
    value = parseYamlValue(pair.slice(equals + 1), { maxAliasCount: 0 });
  } catch {
    throw new UserError(`${text}: what stands after "=" is not a YAML value`);
  }
  const isPathField = PATH_FIELDS.includes(name) && typeof value === 'string';
  return {
    name,
    value: isPathField && isPath(value as string) ? resolve(value as string) : value,
    text,
  };
}

/**
 * Reads an experiment and checks its form: fields, types, units, ranges, factors. Names of models,
 * sites and operations are looked up later.
 *
 * @throws UserError naming file, line, field, value and what is allowed.
 */
export function readExperiment(file: string, overrides: readonly Override[] = []): ExperimentFile {
  return new ExperimentReader(readYamlFile(file), overrides).read();
}

class ExperimentReader {
  private readonly value: Record<string, unknown>;
  /** Fields that --set gave, and the text that gave them. */
  private readonly set: { path: FieldPath; text: string }[] = [];
  private readonly setLevels = new Map<string, string>();
  /** Fields that only a factor gives. */
  private readonly filled: { path: FieldPath; name: string }[] = [];

  constructor(
    private readonly yaml: YamlFile,
    private readonly overrides: readonly Override[],
  ) {
    const { value, file } = yaml;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new UserError(`${file}:1: expected fields (name: value), found ${quote(value)}`);
    }
    this.value = structuredClone(value) as Record<string, unknown>;
  }

  read(): ExperimentFile {
    for (const override of this.overrides) this.apply(override);
    const paths = this.factorPaths();
    const base = this.withFirstLevels(paths);
    const experiment = this.validate(base);
    const factors = Object.entries(experiment.factors ?? {}).map(([name, levels]) =>
      this.checkFactor(base, name, paths.get(name) as FieldPath, levels),
    );
    this.checkBaseline(experiment, factors);
    const { file } = this.yaml;
    return {
      file,
      folder: dirname(resolve(file)),
      value: this.value,
      experiment,
      factors,
      locate: (path, isKey = false) => this.locate(path, isKey),
      locateLevel: (factor, index) => this.locateLevel(factor.name, index),
    };
  }

  private apply({ name, value, text }: Override): void {
    const isFactor = Object.hasOwn((this.value.factors ?? {}) as object, name);
    if (isFactor) {
      (this.value.factors as Record<string, unknown>)[name] = [value];
      this.setLevels.set(name, text);
      return;
    }
    let path: FieldPath;
    try {
      path = fieldNamed(name, this.value);
    } catch (error) {
      if (!(error instanceof FieldNameError)) throw error;
      throw new UserError(`${this.yaml.file}: ${text}: ${error.message}`);
    }
    if (path[0] === 'factors') {
      const hint = `write --set ${name.slice('factors.'.length)}=LEVEL`;
      throw new UserError(`${this.yaml.file}: ${text}: to fix a factor, ${hint}`);
    }
    setAt(this.value, path, value);
    this.set.push({ path, text });
  }

  /** The fields that the factors name, as far as the file has a mapping of them. */
  private factorPaths(): Map<string, FieldPath> {
    const { factors } = this.value;
    const paths = new Map<string, FieldPath>();
    if (typeof factors !== 'object' || factors === null) return paths;
    for (const name of Object.keys(factors)) {
      try {
        paths.set(name, factorNamed(name, this.value));
      } catch (error) {
        if (!(error instanceof FieldNameError)) throw error;
        const line = this.yaml.lineOfKey(['factors', name]);
        throw new UserError(`${this.yaml.file}:${line}: factor "${name}": ${error.message}`);
      }
    }
    return paths;
  }

  /** The file with a first level in each field that must be there and only a factor gives. */
  private withFirstLevels(paths: ReadonlyMap<string, FieldPath>): Record<string, unknown> {
    const { value } = this;
    const { error } = experimentSchema.safeParse(value);
    if (!error) return value;
    const missing = fieldProblems(experimentSchema, error, value).map(({ path }) => path);
    const filled = structuredClone(value);
    for (const [name, path] of paths) {
      const levels = (value.factors as Record<string, unknown>)[name];
      const isMissing =
        valueAt(value, path) === undefined && missing.some((at) => startsWith(path, at));
      if (!isMissing || !Array.isArray(levels) || levels.length === 0) continue;
      setAt(filled, path, levels[0]);
      this.filled.push({ path, name });
    }
    return filled;
  }

  private validate(value: unknown, place?: string): Experiment {
    const parsed = experimentSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    const problems = fieldProblems(experimentSchema, parsed.error, value);
    throw new UserError(this.describe(firstInFile(this.yaml, problems), place));
  }

  private describe({ path, isKey, text }: FieldProblem, place?: string): string {
    if (place !== undefined) return `${place}: ${text}`;
    const where = this.locate(path, isKey);
    return path.length === 0 ? `${this.yaml.file}:1: ${text}` : `${where}: ${text}`;
  }

  private locate(path: FieldPath, isKey: boolean): string {
    const { file } = this.yaml;
    const factor = this.filled.find((each) => startsWith(path, each.path));
    if (factor) return this.locateLevel(factor.name, 0);
    const given = this.set.filter((set) => startsWith(path, set.path)).pop();
    if (given) return `${file}: ${given.text}: field "${path.join('.')}"`;
    const line = isKey ? this.yaml.lineOfKey(path) : this.yaml.lineOf(path);
    return `${file}:${line}: field "${path.join('.')}"`;
  }

  private locateLevel(name: string, index: number): string {
    const { file } = this.yaml;
    const given = this.setLevels.get(name);
    if (given !== undefined) return `${file}: ${given}`;
    return `${file}:${this.yaml.lineOf(['factors', name, index])}: factor "${name}"`;
  }

  /** Puts each level in the field's place and validates it there: the rest is right already. */
  private checkFactor(
    base: Record<string, unknown>,
    name: string,
    path: FieldPath,
    levels: readonly unknown[],
  ): Factor {
    for (const [index, level] of levels.entries()) {
      const changed = structuredClone(base);
      setAt(changed, path, level);
      this.validate(changed, this.locateLevel(name, index));
    }
    const isSet = this.setLevels.has(name);
    return { name, path, label: fieldLabel(name, path), levels, isSet };
  }

  private checkBaseline({ baseline }: Experiment, factors: readonly Factor[]): void {
    const names = factors.map((factor) => factor.name);
    for (const name of Object.keys(baseline ?? {})) {
      if (names.includes(name)) continue;
      const where = this.locate(['baseline', name], true);
      throw new UserError(`${where}: is not a factor of this study${suggestName(name, names)}`);
    }
  }
}

/** The first in the order of lines, so that a mistake at the top comes before what follows from it. */
function firstInFile(yaml: YamlFile, problems: readonly FieldProblem[]): FieldProblem {
  const line = ({ path, isKey }: FieldProblem) =>
    isKey ? yaml.lineOfKey(path) : yaml.lineOf(path);
  return [...problems].sort((a, b) => line(a) - line(b))[0];
}

function startsWith(path: FieldPath, start: FieldPath): boolean {
  return start.every((segment, index) => path[index] === segment);
}

/**
 * Sets a field, making the mappings on the way. A placement that is only a name becomes one with
 * parameters when a parameter is set.
 */
export function setAt(value: Record<string, unknown>, path: FieldPath, to: unknown): void {
  let at = value as Record<string | number, unknown>;
  for (const segment of path.slice(0, -1)) {
    const next = at[segment];
    if (segment === 'placement' && typeof next === 'string') at[segment] = { model: next };
    else if (typeof next !== 'object' || next === null) at[segment] = {};
    at = at[segment] as Record<string | number, unknown>;
  }
  at[path[path.length - 1]] = to;
}
