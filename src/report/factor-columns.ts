import type { StudyFactor } from '../experiment/study-description.js';
import type { Column } from './column.js';

/** Path of the factor that names the placement model. */
export const PLACEMENT_PATH = 'placement';

/** A factor with the name of its column. */
export interface FactorColumn extends StudyFactor {
  column: string;
}

/** What every row of a run or a design point carries. */
export interface FactorRow {
  point: number;
  factors: Record<string, string>;
}

function snakeCase(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
}

/**
 * Names each factor's column by the shortest end of its path that no other factor and no other
 * column has: `infrastructure.rtt-scale` becomes `rtt_scale`.
 *
 * @param reserved Names of the other columns.
 */
export function nameFactorColumns(
  factors: readonly StudyFactor[],
  reserved: ReadonlySet<string>,
): FactorColumn[] {
  const endings = factors.map((factor) => {
    const parts = factor.path.split('.');
    return parts.map((_, index) => snakeCase(parts.slice(parts.length - 1 - index).join('.')));
  });
  return factors.map((factor, index) => {
    const free = endings[index].find(
      (name) =>
        !reserved.has(name) &&
        endings.every((others, other) => other === index || !others.includes(name)),
    );
    return { ...factor, column: free ?? `factor_${snakeCase(factor.path)}` };
  });
}

/** The design point's number, its factors in the order of the file and, for a run, the replication. */
export function leadingColumns<Row>(
  factors: readonly FactorColumn[],
  pointOf: (row: Row) => FactorRow,
  replicationOf?: (row: Row) => number,
): Column<Row>[] {
  const columns: Column<Row>[] = [
    {
      name: 'point',
      unit: 'number',
      meaning: 'Design point, from 1: one combination of the levels of all factors.',
      formula: '',
      value: (row) => pointOf(row).point,
    },
    ...factors.map((factor) => ({
      name: factor.column,
      unit: 'level',
      meaning: `Level of the factor ${factor.path} (${factor.label}) at this design point.`,
      formula: '',
      value: (row: Row) => pointOf(row).factors[factor.path] ?? '',
    })),
  ];
  if (replicationOf !== undefined) {
    columns.push({
      name: 'replication',
      unit: 'number',
      meaning:
        'Replication, as numbered by the experiment. The same replication of two design points sees the same users and the same jitter.',
      formula: '',
      value: replicationOf,
    });
  }
  return columns;
}

/** Byte order, so that no locale of a machine changes a file. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
