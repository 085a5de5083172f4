import type { Figure, FigureFamily, FigureRow } from '../figure.js';
import { type RowReading, readRows } from '../read-rows.js';
import { numberIn, rowId } from '../row-columns.js';
import { ombtRow, threadsRow } from './message-bus-row.js';

function readingOf(row: FigureRow): RowReading | string {
  const reading = /^MDR-/.test(rowId(row)) ? ombtRow(row) : threadsRow(row);
  if (typeof reading === 'string') return reading;
  const measured = numberIn(row, 'value');
  if (Number.isNaN(measured)) return 'the value is no number';
  const { probe, parameters, read, isCalibration } = reading;
  const { system = '', metric = '', unit = '', x_name = '', x_value = '' } = row.columns;
  const figure: Figure = {
    family: 'message-buses',
    id: rowId(row),
    metric: `${system}: ${metric}, ${x_name} ${x_value}`,
    unit,
    measured,
    spread: Number.NaN,
    role: isCalibration ? 'calibration' : 'judgement',
    alternatives: `message-buses ${rowId(row).split('-')[0]} ${metric.replace(/ (of the|per|of one) (broker|router)/, '')} ${x_name} ${x_name === 'topology' ? '' : x_value}`,
    scenario: `${probe}: ${JSON.stringify(parameters)}`,
    read,
    note: '',
  };
  return { figures: [figure], setUp: { probe, parameters }, replications: 1 };
}

/** Message buses under benchmarks of oslo.messaging, as performance-docs published them. */
export const messageBuses: FigureFamily = {
  name: 'message-buses',
  sources: ['figures'],
  idPrefixes: ['MDR-', 'MQ-'],
  split:
    'Of threads, calls and casts at 50 and 500 on plain queues (rates, latencies of calls, cores of nodes; the part of the kernel from calls with client and server on one node, moved here after the first run since a constant rests on them), the best mirrored calls and casts, ZeroMQ at 10 and from 170; of ombt, 1000 clients on one broker, memory and connections also with the most, cores also of three brokers with 8000, casts of 1000.',
  read: (rows) => readRows(rows, readingOf),
};
