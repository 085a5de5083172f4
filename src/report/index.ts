export type { Study, StudyFactor } from '../experiment/study-description.js';
export { formatSummaryTable, type SummaryTableOptions } from './format-summary.js';
export { type SummaryJson, summaryAsJson } from './summary-json.js';
export { type Report, reportFiles, writeReport } from './write-report.js';
