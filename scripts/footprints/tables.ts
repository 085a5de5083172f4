import { comparedCounts, comparedSlopes } from './compare.js';
import { fitCpu } from './fit-cpu.js';
import type { Footprints } from './load-footprints.js';
import { cpuRows } from './measured-cpu.js';
import { cpuMsOf } from './recipe-counts.js';

/** Rows of a Markdown table. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function countTable(footprints: Footprints): string {
  const compared = comparedCounts(footprints);
  const pair = ([measured, recipe]: readonly [number, number]) =>
    measured === 0 && recipe === 0 ? '' : `${measured} / ${recipe}`;
  return table(
    ['operation', 'trace', ...compared[0].figures.map(([name]) => name)],
    compared.map(({ operation, trace, figures }) => [
      operation,
      trace,
      ...figures.map(([, measured, recipe]) => pair([measured, recipe])),
    ]),
  );
}

function slopeTable(footprints: Footprints): string {
  return table(
    ['beyond the WAN', 'operation', 'until', 'servers on the host', 'measured × RTT', 'recipe'],
    comparedSlopes(footprints).map((row) => [
      row.part,
      row.operation,
      row.milestone,
      String(row.serversOnHost),
      row.lowest === row.highest ? String(row.lowest) : `${row.lowest} to ${row.highest}`,
      String(row.recipe),
    ]),
  );
}

function constantsTable(footprints: Footprints): string {
  const { common, services } = fitCpu(footprints, cpuRows(footprints));
  const cells = (name: string, constants: typeof common) => [
    name,
    ...Object.values(constants).map((ms) => String(ms)),
  ];
  return table(
    ['service', 'a request', 'an SQL round trip', 'an RPC sent', 'a REST call sent'],
    [
      ...[...services].map(([name, constants]) => cells(name, constants)),
      cells('all in common', common),
    ],
  );
}

function cpuTable(footprints: Footprints): string {
  return table(
    ['service', 'operation', 'measured, ms', 'recipe, ms'],
    cpuRows(footprints)
      .toSorted((a, b) => a.service.localeCompare(b.service, 'en'))
      .map(({ what, service, measuredMs, work }) => [
        service,
        what,
        measuredMs.toFixed(1),
        cpuMsOf(footprints, service, work).toFixed(1),
      ]),
  );
}

/** The generated tables of docs/models/footprints.md, by the name in their markers. */
export function generatedTables(footprints: Footprints): ReadonlyMap<string, string> {
  return new Map([
    ['counts', countTable(footprints)],
    ['round trips', slopeTable(footprints)],
    ['cpu constants', constantsTable(footprints)],
    ['cpu', cpuTable(footprints)],
  ]);
}

/** The page with what stands between each pair of markers replaced. Throws where a marker is missing. */
export function withTables(page: string, tables: ReadonlyMap<string, string>): string {
  let text = page;
  for (const [name, content] of tables) {
    const begin = `<!-- ${name}: made by scripts/footprints -->\n`;
    const end = '<!-- end -->';
    const from = text.indexOf(begin);
    const to = text.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`the page has no place for the table "${name}"`);
    text = `${text.slice(0, from + begin.length)}\n${content}\n\n${text.slice(to)}`;
  }
  return text;
}
