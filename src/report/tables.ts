import type { Study } from '../experiment/study-description.js';
import type { Table } from './column.js';
import { componentsTable } from './columns-components.js';
import { failedRequestsTable } from './columns-failed-requests.js';
import { linksTable } from './columns-links.js';
import { operationsTable } from './columns-operations.js';
import { failuresTable, runsTable } from './columns-runs.js';
import { summaryTable } from './columns-summary.js';
import { type FactorColumn, nameFactorColumns } from './factor-columns.js';

/** Every table of numbers that an experiment gives, in the order of the documentation. */
export function tablesOf(factors: readonly FactorColumn[]) {
  return {
    summary: summaryTable(factors),
    operations: operationsTable(factors),
    components: componentsTable(factors),
    links: linksTable(factors),
    runs: runsTable(factors),
    failedRequests: failedRequestsTable(factors),
    failures: failuresTable(factors),
  };
}

/** The factors of a study with the names of their columns. */
export function factorColumnsOf(study: Study): FactorColumn[] {
  const tables: Table<never>[] = Object.values(tablesOf([]));
  const reserved = new Set(tables.flatMap((table) => table.columns.map((column) => column.name)));
  return nameFactorColumns(study.factors, reserved);
}
