/** A cell of a table in the terminal. */
export interface TextCell {
  text: string;
  colour?: keyof typeof ANSI;
}

const ANSI = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 } as const;

/** The text in a colour where colours are wanted. */
export function paint(text: string, colour: TextCell['colour'], useColour: boolean): string {
  return useColour && colour !== undefined ? `\u001b[${ANSI[colour]}m${text}\u001b[0m` : text;
}

/** Columns that stay together, with their headings above the columns' own. */
export interface ColumnGroup {
  /** Lines above the group; empty for none. */
  heading: string;
  /** Heading of each column. */
  columns: string[];
  /** Rows of cells, as many cells as columns. */
  rows: TextCell[][];
}

const GAP = '  ';

/** Without the columns that are empty in every row. */
function withoutEmptyColumns(group: ColumnGroup): ColumnGroup {
  const kept = group.columns
    .map((_, index) => index)
    .filter((index) => group.rows.some((row) => row[index].text !== ''));
  return {
    heading: group.heading,
    columns: kept.map((index) => group.columns[index]),
    rows: group.rows.map((row) => kept.map((index) => row[index])),
  };
}

function columnWidths(group: ColumnGroup): number[] {
  const widths = group.columns.map((heading, index) =>
    Math.max(heading.length, ...group.rows.map((row) => row[index].text.length)),
  );
  const total = widths.reduce((sum, width) => sum + width, 0) + widths.length - 1;
  widths[0] += Math.max(0, group.heading.length - total);
  return widths;
}

function groupWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + widths.length - 1;
}

/** As many groups side by side as fit the width, at least one. */
function packGroups(groups: readonly ColumnGroup[], room: number): ColumnGroup[][] {
  const blocks: ColumnGroup[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const group of groups) {
    const needed = groupWidth(columnWidths(group)) + GAP.length;
    if (used + needed > room) {
      blocks.push([]);
      used = 0;
    }
    blocks[blocks.length - 1].push(group);
    used += needed;
  }
  return blocks;
}

function blockLines(labels: readonly string[], block: readonly ColumnGroup[], useColour: boolean) {
  const labelWidth = Math.max(0, ...labels.map((label) => label.length));
  const widths = block.map(columnWidths);
  const line = (label: string, cells: readonly string[]) =>
    [label.padEnd(labelWidth), ...cells].join(GAP).trimEnd();
  const lines: string[] = [];
  if (block.some((group) => group.heading !== '')) {
    const cells = block.map((group, index) => group.heading.padStart(groupWidth(widths[index])));
    lines.push(paint(line('', cells), 'bold', useColour));
  }
  if (block.some((group) => group.columns.some((heading) => heading !== ''))) {
    const cells = block.map((group, index) =>
      group.columns.map((heading, column) => heading.padStart(widths[index][column])).join(' '),
    );
    lines.push(paint(line('', cells), 'dim', useColour));
  }
  labels.forEach((label, row) => {
    const cells = block.map((group, index) =>
      group.rows[row]
        .map(({ text, colour }, column) =>
          paint(text.padStart(widths[index][column]), colour, useColour),
        )
        .join(' '),
    );
    lines.push(line(label, cells));
  });
  return lines;
}

/**
 * Lines of a table: row labels at the left, groups of right-aligned columns beside them; groups
 * that do not fit the width follow below, with the labels again.
 */
export function textTable(
  labels: readonly string[],
  groups: readonly ColumnGroup[],
  options: { width: number; colour: boolean },
): string[] {
  const labelWidth = Math.max(0, ...labels.map((label) => label.length));
  const full = groups.map(withoutEmptyColumns);
  return packGroups(full, options.width - labelWidth).flatMap((block, index) => [
    ...(index > 0 ? [''] : []),
    ...blockLines(labels, block, options.colour),
  ]);
}

/** Words in lines of at most `width` letters; the second and later ones are indented. */
export function wrapWords(words: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(lines.length === 0 ? word : indent + word);
    }
  }
  return lines;
}
