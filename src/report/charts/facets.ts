import type { Study, StudyFactor } from '../../experiment/study-description.js';
import { PLACEMENT_PATH } from '../factor-columns.js';
import { referenceLevels } from '../key-operation.js';

/** Levels of some factors: what a panel or a page shows. */
export type Levels = Record<string, string>;

/** A chart's grid of small panels. */
export interface Facets {
  /** Factor of the columns; undefined: one column. */
  columns: StudyFactor | undefined;
  rows: StudyFactor | undefined;
  /** One chart for each: the levels of the factors that have no place in the grid. */
  pages: Levels[];
}

/** Factors that vary, besides the placement and those that a chart uses otherwise. */
function freeFactors(study: Study, used: readonly (StudyFactor | undefined)[]): StudyFactor[] {
  const paths = new Set([PLACEMENT_PATH, ...used.map((factor) => factor?.path)]);
  return study.factors.filter((factor) => factor.levels.length >= 2 && !paths.has(factor.path));
}

/** More pages than this of one chart nobody reads. */
const MOST_PAGES = 12;

/**
 * First free factor to the columns, second to the rows, the rest to pages; where these are more
 * than a dozen, the rest stays at the reference levels, as the chart says.
 */
export function planFacets(study: Study, used: readonly (StudyFactor | undefined)[]): Facets {
  const [columns, rows, ...rest] = freeFactors(study, used);
  let pages: Levels[] = [{}];
  for (const factor of rest) {
    pages = pages.flatMap((page) =>
      factor.levels.map((level) => ({ ...page, [factor.path]: level })),
    );
  }
  if (pages.length > MOST_PAGES) {
    const reference = referenceLevels(study);
    pages = [Object.fromEntries(rest.map(({ path }) => [path, reference[path]]))];
  }
  return { columns, rows, pages };
}

/** Levels of a grid's axis; `[undefined]` for one without factor. */
export function levelsOf(factor: StudyFactor | undefined): (string | undefined)[] {
  return factor?.levels ?? [undefined];
}

/** Whether a design point belongs to a panel. */
export function matches(factors: Record<string, string>, levels: Levels): boolean {
  return Object.entries(levels).every(([path, level]) => factors[path] === level);
}

/** Levels of one panel of a page. */
export function panelLevels(
  facets: Facets,
  page: Levels,
  column: string | undefined,
  row: string | undefined,
): Levels {
  return {
    ...page,
    ...(facets.columns && column !== undefined && { [facets.columns.path]: column }),
    ...(facets.rows && row !== undefined && { [facets.rows.path]: row }),
  };
}

/** `computes per site 10`. */
export function levelLabel(factor: StudyFactor, level: string): string {
  return `${factor.label} ${level}`;
}

/** What is the same in the whole chart: factors with one level, and those of the page. */
export function fixedLabel(study: Study, page: Levels): string {
  return study.factors
    .filter((factor) => factor.path !== PLACEMENT_PATH)
    .filter((factor) => factor.levels.length === 1 || factor.path in page)
    .map((factor) => levelLabel(factor, page[factor.path] ?? factor.levels[0]))
    .join(', ');
}

/** Part of a file name. */
export function slug(words: string): string {
  return words
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** End of the file name of a page; empty for the only one. */
export function pageSlug(study: Study, page: Levels): string {
  return study.factors
    .filter((factor) => factor.path in page)
    .map((factor) => `-${slug(factor.path.split('.').at(-1) ?? '')}-${slug(page[factor.path])}`)
    .join('');
}
