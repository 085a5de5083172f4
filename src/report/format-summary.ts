import type { RunFailure, RunResult } from '../experiment/results.js';
import type { Study, StudyFactor } from '../experiment/study-description.js';
import { PLACEMENT_PATH } from './factor-columns.js';
import { findings } from './findings.js';
import {
  columnFactor,
  keyOperation,
  type OperationName,
  operationLabel,
  referenceLevels,
  rowsOf,
  variedFactors,
} from './key-operation.js';
import { isClear, shortMs, shortPercent } from './numbers.js';
import { baselineFactors, type SummaryRow, summarise } from './summary.js';
import { type ColumnGroup, paint, type TextCell, textTable, wrapWords } from './text-table.js';

export interface SummaryTableOptions {
  /** Columns of the terminal. Default 100. */
  width?: number;
  /** ANSI colours. Default false: plain text. */
  colour?: boolean;
}

type Options = Required<SummaryTableOptions>;

function isSaturated(row: SummaryRow): boolean {
  return row.saturatedShare > 0;
}

/** Mean, with `!` where some requests failed, and its interval; `sat.` where there can be none. */
function meanCells(row: SummaryRow | undefined): TextCell[] {
  if (row === undefined) return [{ text: 'no run', colour: 'red' }, { text: '' }];
  const { mean, halfWidth } = row.mean.value;
  const spread = Number.isFinite(halfWidth) ? `±${shortMs(halfWidth, mean)}` : '';
  const second: TextCell = isSaturated(row) ? { text: 'sat.', colour: 'yellow' } : { text: spread };
  if (!Number.isFinite(mean)) return [{ text: 'none ok', colour: 'red' }, second];
  const failed = row.failed > 0 ? '!' : '';
  return [{ text: shortMs(mean) + failed, colour: failed === '' ? undefined : 'red' }, second];
}

/** Difference to the baseline in per cent, or `≈` where the interval holds zero. */
function differenceCell(row: SummaryRow | undefined, baseline: SummaryRow | undefined): TextCell {
  if (row === undefined || baseline === undefined) return { text: '' };
  if (row.isBaseline) return { text: 'base', colour: 'dim' };
  if (isSaturated(row) || isSaturated(baseline)) return { text: '' };
  const { difference, percent } = row.mean;
  if (!Number.isFinite(percent.mean)) return { text: '' };
  if (isClear(difference) === false) return { text: '≈' };
  return { text: shortPercent(percent.mean), colour: percent.mean < 0 ? 'green' : 'red' };
}

function p95Cell(row: SummaryRow | undefined): TextCell {
  const known = row !== undefined && Number.isFinite(row.p95.value.mean) && !isSaturated(row);
  return { text: known ? shortMs(row.p95.value.mean) : '' };
}

function placementsOf(study: Study): (string | undefined)[] {
  return study.factors.find((factor) => factor.path === PLACEMENT_PATH)?.levels ?? [undefined];
}

function findRow(
  rows: readonly SummaryRow[],
  placement: string | undefined,
  levels: Record<string, string>,
): SummaryRow | undefined {
  const wanted = { ...levels, ...(placement !== undefined && { [PLACEMENT_PATH]: placement }) };
  return rows.find((row) =>
    Object.entries(wanted).every(([path, level]) => row.factors[path] === level),
  );
}

function baselineOf(
  rows: readonly SummaryRow[],
  study: Study,
  row: SummaryRow,
): SummaryRow | undefined {
  return findRow(rows, undefined, baselineFactors(study, row.factors));
}

/** Every combination of the levels of some factors. */
function combinations(factors: readonly StudyFactor[]): Record<string, string>[] {
  let all: Record<string, string>[] = [{}];
  for (const factor of factors) {
    all = all.flatMap((one) => factor.levels.map((level) => ({ ...one, [factor.path]: level })));
  }
  return all;
}

/** More blocks than this of one table nobody reads. */
const MOST_BLOCKS = 9;

/** Every combination of the factors; of many, only those of the first, the rest at the reference. */
function shownBlocks(study: Study, factors: readonly StudyFactor[]): Record<string, string>[] {
  const all = combinations(factors);
  if (all.length <= MOST_BLOCKS) return all;
  const reference = referenceLevels(study);
  const rest = factors.slice(1);
  const shown = all.filter((one) => rest.every(({ path }) => one[path] === reference[path]));
  return shown.length <= MOST_BLOCKS
    ? shown
    : shown.filter((one) => one[factors[0].path] === reference[factors[0].path]);
}

function placeWords(study: Study, levels: Record<string, string>): string {
  return variedFactors(study)
    .filter((factor) => factor.path in levels)
    .map((factor) => `${factor.label} ${levels[factor.path]}`)
    .join(', ');
}

function titleLines(words: string, { width, colour }: Options): string[] {
  return wrapWords(words, width, '').map((line) => paint(line, 'bold', colour));
}

/** The key operation at every design point: a block for each level of the other factors. */
function keyTable(
  study: Study,
  rows: readonly SummaryRow[],
  name: OperationName,
  options: Options,
): string[] {
  const own = rowsOf(rows, name);
  const columns = columnFactor(study);
  const others = variedFactors(study).filter((factor) => factor !== columns);
  const compares = own.some((row) => Number.isFinite(row.mean.difference.mean));
  const headings = ['mean', '±', 'p95', ...(compares ? ['diff'] : [])];
  const placements = placementsOf(study);
  const labels = placements.map((placement) => `  ${placement ?? ''}`);
  return shownBlocks(study, others).flatMap((block) => {
    const groups: ColumnGroup[] = (columns?.levels ?? [undefined]).map((level) => ({
      heading: columns && level !== undefined ? `${columns.label} ${level}` : '',
      columns: headings,
      rows: placements.map((placement) => {
        const levels = { ...block, ...(columns && level && { [columns.path]: level }) };
        const row = findRow(own, placement, levels);
        const cells = [...meanCells(row), p95Cell(row)];
        return compares
          ? [...cells, differenceCell(row, row && baselineOf(own, study, row))]
          : cells;
      }),
    }));
    const words = placeWords(study, block);
    const title = words === '' ? [] : titleLines(words, options);
    return [...title, ...textTable(labels, groups, options), ''];
  });
}

/** Every operation at the reference levels, a column for each placement. */
function overviewTable(study: Study, rows: readonly SummaryRow[], options: Options): string[] {
  const reference = referenceLevels(study);
  const names = new Map(rows.map((row) => [operationLabel(row), row]));
  const labels = [...names.keys()].map((label) => `  ${label}`);
  const groups: ColumnGroup[] = placementsOf(study).map((placement) => ({
    heading: placement ?? '',
    columns: ['mean', '±'],
    rows: [...names.values()].map((name) =>
      meanCells(findRow(rowsOf(rows, name), placement, reference)),
    ),
  }));
  const place = placeWords(study, reference);
  const title = `All operations${place === '' ? '' : ` at ${place}`}: mean ms ± 95 % interval`;
  return [...titleLines(title, options), ...textTable(labels, groups, options), ''];
}

function legendLines(study: Study, rows: readonly SummaryRow[], options: Options): string[] {
  const parts: string[] = [];
  const baseline = study.baseline[PLACEMENT_PATH] ?? Object.values(study.baseline).join(', ');
  if (rows.some((row) => Number.isFinite(row.mean.difference.mean))) {
    parts.push(`diff: paired difference of the mean to ${baseline}; ≈ no clear one.`);
  }
  const columns = columnFactor(study);
  const others = variedFactors(study).filter((factor) => factor !== columns);
  if (shownBlocks(study, others).length < combinations(others).length) {
    parts.push('More combinations of levels are in summary.csv.');
  }
  if (rows.some(isSaturated)) {
    parts.push(
      'sat.: saturated; queues still grew at the end, so the mean depends on the duration.',
    );
  }
  if (rows.some((row) => row.failed > 0)) parts.push('! some requests failed.');
  if (rows.length > 0 && rows.every((row) => row.replications < 2)) {
    parts.push('One replication: no intervals.');
  }
  const lines = parts.flatMap((words) => wrapWords(words, options.width, '  '));
  return [
    ...lines.map((line) => paint(line, 'dim', options.colour)),
    ...(lines.length ? [''] : []),
  ];
}

/**
 * What a user reads in the terminal after a run: the answer in a few sentences, the key operation
 * at every design point, all operations at the reference levels. Ends with a line feed.
 */
export function formatSummaryTable(
  study: Study,
  results: readonly RunResult[],
  failures: readonly RunFailure[],
  { width = 100, colour = false }: SummaryTableOptions = {},
): string {
  const options = { width, colour };
  const rows = summarise(study, results, failures);
  const heading = study.question === '' ? study.name : `${study.name}: ${study.question}`;
  const lines = [...titleLines(heading, options), ''];
  const name = keyOperation(rows);
  if (name !== undefined) {
    const title = `${operationLabel(name)}: mean ms ± 95 % interval, 95th percentile`;
    lines.push(
      ...titleLines(title, options),
      ...keyTable(study, rows, name, options),
      ...overviewTable(study, rows, options),
      ...legendLines(study, rows, options),
    );
  }
  for (const sentence of findings(study, rows, failures, results)) {
    lines.push(...wrapWords(`- ${sentence}`, width, '  '));
  }
  return `${lines.join('\n')}\n`;
}
