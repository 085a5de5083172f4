import Table from 'cli-table3';

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};

/** Aligned columns without lines or colours; the first `leftColumns` to the left, the others to the right. */
export function plainTable(
  head: readonly string[],
  leftColumns: number,
  rows: readonly (readonly string[])[],
): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, i) => (i < leftColumns ? 'left' : 'right')),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

/** Five significant digits, more than any measurement here has; empty where there is no value. */
export function fiveDigits(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(5))) : '';
}
