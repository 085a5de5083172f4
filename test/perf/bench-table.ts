import type { BenchRow } from './bench-case.js';

/** Rows as plain text in columns, a blank line between groups. */
export function formatTable(rows: BenchRow[]): string {
  const header = ['case', 'events', 'CPU s', 'million/s', 'ns each', 'ratio', 'to', 'peer CPU s'];
  const body = rows.map((row) => [
    row.name,
    String(row.events),
    row.cpu_s.toFixed(3),
    (row.rate_per_s / 1e6).toFixed(2),
    (1e9 / row.rate_per_s).toFixed(1),
    row.ratio.toFixed(2),
    row.ratio_to === row.name ? '' : row.ratio_to,
    row.peer_cpu_s === null ? '' : `${row.peer_cpu_s.toFixed(3)} ${row.peer}`,
  ]);
  const isText = [true, false, false, false, false, false, true, true];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => cells[column].length)),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => (isText[i] ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd();
  const lines = [line(header), widths.map((width) => '-'.repeat(width)).join('  ')];
  for (let i = 0; i < rows.length; i++) {
    if (i > 0 && rows[i].group !== rows[i - 1].group) lines.push('');
    lines.push(line(body[i]));
  }
  const notes = rows.flatMap(({ name, figures }) =>
    Object.entries(figures).map(([figure, value]) => `${name}: ${figure} ${formatFigure(value)}`),
  );
  if (notes.length > 0) lines.push('', ...notes);
  return `${lines.join('\n')}\n`;
}

function formatFigure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
